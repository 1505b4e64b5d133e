// What becomes of fetched files: codec kept, tags and cover read back by others, loudness untouched, a full disk.
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, onTestFinished} from 'vitest'
import {installCrate, temporaryFolder} from '../support/crate.js'
import {send, soundOf, startMusicService} from '../support/music-service.js'
import {itWith} from '../support/tools.js'

/** What mutagen reads: [artist, title, link, bytes of the cover]. */
const READ_TAGS = `
import json, sys, mutagen
from mutagen.flac import Picture
import base64
f = mutagen.File(sys.argv[1])
t = f.tags
kind = type(f).__name__
if kind == 'MP4':
    out = [t['\\xa9ART'][0], t['\\xa9nam'][0], bytes(t['----:com.apple.iTunes:PURL'][0]).decode(), len(t['covr'][0])]
elif kind == 'FLAC':
    out = [t['artist'][0], t['title'][0], t['purl'][0], len(f.pictures[0].data) if f.pictures else 0]
elif kind in ('OggOpus', 'OggVorbis'):
    pictures = [base64.b64decode(p) for p in t.get('metadata_block_picture', [])]
    out = [t['artist'][0], t['title'][0], t['purl'][0], len(Picture(pictures[0]).data) if pictures else 0]
else:
    out = [str(t['TPE1']), str(t['TIT2']), t['WOAS'].url, len(t.getall('APIC')[0].data)]
print(json.dumps(out))`

const SOURCES = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '192k', '-f', 'mp3'],
  webm: ['-c:a', 'libopus', '-b:a', '128k', '-f', 'webm'],
  m4a: ['-c:a', 'aac', '-b:a', '128k', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4'],
  wav: ['-c:a', 'pcm_s16le', '-f', 'wav'],
} as const

/** MD5 of the decoded samples, or of the coded packets with `copy`. */
const md5Of = (path: string, codec: 'pcm_s16le' | 'copy') =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:a:0', '-c:a', codec, '-f', 'md5', '-'], {
    encoding: 'utf8',
  }).trim()

describe('crate download', () => {
  itWith(
    'yt-dlp',
    'ffmpeg',
    'python3',
  )('keeps codec and sound, and writes tags and cover that other programs read', async () => {
    const crate = installCrate()
    const service = await startMusicService()
    const work = temporaryFolder()
    writeFileSync(join(work, 'in.wav'), soundOf('sound', 5))
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'color=red:s=64x64',
      '-frames:v',
      '1',
      join(work, 'cover.jpg'),
    ])
    const cover = readFileSync(join(work, 'cover.jpg'))
    service.pages.set('/cover.jpg', (_request, response) => send(response, 200, 'image/jpeg', cover))
    const links = Object.entries(SOURCES).map(([extension, encoder], index) => {
      const path = join(work, `source.${extension}`)
      // Different lengths are different audio, so that none is taken for a copy of another.
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-i',
        join(work, 'in.wav'),
        '-t',
        String(4 + 0.2 * index),
        '-map_metadata',
        '-1',
        ...encoder,
        path,
      ])
      service.pages.set(`/${extension}-sound`, (_request, response) =>
        send(response, 200, 'audio/x', readFileSync(path)),
      )
      const extra = {
        url: `${service.url}/${extension}-sound`,
        ext: extension,
        duration: 4,
        thumbnail: `${service.url}/cover.jpg`,
      }
      service.tracks.set(extension, {
        id: extension,
        title: `Ärtist – ${extension} Söng (Someone Remix) [Official Video]`,
        extra,
      })
      return `${service.url}/track/${extension}`
    })
    const to = join(crate.home, 'kept')
    const run = await crate.start(['download', ...links, '--to', to, '--json'], service.env).done
    expect(run.status, run.stderr + run.stdout).toBe(0)
    const extensions = {mp3: 'mp3', webm: 'opus', m4a: 'm4a', wav: 'wav'} as const
    for (const [source, extension] of Object.entries(extensions)) {
      const path = join(to, `Ärtist - ${source} Söng (Someone Remix).${extension}`)
      const tags = JSON.parse(
        execFileSync('/usr/bin/python3', ['-c', READ_TAGS, path], {encoding: 'utf8'}),
      ) as unknown[]
      expect(tags, source).toEqual([
        'Ärtist',
        `${source} Söng (Someone Remix)`,
        `${service.url}/track/${source}`,
        cover.length,
      ])
      expect(md5Of(path, 'copy'), `${source} is not encoded again`).toBe(md5Of(join(work, `source.${source}`), 'copy'))
    }

    const converted = join(crate.home, 'converted')
    const again = await crate.start(
      [
        'download',
        links[3] ?? '',
        '--to',
        converted,
        '--format',
        'flac',
        '--json',
        '--library',
        join(crate.home, 'other'),
      ],
      service.env,
    ).done
    expect(again.status, again.stderr + again.stdout).toBe(0)
    const flac = readdirSync(converted).find((name) => name.endsWith('.flac')) ?? ''
    const flacTags = execFileSync('/usr/bin/python3', ['-c', READ_TAGS, join(converted, flac)], {encoding: 'utf8'})
    expect(JSON.parse(flacTags), 'its cover is a picture block').toMatchObject({3: cover.length})
    expect(md5Of(join(converted, flac), 'pcm_s16le'), 'not a sample is changed').toBe(
      md5Of(join(work, 'source.wav'), 'pcm_s16le'),
    )
  })

  itWith(
    'yt-dlp',
    'mount',
    'umount',
  )('says that the disk is full, leaves nothing half, and goes on when there is room', async () => {
    const crate = installCrate()
    const service = await startMusicService()
    const ids = Array.from({length: 6}, (_, n) => `t${n}`)
    for (const id of ids) service.tracks.set(id, {id, title: `Artist - ${id}`, seconds: 10})
    const disk = temporaryFolder('crate-disk-')
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', disk])
    if (mounted.status !== 0) {
      if (process.env['CI']) throw new Error(`cannot mount a small disk: ${mounted.stderr.toString()}`)
      return
    }
    onTestFinished(() => void spawnSync('umount', ['-l', disk]))
    const to = join(disk, 'music')
    mkdirSync(to)
    const args = ['download', ...ids.map((id) => `${service.url}/track/${id}`), '--to', to, '--jobs', '1', '--json']
    const full = await crate.start(args, service.env).done
    expect(full.status).toBe(1)
    expect(full.json()).toMatchObject({error: {code: 'DISK_FULL'}})
    const bytes = soundOf('t0', 10).length
    const wavs = () => readdirSync(to).filter((name) => name.endsWith('.wav'))
    expect(wavs().length).toBeGreaterThan(0)
    for (const name of wavs()) expect(readFileSync(join(to, name)).length).toBeGreaterThanOrEqual(bytes)
    spawnSync('mount', ['-o', 'remount,size=64m', disk])
    const after = await crate.start(args, service.env).done
    expect(after.status, after.stdout).toBe(0)
    expect(wavs()).toHaveLength(6)
  })
})

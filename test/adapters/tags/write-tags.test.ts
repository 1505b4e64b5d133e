import {copyFileSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, extname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import {afterAll, describe, expect, it} from 'vitest'
import {identifyAudioFile} from '../../../src/adapters/audio/read-audio.js'
import {readCover, readTags} from '../../../src/adapters/tags/read-tags.js'
import {writeTags} from '../../../src/adapters/tags/write-tags.js'
import {hasMutagen, hasTool, PYTHON, runTool} from '../tools.js'

const folder = mkdtempSync(join(tmpdir(), 'crate-write-tags-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))
const music = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), 'fixtures', 'music')

const FIXTURES = [
  'Ines Calder - Paper Lanterns.wav',
  'Марина Заречная - Ночной поезд.aiff',
  '青木ハル - 夜明けの線路.flac',
  'Tomás Albarrán - Azotea (Extended Mix).mp3',
  'Kessel & Rohr - Schichtwechsel.mp3',
  'Delroy Finch - Platform Nine.ogg',
  'Halvorsen & Mei - Glasshouse.m4a',
  'Odell Quartermain - Corner Store Sunday.m4a',
]

const fresh = (name: string, use: string) => {
  const path = join(folder, `${use}${FIXTURES.indexOf(name)}${extname(name)}`)
  copyFileSync(join(music, name), path)
  return path
}

const NEW_TAGS = {
  title: 'Přes řeku',
  artist: 'Ночная Смена & 電気',
  album: 'Live à Évry',
  albumArtist: 'Various',
  genre: 'Tech House',
  comment: 'peak time, C. 8A',
  label: 'Třída Records',
  remixer: 'Ola',
  composer: 'J. S.',
  grouping: 'Warm-up',
  mix: 'Dub Mix',
  catalogNumber: 'TR 007',
  isrc: 'CZA012300001',
  producer: 'P. R.',
  key: 'F#m',
  year: 2024,
  trackNumber: 3,
  trackTotal: 12,
  discNumber: 2,
} as const

describe('writeTags', () => {
  it.each(FIXTURES)('writes what readTags gives back in %s, and keeps cover and audio', async (name) => {
    const path = fresh(name, 'all')
    const before = await identifyAudioFile(path)
    const cover = await readCover(path)
    await writeTags(path, {...NEW_TAGS, tempoBpm: name.endsWith('.m4a') ? 127 : 127.53})
    const {tags} = await readTags(path)
    expect(tags).toMatchObject({...NEW_TAGS, tempoBpm: name.endsWith('.m4a') ? 127 : 127.53})
    expect((await identifyAudioFile(path)).audioHash).toBe(before.audioHash)
    expect(Buffer.from((await readCover(path))?.bytes ?? []).equals(Buffer.from(cover?.bytes ?? []))).toBe(true)
  })

  it.each(FIXTURES)('removes a tag and leaves the others in %s', async (name) => {
    const path = fresh(name, 'remove')
    const before = (await readTags(path)).tags
    await writeTags(path, {title: null, genre: null})
    const {tags} = await readTags(path)
    expect(tags).toMatchObject({...before, title: null, genre: null})
  })

  it('keeps the number of tracks when only the number of the track changes', async () => {
    for (const name of FIXTURES.slice(3)) {
      const path = fresh(name, 'numbers')
      await writeTags(path, {trackNumber: 1, trackTotal: 9})
      await writeTags(path, {trackNumber: 2})
      expect((await readTags(path)).tags).toMatchObject({trackNumber: 2, trackTotal: 9})
    }
  })

  it('carries any text through, in any order of edits', {timeout: 120_000}, async () => {
    const text = fc
      .string({unit: 'grapheme', minLength: 1, maxLength: 60})
      .map((value) => value.replace(/[\0\s]+/g, ' ').trim())
    const edit = fc.record({
      title: fc.option(text.filter((value) => value !== '')),
      artist: fc.option(text.filter((value) => value !== '')),
      comment: fc.option(text.filter((value) => value !== '')),
      label: fc.option(text.filter((value) => value !== '')),
    })
    for (const name of [FIXTURES[3] ?? '', FIXTURES[5] ?? '', FIXTURES[6] ?? '', FIXTURES[7] ?? '']) {
      const path = fresh(name, 'random')
      const {audioHash} = await identifyAudioFile(path)
      await fc.assert(
        fc.asyncProperty(edit, async (tags) => {
          await writeTags(path, tags)
          expect((await readTags(path)).tags).toMatchObject(tags)
        }),
        {numRuns: 12, seed: 4},
      )
      expect((await identifyAudioFile(path)).audioHash).toBe(audioHash)
    }
  })

  it.skipIf(!hasTool('kid3-cli'))('writes what Kid3 reads', () => {
    return Promise.all(
      FIXTURES.map(async (name) => {
        const path = fresh(name, 'kid3')
        await writeTags(path, {title: 'Přes řeku', artist: '電気', album: 'Évry'})
        const get = (field: string) => runTool('kid3-cli', '-c', `get ${field} 2`, path).trim()
        expect([get('title'), get('artist'), get('album')], name).toEqual(['Přes řeku', '電気', 'Évry'])
      }),
    )
  })

  it.skipIf(!hasTool('ffprobe'))('writes what ffprobe reads', async () => {
    for (const name of FIXTURES) {
      const path = fresh(name, 'ffprobe')
      await writeTags(path, {title: 'Přes řeku'})
      const {format, streams} = JSON.parse(
        runTool('ffprobe', '-v', 'error', '-show_format', '-show_streams', '-of', 'json', path),
      )
      const titles = [format.tags, streams[0].tags].flatMap((tags) => Object.entries(tags ?? {}))
      expect(
        titles.filter(([key]) => key.toLowerCase() === 'title').map(([, value]) => value),
        name,
      ).toContain('Přes řeku')
    }
  })
})

describe('identifyAudioFile', () => {
  it.skipIf(!hasTool('kid3-cli'))('knows a track again after Kid3 has retagged it', async () => {
    for (const name of FIXTURES) {
      const path = fresh(name, 'retag-kid3')
      const {audioHash} = await identifyAudioFile(path)
      const size = readFileSync(path).length
      const longComment = 'A rather long comment that no padding holds. '.repeat(400)
      runTool('kid3-cli', '-c', 'set title "Another name" 2', '-c', `set comment "${longComment}" 2`, path)
      expect(readFileSync(path).length, name).not.toBe(size)
      expect((await identifyAudioFile(path)).audioHash, name).toBe(audioHash)
    }
  })

  it.skipIf(!hasMutagen())('knows a track again after mutagen has deleted its tags', async () => {
    const script = 'import mutagen,sys; f=mutagen.File(sys.argv[1]); f.delete()'
    // Of Ogg and M4A too: emptied comments shorten the headers, deleted atoms move the media.
    for (const name of FIXTURES.filter((each) => !each.endsWith('.wav'))) {
      const path = fresh(name, 'retag-mutagen')
      const {audioHash} = await identifyAudioFile(path)
      runTool(PYTHON, '-c', script, path)
      // The NAME chunk of AIFF is no tag to mutagen and stays.
      if (!name.endsWith('.aiff')) expect((await readTags(path)).tags.title, name).toBeNull()
      expect((await identifyAudioFile(path)).audioHash, name).toBe(audioHash)
    }
  })

  it.skipIf(!hasTool('ffmpeg'))('knows a track again after ffmpeg -c copy has written it anew', async () => {
    for (const name of FIXTURES) {
      const copied = join(folder, `copied${FIXTURES.indexOf(name)}${extname(name)}`)
      runTool(
        'ffmpeg',
        '-v',
        'error',
        '-y',
        '-i',
        join(music, name),
        '-map',
        '0:a',
        '-c',
        'copy',
        '-metadata',
        'title=Copied',
        copied,
      )
      const {audioHash} = await identifyAudioFile(join(music, name))
      expect((await identifyAudioFile(copied)).audioHash, name).toBe(audioHash)
    }
  })

  it('tells different tracks apart', async () => {
    const hashes = await Promise.all(
      FIXTURES.map(async (name) => (await identifyAudioFile(join(music, name))).audioHash),
    )
    expect(new Set(hashes).size).toBe(FIXTURES.length)
  })
})

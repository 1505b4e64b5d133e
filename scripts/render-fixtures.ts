// Renders fixtures/music: short club tracks whose tempo, key, beats and sections are known by construction.
// Run by `npx tsx scripts/render-fixtures.ts`; needs ffmpeg. The results are committed: encoders differ by version.
import {spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {renderSong} from './fixture-music/arrange.js'
import {drawCover} from './fixture-music/cover.js'
import {type FixtureSong, SONGS} from './fixture-music/songs.js'
import type {Mix} from './fixture-music/synth.js'

const target = join(dirname(dirname(fileURLToPath(import.meta.url))), 'fixtures', 'music')
const scratch = mkdtempSync(join(tmpdir(), 'crate-fixtures-'))

function encode(song: FixtureSong, mix: Mix): void {
  const raw = join(scratch, 'mix.f32')
  const steps = song.effectiveBits === undefined ? null : 2 ** (song.effectiveBits - 1)
  const stored = (value: number) => (steps === null ? value : Math.round(value * steps) / steps)
  const interleaved = new Float32Array(mix.left.length * 2)
  for (let index = 0; index < mix.left.length; index++) {
    interleaved[index * 2] = stored(mix.left[index] ?? 0)
    interleaved[index * 2 + 1] = stored(mix.right[index] ?? 0)
  }
  writeFileSync(raw, Buffer.from(interleaved.buffer))
  const cover = join(scratch, 'cover.png')
  writeFileSync(cover, drawCover())
  const input = ['-f', 'f32le', '-ar', String(song.sampleRateHz), '-ac', '2', '-i', raw]
  const picture =
    song.hasCover === true
      ? ['-i', cover, '-map', '0:a', '-map', '1:v', '-c:v', 'copy', '-disposition:v', 'attached_pic']
      : []
  const mono = song.isMono === true ? ['-ac', '1'] : []
  run('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...input,
    ...picture,
    ...mono,
    ...song.encoding,
    ...tagOptions(song),
    '-fflags',
    '+bitexact',
    join(target, song.fileName),
  ])
}

/** What each container calls tempo and key, as ffmpeg passes names on. */
function tagOptions(song: FixtureSong): string[] {
  const isId3 = /\.(mp3|aiff)$/.test(song.fileName)
  const isMp4 = song.fileName.endsWith('.m4a')
  const tempoName = isId3 ? 'TBPM' : isMp4 ? 'tmpo' : 'BPM'
  const keyName = isId3 ? 'TKEY' : 'INITIALKEY'
  const tags: readonly (readonly [string, string | number | null])[] = [
    ['title', song.title],
    ['artist', song.artist],
    ['album', song.album],
    ['genre', song.genre],
    ['date', song.year],
    [tempoName, song.taggedTempo],
    [keyName, song.taggedKey],
  ]
  return tags.flatMap(([name, value]) => (value === null ? [] : ['-metadata', `${name}=${value}`]))
}

function run(command: string, args: readonly string[]): void {
  const {status, stderr, error} = spawnSync(command, args, {encoding: 'utf8'})
  if (error !== undefined || status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`)
}

const rounded = (seconds: number) => Math.round(seconds * 1e6) / 1e6

mkdirSync(target, {recursive: true})
const entries = SONGS.map((song) => {
  const {mix, truth} = renderSong(song)
  encode(song, mix)
  const {size} = statSync(join(target, song.fileName))
  console.log(`${song.fileName}  ${truth.durationSeconds.toFixed(1)} s  ${Math.round(size / 1000)} kB`)
  return {
    file: song.fileName,
    subset: 'fixtures',
    title: song.title,
    artist: song.artist,
    durationSeconds: rounded(truth.durationSeconds),
    bpm: song.tempoBpm,
    key: song.keyName,
    beats: truth.beats.map(rounded),
    downbeats: truth.downbeats.map(rounded),
    sections: truth.sections.map((section) => ({...section, t: rounded(section.t)})),
    how: 'synthesised by scripts/render-fixtures.ts: exact by construction',
  }
})
writeFileSync(join(target, 'truth.json'), `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`)
rmSync(scratch, {recursive: true, force: true})

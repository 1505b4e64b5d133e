// Real clients read what crate wrote: Mixxx 2.3.3 the crates, the track list and the tags, mutagen the frames.
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeAll, describe, expect, it} from 'vitest'
import {readSeratoTags} from '../../../exporters/serato/tags/read.js'
import {decodeWrapped} from '../../../exporters/serato/tags/wrapper.js'
import {readAudioFile} from '../../../src/adapters/audio/read-audio.js'
import {readRawTags, writeRawTags} from '../../../src/adapters/tags/raw-tags.js'
import type {Cue} from '../../../src/core/cue.js'
import {shiftBetween} from '../../../src/core/position-shift.js'
import type {Track} from '../../../src/core/track.js'
import {MIXXX_TIMEOUT_MS, readByMixxx} from '../../support/mixxx.js'
import {
  exportTo,
  formats,
  hasProgram,
  importFrom,
  libraryOf,
  temporaryFolder,
  temporaryFolderForSuite,
  track,
} from './support.js'

/** The interpreter that Debian's mutagen belongs to, whatever else is on the path. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'
const hasFfmpeg = hasProgram('ffmpeg') && hasProgram('python3')
const hasMutagen = hasFfmpeg && canImportMutagen()
const hasMixxx =
  hasFfmpeg &&
  hasProgram('mixxx') &&
  hasProgram('sqlite3') &&
  (process.getuid?.() === 0 || process.env['CI'] !== undefined)

function canImportMutagen(): boolean {
  if (process.env['CI'] !== undefined) return true
  try {
    execFileSync(python, ['-c', 'import mutagen'], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}

const audioTags = {read: readRawTags, mp3HeaderCase: async (path: string) => (await readAudioFile(path)).mp3HeaderCase}

const KINDS = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '128k'],
  aiff: [],
  wav: [],
  flac: [],
  m4a: ['-c:a', 'aac', '-b:a', '128k'],
  ogg: ['-c:a', 'libvorbis'],
} as const
type Kind = keyof typeof KINDS

function cue(slot: number, positionMs: number, more: Partial<Cue> = {}): Cue {
  return {kind: 'hot', slot, positionMs, lengthMs: null, name: '', colorRgb: null, origin: 'user', ...more}
}

/** All eight pads in Serato's own colours, a name beyond ASCII, one locked loop. */
const SHOWN = [0xc02626, 0xf8821a, 0x173ba2, 0xfac313, 0x1fad26, 0xce359e, 0x1dbebd, 0x6823b6]
const CUES: readonly Cue[] = [
  ...SHOWN.map((colorRgb, slot) =>
    cue(slot, 500 + slot * 1234, {colorRgb, name: slot === 2 ? 'Drop ☃ é' : `Cue ${slot + 1}`}),
  ),
  {...cue(0, 4000, {lengthMs: 2000, name: 'Loop', isLocked: true}), kind: 'memory', slot: null},
]

const folder = temporaryFolderForSuite()
let tracks: Track[] = []

/** One file of each kind, exported with tags into a `_Serato_` folder beside them. */
beforeAll(async () => {
  if (!hasFfmpeg) return
  mkdirSync(join(folder, 'music'))
  tracks = []
  for (const [kind, codec] of Object.entries(KINDS)) {
    const path = join(folder, 'music', `tone é.${kind}`)
    const title = ['-metadata', `title=Tone ${kind}`, '-metadata', 'artist=Crate']
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=15', '-ar', '44100', '-ac', '2']
    const id3 = kind === 'aiff' ? ['-write_id3v2', '1'] : []
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...tone, ...codec, ...title, ...id3, path])
    const file = await readAudioFile(path)
    const one = track(kind, path, {
      file,
      tags: {...track('x', path).tags, title: `Tone ${kind}`, artist: 'Crate'},
      cues: CUES,
      colorRgb: 0x993333,
      tempoBpm: 126,
      beatGrid: [{positionMs: 100, tempoBpm: 126, beatInBar: 1}],
      gridOrigin: 'user',
      isGridLocked: kind !== 'flac',
    })
    tracks.push(one)
  }
  const ids = tracks.map(({id}) => id)
  const playlists = [
    {
      kind: 'folder' as const,
      name: 'Sets',
      children: [{kind: 'list' as const, name: 'Späti', tracks: ids.slice(0, 3)}],
    },
    {kind: 'list' as const, name: 'All', tracks: [...ids].reverse()},
  ]
  const {tags} = await exportTo(folder, libraryOf(tracks, playlists), {audioTags, canWriteTags: true})
  for (const {audioPath, set} of tags) await writeRawTags(audioPath, set)
})

const pathOf = (kind: Kind) => join(folder, 'music', `tone é.${kind}`)

/** Positions of the cues in the time of the program that the shift leads to. */
function positionsIn(program: 'serato' | 'mixxx-libmad', kind: Kind): number[] {
  const file = tracks.find(({id}) => (id as string) === kind)?.file
  const toSerato = file === undefined ? 0 : shiftBetween('crate', 'serato', file).shiftMs
  // Mixxx takes 26 ms off what Serato wrote into an MP3 of 44.1 kHz (FORMATS §5, measured).
  const mixxx = program === 'mixxx-libmad' && kind === 'mp3' ? -26 : 0
  return CUES.filter(({lengthMs}) => lengthMs === null).map(({positionMs}) => Math.round(positionMs + toSerato) + mixxx)
}

describe.skipIf(!hasFfmpeg)('tags in audio files', () => {
  it.each(Object.keys(KINDS) as Kind[])('%s: an import finds what the export wrote', async (kind) => {
    const {tracks: found} = await importFrom(folder, {audioTags})
    const one = found.find(({file}) => file.path === pathOf(kind))
    expect(one?.colorRgb).toBe(0x993333)
    const byPad = (cues: readonly Cue[]) =>
      cues.map(({kind: how, slot, name, colorRgb, lengthMs}) => ({how, slot, name, colorRgb, lengthMs}))
    expect(byPad(one?.cues ?? [])).toEqual(byPad(CUES))
    for (const [index, {positionMs}] of (one?.cues ?? []).entries())
      expect(Math.abs(positionMs - (CUES[index]?.positionMs ?? Number.NaN))).toBeLessThanOrEqual(0.5)
    expect(one?.beatGrid[0]?.positionMs).toBeCloseTo(100, 1)
  })

  it.skipIf(!hasMutagen).each(['mp3', 'aiff', 'wav'] as const)('%s: mutagen reads the frames of Serato', (kind) => {
    const script = `
import sys, json, mutagen
tags = mutagen.File(sys.argv[1]).tags
print(json.dumps({f.desc: [f.mime, f.filename, f.data.hex()] for f in tags.getall('GEOB')} | {'title': str(tags.get('TIT2', ''))}))`
    const frames = JSON.parse(execFileSync(python, ['-c', script, pathOf(kind)], {encoding: 'utf8'}))
    expect(Object.keys(frames).sort()).toEqual(['Serato BeatGrid', 'Serato Markers2', 'Serato Markers_', 'title'])
    for (const name of ['Serato BeatGrid', 'Serato Markers2', 'Serato Markers_'])
      expect(frames[name].slice(0, 2)).toEqual(['application/octet-stream', ''])
    // FFmpeg writes the title of a WAV into its INFO chunk.
    expect(frames['title']).toBe(kind === 'wav' ? '' : `Tone ${kind}`)
    const file = join(folder, `${kind} Markers2`)
    writeFileSync(file, Buffer.from(frames['Serato Markers2'][2], 'hex'))
    const dump = execFileSync('python3', [join(formats, 'serato-tags-dump.py'), file], {encoding: 'utf8'})
    const [position = 0] = positionsIn('serato', kind).slice(2)
    expect(dump).toContain(`('CUE', 2, ${position}, '0000cc', 'Drop ☃ é')`)
    expect(dump).toContain("'ffffffff', '0027aae1', 1, 'Loop')")
  })

  it.skipIf(!hasMutagen)('m4a: mutagen finds both lists as text atoms', () => {
    const script = `
import sys, json, mutagen
tags = mutagen.File(sys.argv[1]).tags
print(json.dumps({k: [int(v[0].dataformat), bytes(v[0]).decode()] for k, v in tags.items() if k.startswith('----:com.serato')}))`
    const atoms = JSON.parse(execFileSync(python, ['-c', script, pathOf('m4a')], {encoding: 'utf8'}))
    expect(Object.keys(atoms).sort()).toEqual(
      ['beatgrid', 'markers', 'markersv2'].map((name) => `----:com.serato.dj:${name}`),
    )
    for (const [type, text] of Object.values(atoms) as [number, string][]) {
      expect(type).toBe(1)
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(72)
      expect(decodeWrapped(Buffer.from(text))).not.toBeNull()
    }
  })

  it('writes nothing the second time, and the files still decode', async () => {
    const library = libraryOf(tracks)
    expect((await exportTo(folder, library, {audioTags, canWriteTags: true})).tags).toEqual([])
    for (const kind of Object.keys(KINDS) as Kind[])
      execFileSync('ffmpeg', ['-v', 'error', '-xerror', '-i', pathOf(kind), '-f', 'null', '-'])
  })

  it('tells what stays out without --write-tags', async () => {
    const {tags, warnings} = await exportTo(folder, libraryOf(tracks), {audioTags})
    expect(tags).toEqual([])
    expect(warnings).toHaveLength(1)
  })

  it('leaves tags of a missing file alone, and goes on', async () => {
    const gone = track('gone', join(folder, 'music/gone.mp3'), {cues: CUES})
    const {warnings} = await exportTo(temporaryFolder(), libraryOf([gone, ...tracks]), {audioTags, canWriteTags: true})
    expect(warnings.map(({subject}) => subject)).toEqual([gone.file.path])
  })

  it('reads real payloads of Serato out of each container', async () => {
    const id3 = join(formats, 'serato-tags/serato-tags/id3/hotcues-with-names')
    const source = pathOf('mp3').replace('tone é', 'real')
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=duration=5', source])
    const names = ['Markers2', 'Markers_', 'BeatGrid', 'Autotags']
    await writeRawTags(
      source,
      names.map((name) => ({
        key: `GEOB:Serato ${name}`,
        bytes: readFileSync(join(id3, `Serato ${name}.octet-stream`)),
      })),
    )
    const raw = await readRawTags(source)
    const tags = raw === null ? null : readSeratoTags(raw)
    // As formats/serato-tags-dump.py decodes the payload.
    expect(tags?.cues.map(({slot, positionMs, name}) => [slot, positionMs, name])).toEqual([
      [0, 0, 'Hello, World!'],
      [1, 218_456, 'äöüß'],
      [2, 60_004, 'éèê'],
    ])
    expect(tags?.autotags).toMatchObject({tempoBpm: 115, autoGainDb: -3.257})
  })
})

describe.skipIf(!hasMixxx)('Mixxx 2.3.3', () => {
  const query = (database: string, sql: string) =>
    JSON.parse(execFileSync('sqlite3', ['-json', '-readonly', database, sql], {encoding: 'utf8'}) || '[]') as Record<
      string,
      unknown
    >[]
  const mixxx = (mode: 'scan' | 'serato', source: string) => {
    const database = join(folder, `${mode}.sqlite`)
    readByMixxx(mode, source, database)
    return database
  }

  it('imports cues, loop, colours, names and the lock from the tags', {timeout: MIXXX_TIMEOUT_MS}, () => {
    const database = mixxx('scan', join(folder, 'music'))
    for (const kind of ['mp3', 'aiff', 'flac', 'm4a'] as const) {
      const [row] = query(
        database,
        `select l.id, l.bpm, l.bpm_lock, l.color from library l join track_locations t on t.id = l.location where t.filename = 'tone é.${kind}'`,
      )
      expect(row, kind).toBeDefined()
      expect(row?.['bpm_lock'], kind).toBe(kind === 'flac' ? 0 : 1)
      expect(row?.['color'], kind).toBe(0x993333)
      const cues = query(
        database,
        `select hotcue, type, position, length, label, color from cues where track_id = ${row?.['id']} and hotcue between 0 and 7 and type = 1 and position < 1e8 order by hotcue`,
      )
      expect(
        cues.map(({label}) => label),
        kind,
      ).toEqual(CUES.slice(0, 8).map(({name}) => name))
      expect(
        cues.map(({color}) => color),
        kind,
      ).toEqual(SHOWN)
      for (const [index, expected] of positionsIn('mixxx-libmad', kind).entries())
        expect(
          Math.abs(Number(cues[index]?.['position']) / 88.2 - expected),
          `${kind} cue ${index}`,
        ).toBeLessThanOrEqual(1)
      const [loop] = query(
        database,
        `select position, length, label from cues where track_id = ${row?.['id']} and type = 4 and length > 0 and position < 1e8`,
      )
      expect(loop?.['label'], kind).toBe('Loop')
      expect(Number(loop?.['length']) / 88.2, kind).toBeCloseTo(2000, 0)
    }
  })

  it('imports the track list and the crates', {timeout: MIXXX_TIMEOUT_MS}, () => {
    const database = mixxx('serato', folder)
    const rows = query(database, 'select title, artist, location, bpm from serato_library order by title')
    expect(rows.map(({title}) => title)).toEqual(
      Object.keys(KINDS)
        .sort()
        .map((kind) => `Tone ${kind}`),
    )
    expect(rows.map(({location}) => location).sort()).toEqual(
      Object.keys(KINDS)
        .sort()
        .map((kind) => `/media/CRATE/music/tone é.${kind}`),
    )
    expect(rows.every(({bpm}) => bpm === 126)).toBe(true)
    const lists = query(
      database,
      'select p.name, l.title from serato_playlist_tracks e join serato_playlists p on p.id = e.playlist_id join serato_library l on l.id = e.track_id order by p.name, e.position',
    )
    const titles = (name: string) => lists.filter((row) => String(row['name']).endsWith(name)).map(({title}) => title)
    expect(titles('Sets%%Späti.crate')).toEqual(['Tone mp3', 'Tone aiff', 'Tone wav'])
    expect(titles('All.crate')).toEqual(['Tone ogg', 'Tone m4a', 'Tone flac', 'Tone wav', 'Tone aiff', 'Tone mp3'])
  })
})

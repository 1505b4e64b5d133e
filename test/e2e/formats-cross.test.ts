// Libraries travel between programs by the real commands: every real file to itself and back, and a trip through three.
import {execFileSync} from 'node:child_process'
import {chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {syntheticPlaylists, syntheticTrack} from '../../bench/formats/synthetic-tracks.js'
import {exporter as jsonExporter} from '../../exporters/json/exporter.js'
import type {Track} from '../../src/core/track.js'
import {libraryOf, runExport} from '../exporters/harness.js'
import {type Crate, installCrate, ROOT, SHARED} from '../support/crate.js'
import {convert, type LibraryJson, plainCues, plainPlaylists, readLibrary} from '../support/cross.js'
import {packPlugin} from '../support/plugin-packages.js'
import {itWith, itWithShared} from '../support/tools.js'

const FORMATS = join(SHARED, 'formats')

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(FORMATS, folder), {recursive: true, encoding: 'utf8'})
    .filter((name) => name.endsWith(ending))
    .map((name) => join(FORMATS, folder, name))
}

/** A folder of this test that holds the Serato files as Serato keeps them. */
function seratoFolder(crate: Crate, name: string, source: string, place: string): string {
  const folder = join(crate.home, name)
  const target = join(folder, place)
  mkdirSync(dirname(target), {recursive: true})
  cpSync(source, target, {recursive: true})
  for (const entry of readdirSync(folder, {recursive: true, encoding: 'utf8'})) chmodSync(join(folder, entry), 0o755)
  return folder
}

interface RealLibrary {
  readonly format: string
  readonly source: string
  /** Where it is written to, in the program's format. */
  readonly target: string
  /** What the way through a program adds that the source left open. */
  readonly settles?: readonly (keyof Track)[]
}

function realLibraries(crate: Crate): RealLibrary[] {
  const out = (name: string) => join(crate.home, name)
  const serato = [
    seratoFolder(crate, 'serato-1', join(FORMATS, 'serato-library/mac-home-mookiejones/_Serato_'), '_Serato_'),
    seratoFolder(crate, 'serato-2', join(FORMATS, 'serato-library/usb_drive-triseratops/_Serato_'), '_Serato_'),
    seratoFolder(
      crate,
      'serato-3',
      join(FORMATS, 'serato-library/serato-tools/database V2.test.bin'),
      '_Serato_/database V2',
    ),
    seratoFolder(
      crate,
      'serato-4',
      join(FORMATS, 'serato-library/serato-tools/TestCrate.crate'),
      '_Serato_/Subcrates/TestCrate.crate',
    ),
    seratoFolder(
      crate,
      'serato-5',
      join(FORMATS, 'serato-library/seratojs-demo/Serato Demo Tracks.crate'),
      '_Serato_/Subcrates/Demo.crate',
    ),
  ]
  const mixxx = out('mixxxdb.sqlite')
  copyFileSync(join(FORMATS, 'mixxx/mixxxdb-2.3.3.sqlite'), mixxx)
  chmodSync(mixxx, 0o644)
  return [
    ...filesIn('rekordbox-xml', '.xml').map((source, n) => ({format: 'rekordbox', source, target: out(`${n}.xml`)})),
    ...filesIn('traktor-nml', '.nml').map((source, n) => ({format: 'traktor', source, target: out(`${n}.nml`)})),
    // Serato gives each row a date.
    ...serato.map((folder) => ({format: 'serato', source: folder, target: folder, settles: ['addedAt'] as const})),
    {format: 'mixxx', source: mixxx, target: mixxx},
  ]
}

function byPath({tracks}: LibraryJson): Map<string, Omit<Track, 'id'>> {
  return new Map(tracks.map(({id: _ours, ...track}) => [track.file.path, track]))
}

describe('every real file', () => {
  itWithShared('formats')(
    'comes back from its own program’s format the same',
    async () => {
      const crate = installCrate()
      await installPlugin(crate, 'mixxx')
      const libraries = realLibraries(crate)
      let tracks = 0
      for (const {format, source, target, settles = []} of libraries) {
        const before = await readLibrary(crate, format, source)
        await convert(crate, format, source, format, target)
        const after = await readLibrary(crate, format, target)
        const [left, right] = [byPath(before), byPath(after)]
        expect([...right.keys()].sort(), source).toEqual([...left.keys()].sort())
        for (const [path, track] of left) {
          const back = right.get(path)
          const settled = Object.fromEntries(
            settles
              .filter((field) => track[field as keyof typeof track] === null)
              .map((field) => [field, back?.[field as keyof typeof track]]),
          )
          expect(back, `${path} of ${source}`).toEqual({...track, ...settled})
        }
        expect(plainPlaylists(after), source).toEqual(plainPlaylists(before))
        tracks += left.size
      }
      expect(libraries).toHaveLength(3 + 8 + 5 + 1)
      expect(tracks).toBe(10_189)
    },
    300_000,
  )
})

/** Fields that Rekordbox, Traktor and Serato all have. */
function carried(track: Omit<Track, 'id'>) {
  const {title, artist, album, genre, comment, label, remixer, year} = track.tags
  return {
    text: {title, artist, album, genre, comment, label, remixer, year},
    key: track.key,
    tempoBpm: track.tempoBpm,
    playCount: track.playCount,
  }
}

/**
 * How far the first beats of two grids lie from each other. Traktor puts its mark on a downbeat, so that a grid may begin
 * some beats later than it did.
 */
function phaseErrorMs(left: Track['beatGrid'], right: Track['beatGrid']): number {
  const [a, b] = [left[0], right[0]]
  if (a === undefined || b === undefined) return left.length === right.length ? 0 : Number.POSITIVE_INFINITY
  const periodMs = 60_000 / a.tempoBpm
  const beats = (b.positionMs - a.positionMs) / periodMs
  return Math.abs(beats - Math.round(beats)) * periodMs
}

describe('Rekordbox → Traktor → Serato → Rekordbox', () => {
  itWith('ffmpeg')(
    'brings back what left, minus what the narrowest cannot carry',
    async () => {
      const crate = installCrate()
      const tracks = withFiles(crate, 120)
      const {files} = await runExport(jsonExporter, libraryOf(tracks, syntheticPlaylists(tracks.length)))
      const generated = join(crate.home, 'generated.json')
      writeFileSync(generated, files.get('') ?? '')
      const [first, nml, drive, last] = ['first.xml', 'collection.nml', '.', 'last.xml'].map((name) =>
        join(crate.home, name),
      )
      if (first === undefined || nml === undefined || drive === undefined || last === undefined)
        throw new Error('no paths')
      await convert(crate, 'json', generated, 'rekordbox', first)
      await convert(crate, 'rekordbox', first, 'traktor', nml)
      await convert(crate, 'traktor', nml, 'serato', drive, '--write-tags')
      await convert(crate, 'serato', drive, 'rekordbox', last)
      const [before, after] = [
        await readLibrary(crate, 'rekordbox', first),
        await readLibrary(crate, 'rekordbox', last),
      ]
      const [left, right] = [byPath(before), byPath(after)]
      expect(left.size).toBe(120)
      let [steadyGrids, pads] = [0, 0]
      expect([...right.keys()].sort()).toEqual([...left.keys()].sort())
      for (const [path, track] of left) {
        const back = right.get(path)
        if (back === undefined) throw new Error(`${path} is lost`)
        expect(carried(back), path).toEqual({
          ...carried(track),
          tempoBpm: track.beatGrid.length > 1 ? carried(back).tempoBpm : track.tempoBpm,
        })
        // Pads return; a loop without one takes a free one, because Serato keeps loops nowhere else.
        const padded = (one?: Omit<Track, 'id'>) => plainCues((one?.cues ?? []).filter(({slot}) => slot !== null))
        const [wanted, found] = [padded(track), padded(back)]
        expect(found, path).toEqual(expect.arrayContaining(wanted))
        const stored = plainCues(track.cues).map(({positionMs, lengthMs}) => `${positionMs}+${lengthMs}`)
        for (const cue of found) expect(stored, path).toContain(`${cue.positionMs}+${cue.lengthMs}`)
        pads += wanted.length
        // Serato gives a date to each row.
        if (track.addedAt !== null) expect(back?.addedAt?.slice(0, 10), path).toBe(track.addedAt.slice(0, 10))
        // Traktor before version 20 keeps one tempo: of a changing one only that there is a grid.
        expect((back?.beatGrid.length ?? 0) > 0, path).toBe(track.beatGrid.length > 0)
        if (track.beatGrid.length !== 1) continue
        steadyGrids++
        expect(back?.beatGrid[0]?.tempoBpm, path).toBeCloseTo(track.beatGrid[0]?.tempoBpm ?? 0, 2)
        expect(phaseErrorMs(track.beatGrid, back?.beatGrid ?? []), path).toBeLessThan(1.5)
      }
      expect(pads).toBeGreaterThan(300)
      expect(steadyGrids).toBeGreaterThan(80)
    },
    180_000,
  )
})

/** The synthetic library over files that are there: a second of silence in each format, an MP3 with FFmpeg's header. */
function withFiles(crate: Crate, count: number): Track[] {
  const silence = new Map<string, string>()
  return Array.from({length: count}, (_, index) => {
    const track = syntheticTrack(index)
    const name = track.file.path.split(/[/\\]/).at(-1) ?? ''
    const extension = name.split('.').at(-1) ?? ''
    let source = silence.get(extension)
    if (source === undefined) {
      source = join(crate.home, `silence.${extension}`)
      execFileSync('ffmpeg', [
        '-loglevel',
        'error',
        '-f',
        'lavfi',
        '-i',
        'anullsrc=r=44100:cl=stereo',
        '-t',
        '1',
        source,
      ])
      silence.set(extension, source)
    }
    const path = join(crate.home, 'Music', `${index % 7}`, name)
    mkdirSync(dirname(path), {recursive: true})
    copyFileSync(source, path)
    return {...track, file: {...track.file, path, mp3HeaderCase: null, sampleRateHz: 44_100}}
  })
}

async function installPlugin(crate: Crate, name: string): Promise<void> {
  const tarball = packPlugin(name, crate.home)
  const run = await crate.run('plugins', 'install', `file:${tarball}`)
  expect(run.status, run.stderr).toBe(0)
}

describe('a plugin’s package', () => {
  it.each(['rekordbox-usb', 'mixxx', 'engine', 'virtualdj'])('%s holds its code and no more', (name) => {
    const crate = installCrate()
    const listed = execFileSync('tar', ['tzf', packPlugin(name, crate.home)])
      .toString()
      .trim()
      .split('\n')
    expect(listed).toContain('package/dist/index.js')
    expect(listed.every((path) => /^package\/(dist\/[\w-]+\.js|package\.json|README\.md)$/.test(path))).toBe(true)
    const sources = readdirSync(join(ROOT, 'plugins', name, 'src'), {encoding: 'utf8'})
    expect(listed.filter((path) => path.endsWith('.js'))).toHaveLength(sources.length)
    for (const source of sources) {
      const text = readFileSync(join(ROOT, 'plugins', name, 'src', source), 'utf8')
      const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, target]) => target ?? '')
      for (const target of imports) expect(target, source).toMatch(/^(?:\.\/[\w-]+\.js|crate-dj\/plugin|node:zlib)$/)
      expect(text, source).not.toMatch(/^import \{[^}]*\} from 'crate-dj/m)
    }
  })

  itWithShared('formats/rekordbox-usb')(
    'installs into an empty data folder, and a stick goes through it into Mixxx, VirtualDJ and Rekordbox',
    async () => {
      const crate = installCrate()
      for (const name of ['rekordbox-usb', 'mixxx', 'virtualdj']) await installPlugin(crate, name)
      const stick = join(FORMATS, 'rekordbox-usb/rekordcrate-demo_tracks')
      const onStick = await readLibrary(crate, 'rekordbox-usb', stick)
      expect(onStick.tracks).toHaveLength(2)
      for (const [format, name] of [
        ['mixxx', 'mixxxdb.sqlite'],
        ['virtualdj', 'VirtualDJ'],
        ['rekordbox', 'rekordbox.xml'],
      ] as const) {
        const target = join(crate.home, name)
        await convert(crate, 'rekordbox-usb', stick, format, target)
        expect(existsSync(target)).toBe(true)
        const back = await readLibrary(crate, format, target)
        const plain = ({tracks}: LibraryJson) =>
          tracks.map(({file, tags, key, beatGrid}) => [
            file.path,
            tags.title,
            tags.artist,
            key,
            beatGrid.map(({positionMs, tempoBpm}) => [Math.round(positionMs), Math.round(tempoBpm * 100) / 100]),
          ])
        expect(plain(back), format).toEqual(plain(onStick))
      }
    },
    120_000,
  )
})

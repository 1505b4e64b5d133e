// The formats of the plugins, Mixxx, VirtualDJ and Engine DJ: export, import and a second export over the first, at three
// sizes, each in a process of its own so that its peak memory is its own, beside python3 reading the same file in the
// same run: its sqlite3 module fetches every row of tracks, cues and lists, its ElementTree parses, and neither makes
// anything of what it read. Times are of the processor, so that what else the machine does stays out of them.
//
//   npx tsx bench/formats/plugins.ts [--format mixxx] [1000 10000 100000]
//
// Engine DJ wants a database that Engine DJ made: its schema is taken from ../shared/formats/engine, without which its rows
// are left out. Sticks of Rekordbox are only read, and no writer makes large ones.
import {execFileSync, spawnSync} from 'node:child_process'
import {createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {fileURLToPath} from 'node:url'
import {exporter as engineExporter} from '../../plugins/engine/src/exporter.js'
import {importer as engineImporter} from '../../plugins/engine/src/importer.js'
import {exporter as mixxxExporter} from '../../plugins/mixxx/src/exporter.js'
import {importer as mixxxImporter} from '../../plugins/mixxx/src/importer.js'
import {exporter as virtualDjExporter} from '../../plugins/virtualdj/src/exporter.js'
import {importer as virtualDjImporter} from '../../plugins/virtualdj/src/importer.js'
import {databaseAccess} from '../../src/adapters/files/database-access.js'
import {fileAccess} from '../../src/adapters/files/file-access.js'
import type {Exporter, Importer, LibraryView} from '../../src/api/format.js'
import type {Track} from '../../src/core/track.js'
import {testContext} from '../../test/exporters/harness.js'
import {syntheticLibrary} from './synthetic-tracks.js'

const ENGINE_SCHEMA = fileURLToPath(
  new URL('../../../shared/formats/engine/ref-sql/desktop-4.3.4.m.db.sql', import.meta.url),
)

interface Format {
  readonly exporter: Exporter
  readonly importer: Importer
  /** What a person names, inside the folder of the bench. */
  readonly root: string
  /** The file that grows with the library. */
  readonly main: string
  prepare(root: string): void
  /** Statements of python3 that read the file at `path` and leave the number of tracks in `count`. */
  readonly python: string
}

const SQLITE = (tables: readonly string[]) => `
import sqlite3
database = sqlite3.connect(path)
count = 0
for row in database.execute('SELECT * FROM ${tables[0]}'): count += 1
for table in ${JSON.stringify(tables.slice(1))}:
    for row in database.execute('SELECT * FROM ' + table): pass`

const FORMATS: Readonly<Record<string, Format>> = {
  mixxx: {
    exporter: mixxxExporter,
    importer: mixxxImporter,
    root: 'mixxxdb.sqlite',
    main: 'mixxxdb.sqlite',
    prepare: () => undefined,
    python: SQLITE(['library', 'track_locations', 'cues', 'PlaylistTracks']),
  },
  engine: {
    exporter: engineExporter,
    importer: engineImporter,
    root: 'Engine Library',
    main: 'Engine Library/Database2/m.db',
    prepare(root) {
      const folder = join(root, 'Database2')
      mkdirSync(folder, {recursive: true})
      execFileSync('sqlite3', [join(folder, 'm.db'), `.read '${ENGINE_SCHEMA}'`])
    },
    python: SQLITE(['Track', 'PerformanceData', 'PlaylistEntity']),
  },
  virtualdj: {
    exporter: virtualDjExporter,
    importer: virtualDjImporter,
    root: 'VirtualDJ',
    main: 'VirtualDJ/database.xml',
    prepare: (root) => mkdirSync(root, {recursive: true}),
    python: `
import xml.etree.ElementTree as E
count = len(E.parse(path).getroot().findall('Song'))`,
  },
}

const AUDIO_TAGS = {read: async () => null}

function context() {
  return {...testContext(), databases: databaseAccess()}
}

/** The synthetic library on the drive of the folder, as Engine's relative paths need it. */
function besideFolder(folder: string, count: number): LibraryView {
  const library = syntheticLibrary(count)
  const moved = (track: Track): Track => {
    const name = track.file.path.split(/[/\\]/).at(-1) ?? ''
    return {...track, file: {...track.file, path: join(folder, 'Music', track.id, name)}}
  }
  return {
    trackCount: library.trackCount,
    async *tracks() {
      for await (const track of library.tracks()) yield moved(track)
    },
    async track(id) {
      const track = await library.track(id)
      return track === null ? null : moved(track)
    },
    playlists: () => library.playlists(),
  }
}

async function write({exporter, root}: Format, folder: string, count: number): Promise<number> {
  const place = join(folder, root)
  const request = {
    library: besideFolder(folder, count),
    target: fileAccess(place),
    audioTags: AUDIO_TAGS,
    canWriteTags: false,
    shiftsPositions: true,
    options: {},
  }
  const staged: (readonly [string, string])[] = []
  for await (const piece of exporter.export(request, context())) {
    if (piece.kind !== 'file') continue
    const path = piece.path === '' ? place : join(place, piece.path)
    mkdirSync(dirname(path), {recursive: true})
    staged.push([`${path}.new`, path])
    await pipeline(Readable.from(piece.chunks), createWriteStream(`${path}.new`))
  }
  for (const [from, to] of staged) renameSync(from, to)
  return count
}

async function read({importer, root}: Format, folder: string): Promise<number> {
  const request = {source: fileAccess(join(folder, root)), audioTags: AUDIO_TAGS, shiftsPositions: true, options: {}}
  let tracks = 0
  for await (const item of importer.import(request, context())) if (item.kind === 'track') tracks++
  return tracks
}

interface Measure {
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly tracks: number
}

async function runPart(part: string, id: string, count: number, folder: string): Promise<void> {
  const format = FORMATS[id]
  if (format === undefined) throw new RangeError(`no format ${id}`)
  const before = process.cpuUsage()
  const tracks = part === 'import' ? await read(format, folder) : await write(format, folder, count)
  const {user, system} = process.cpuUsage(before)
  const peakMb = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({cpuSeconds: (user + system) / 1e6, peakMb, tracks}))
}

function measure(part: string, id: string, count: number, folder: string): Measure | null {
  const script = fileURLToPath(import.meta.url)
  const args = ['--import', 'tsx', script, '--part', part, id, String(count), folder]
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: 'utf8'})
  if (status !== 0) console.error(stderr.trim().split('\n').slice(0, 6).join('\n'))
  return status === 0 ? (JSON.parse(stdout) as Measure) : null
}

function measurePython(statements: string, path: string): Measure | null {
  const script = `
import json, resource, sys
path = sys.argv[1]
def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
start = seconds()
${statements}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({'cpuSeconds': seconds() - start, 'peakMb': peak, 'tracks': count}))`
  const {status, stdout} = spawnSync('python3', ['-c', script, path], {encoding: 'utf8'})
  return status === 0 ? (JSON.parse(stdout) as Measure) : null
}

function report(name: string, result: Measure | null, megabytes: number, peer: Measure | null): void {
  if (result === null) {
    console.log(`  ${name.padEnd(22)} did not run`)
    return
  }
  const {cpuSeconds, peakMb, tracks} = result
  const columns = [
    `${cpuSeconds.toFixed(2)} s`,
    `${(megabytes / cpuSeconds).toFixed(1)} MB/s`,
    `${Math.round(tracks / cpuSeconds)} tracks/s`,
    `peak ${Math.round(peakMb)} MB`,
    peer === null ? '' : `${(peer.cpuSeconds / cpuSeconds).toFixed(2)}× python3's speed`,
  ]
  console.log(
    `  ${name.padEnd(22)}${columns
      .map((column) => column.padStart(16))
      .join('  ')
      .trimEnd()}`,
  )
}

function benchFormat(id: string, format: Format, count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'crate-bench-plugins-'))
  try {
    format.prepare(join(folder, format.root))
    const exported = measure('export', id, count, folder)
    const path = join(folder, format.main)
    const megabytes = existsSync(path) ? statSync(path).size / 1e6 : 0
    const peer = measurePython(format.python, path)
    console.log(`${id}: ${count} tracks, ${megabytes.toFixed(1)} MB`)
    report('export', exported, megabytes, null)
    report('import', measure('import', id, count, folder), megabytes, peer)
    report('export over it', measure('export', id, count, folder), megabytes, null)
    report('python3, rows alone', peer, megabytes, null)
  } finally {
    rmSync(folder, {recursive: true})
  }
}

function main(args: readonly string[]): void {
  const at = args.indexOf('--format')
  const wanted = at === -1 ? null : args[at + 1]
  const numbers = args.filter((arg) => /^\d+$/.test(arg)).map(Number)
  for (const [id, format] of Object.entries(FORMATS)) {
    if (wanted !== null && wanted !== id) continue
    if (id === 'engine' && !existsSync(ENGINE_SCHEMA)) console.log(`engine: left out, ${ENGINE_SCHEMA} is not there`)
    else for (const count of numbers.length > 0 ? numbers : [1000, 10_000, 100_000]) benchFormat(id, format, count)
  }
}

const [flag, part = '', id = '', count = '0', folder = ''] = process.argv.slice(2)
if (flag === '--part') await runPart(part, id, Number(count), folder)
else main(process.argv.slice(2))

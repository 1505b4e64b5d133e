// How fast Serato libraries are written and read, with peak memory, beside a Python reader and the npm package seratojs.
//
//     npx tsx bench/formats/serato.ts [TRACKS…]          1,000, 10,000 and 100,000 tracks where none are given
//
// Every row is a process of its own, so that its peak memory is its own, and is counted in seconds of the processor, so
// that what else the machine does stays out of it. seratojs (MIT, reads crates only) is fetched
// into the temporary folder; where that fails its row is left out. The Python reader below decodes the same fields of
// `database V2` as crate does, in the way of the public scripts (Holzhaus/serato-tags, scripts/database_v2.py).
import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {decodeCrate, encodeCrate, withTracks} from '../../exporters/serato/crate.js'
import {seratoExport} from '../../exporters/serato/exporter.js'
import {seratoImport} from '../../exporters/serato/importer.js'
import {fileAccess} from '../../src/adapters/files/file-access.js'
import type {LibraryView} from '../../src/api/format.js'
import type {Track} from '../../src/core/track.js'
import {createContext} from '../../src/host/context.js'
import {syntheticLibrary} from './synthetic-tracks.js'

const COUNTS = [1000, 10_000, 100_000]
const OPTIONS = {root: '/'}
const DATABASE = '_Serato_/database V2'

/** One measured run, as a child prints it. */
interface Run {
  /** Of the processor, all threads of the process together. */
  readonly seconds: number
  readonly tracks: number
  readonly bytes: number
  readonly peakMemoryMb: number
}

type Task = 'export' | 'merge' | 'import' | 'crate-read' | 'seratojs-read'

const context = createContext(
  {
    signal: new AbortController().signal,
    nowMs: () => Date.now(),
    reporter: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      task: () => ({update: () => {}, setTotal: () => {}, finish: () => {}}),
    },
  },
  'bench',
)

const noTags = {read: async () => null}

/** The synthetic library with all of its files on one drive. */
function oneDrive(count: number): LibraryView {
  const library = syntheticLibrary(count)
  const moved = (track: Track): Track => {
    const names = track.file.path.split(/[/\\]/).slice(-2).join('/')
    return {...track, file: {...track.file, path: `/Users/dj/Music/${track.id}/${names}`}}
  }
  return {
    ...library,
    tracks: async function* () {
      for await (const track of library.tracks()) yield moved(track)
    },
    track: async (id) => {
      const track = await library.track(id)
      return track === null ? null : moved(track)
    },
  }
}

/** Writes the pieces as they come, and counts their bytes. */
async function exportInto(folder: string, library: LibraryView): Promise<number> {
  let bytes = 0
  const request = {
    library,
    target: fileAccess(folder),
    audioTags: noTags,
    canWriteTags: false,
    shiftsPositions: true,
    options: OPTIONS,
  }
  for await (const piece of seratoExport.export(request, context)) {
    if (piece.kind !== 'file') continue
    const path = join(folder, `${piece.path}.new`)
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, '')
    for await (const chunk of piece.chunks) {
      bytes += chunk.length
      writeFileSync(path, chunk, {flag: 'a'})
    }
    execFileSync('mv', [path, join(folder, piece.path)])
  }
  return bytes
}

async function importFrom(folder: string): Promise<number> {
  let tracks = 0
  const request = {source: fileAccess(folder), audioTags: noTags, shiftsPositions: true, options: OPTIONS}
  for await (const item of seratoImport.import(request, context)) if (item.kind === 'track') tracks++
  return tracks
}

const TASKS: Readonly<
  Record<Task, (folder: string, count: number) => Promise<{tracks: number; bytes: number; startedAt?: NodeJS.CpuUsage}>>
> = {
  export: async (folder, count) => ({tracks: count, bytes: await exportInto(folder, oneDrive(count))}),
  // Every track has been played once more, so that every row changes.
  merge: async (folder, count) => {
    const library = oneDrive(count)
    const played = (track: Track): Track => ({...track, playCount: track.playCount + 1})
    const later: LibraryView = {
      ...library,
      tracks: async function* () {
        for await (const track of library.tracks()) yield played(track)
      },
      track: async (id) => {
        const track = await library.track(id)
        return track === null ? null : played(track)
      },
    }
    return {tracks: count, bytes: await exportInto(folder, later)}
  },
  import: async (folder) => {
    const bytes = statSync(join(folder, DATABASE)).size
    return {tracks: await importFrom(folder), bytes}
  },
  'crate-read': async (folder) => {
    const bytes = readFileSync(join(folder, 'big/_Serato_/SubCrates/big.crate'))
    return {tracks: decodeCrate(bytes).paths.length, bytes: bytes.length}
  },
  'seratojs-read': async (folder) => {
    const {Crate} = createRequire(join(peerFolder(), 'package.json'))('seratojs') as {
      Crate: new (name: string, folder: string) => {getSongPathsSync(): string[]}
    }
    const startedAt = process.cpuUsage()
    const paths = new Crate('big', join(folder, 'big/_Serato_')).getSongPathsSync()
    return {tracks: paths.length, bytes: statSync(join(folder, 'big/_Serato_/SubCrates/big.crate')).size, startedAt}
  },
}

const PYTHON_READER = `
import struct, sys, time, resource, json
NUMBERS = {1: '>B', 2: '>H', 4: '>I'}
def fields(data):
    at, row = 0, {}
    while at < len(data):
        tag, size = data[at:at + 4].decode('ascii'), struct.unpack_from('>I', data, at + 4)[0]
        value = data[at + 8:at + 8 + size]
        if tag[0] in 'tp': value = value.decode('utf-16be')
        elif tag[0] in 'busl' and size in NUMBERS: value = struct.unpack(NUMBERS[size], value)[0]
        row[tag] = value
        at += 8 + size
    return row
start, tracks, total = time.process_time(), 0, 0
with open(sys.argv[1], 'rb') as file:
    while head := file.read(8):
        size = struct.unpack('>I', head[4:])[0]
        data = file.read(size)
        total += 8 + size
        if head[:4] == b'otrk':
            fields(data)
            tracks += 1
print(json.dumps({'seconds': time.process_time() - start, 'tracks': tracks, 'bytes': total,
  'peakMemoryMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))`

function peerFolder(): string {
  return join(tmpdir(), 'crate-bench-seratojs')
}

function hasSeratojs(): boolean {
  const folder = peerFolder()
  if (existsSync(join(folder, 'node_modules/seratojs'))) return true
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  return (
    spawnSync('npm', ['install', '--prefix', folder, '--no-audit', 'seratojs@3.2.0'], {stdio: 'ignore'}).status === 0
  )
}

function cpuSecondsSince(startedAt: NodeJS.CpuUsage): number {
  const {user, system} = process.cpuUsage(startedAt)
  return (user + system) / 1e6
}

/** Runs one task in this process and prints it: the child's side. */
async function runTask(task: Task, folder: string, count: number): Promise<void> {
  const begun = process.cpuUsage()
  const {tracks, bytes, startedAt = begun} = await TASKS[task](folder, count)
  const seconds = cpuSecondsSince(startedAt)
  const run: Run = {seconds, tracks, bytes, peakMemoryMb: process.resourceUsage().maxRSS / 1024}
  console.log(JSON.stringify(run))
}

function child(task: Task, folder: string, count: number): Run {
  const self = fileURLToPath(import.meta.url)
  return JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, self, '--task', task, folder, String(count)], {
      encoding: 'utf8',
    }),
  )
}

function python(path: string): Run | null {
  const {status, stdout} = spawnSync('python3', ['-c', PYTHON_READER, path], {encoding: 'utf8'})
  return status === 0 ? (JSON.parse(stdout) as Run) : null
}

function row(name: string, {seconds, tracks, bytes, peakMemoryMb}: Run, peer?: Run | null): string {
  const cells = [
    name.padEnd(34),
    `${Math.round(tracks / seconds).toLocaleString('en')} tracks/s`.padStart(20),
    `${(bytes / 1e6 / seconds).toFixed(1)} MB/s`.padStart(13),
    `${Math.round(peakMemoryMb)} MB peak`.padStart(13),
  ]
  return cells.join('') + (peer ? `   ${(peer.seconds / seconds).toFixed(1)}× the peer` : '')
}

/** How long the synthetic library itself takes to be made, which is no part of writing it. */
async function generationSeconds(count: number): Promise<number> {
  const startedAt = process.cpuUsage()
  for await (const _track of oneDrive(count).tracks()) void _track
  return cpuSecondsSince(startedAt)
}

function measure(count: number, folder: string, generated: number): void {
  console.log(
    `\n${count.toLocaleString('en')} tracks (making one takes ${((generated / count) * 1e6).toFixed(0)} µs, taken off the export once per pass)`,
  )
  const exported = child('export', folder, count)
  console.log(
    row('export into an empty folder', {...exported, seconds: Math.max(0.001, exported.seconds - 2 * generated)}),
  )
  const imported = child('import', folder, count)
  const reader = python(join(folder, DATABASE))
  console.log(row('import', imported, reader))
  if (reader !== null) console.log(row('  peer: Python reader of the list', reader))
  const merged = child('merge', folder, count)
  console.log(row('merge, every row changes', {...merged, seconds: Math.max(0.001, merged.seconds - 3 * generated)}))

  // The name of the folder is that of seratojs, which writes SubCrates; Serato writes Subcrates.
  mkdirSync(join(folder, 'big/_Serato_/SubCrates'), {recursive: true})
  const paths = Array.from(
    {length: count},
    (_, index) => `Users/dj/Music/Artist ${index % 999}/Some Title ${index}.mp3`,
  )
  writeFileSync(join(folder, 'big/_Serato_/SubCrates/big.crate'), encodeCrate(withTracks(null, paths)))
  const own = child('crate-read', folder, count)
  const peer = hasSeratojs() ? child('seratojs-read', folder, count) : null
  console.log(row('read one crate', own, peer))
  if (peer !== null) console.log(row('  peer: seratojs 3.2.0', peer))
}

const [flag, task, folder, count] = process.argv.slice(2)
if (flag === '--task') await runTask(task as Task, folder ?? '', Number(count))
else {
  const counts = process.argv.slice(2).map(Number)
  for (const tracks of counts.length === 0 ? COUNTS : counts) {
    const temporary = mkdtempSync(join(tmpdir(), 'crate-bench-'))
    try {
      measure(tracks, temporary, await generationSeconds(tracks))
    } finally {
      rmSync(temporary, {recursive: true, force: true})
    }
  }
}

// Rekordbox XML, CSV, JSON and M3U8: export and import at three sizes, each in a process of its own so that its peak
// memory is its own, against whole-file parsers of the same file in the same run, which only parse: python3's
// ElementTree, json and csv, and fast-xml-parser. Traktor and Serato have benches of their own beside this one.
//
//   npx tsx bench/formats/run.ts [--format rekordbox] [1000 10000 100000]
import {spawnSync} from 'node:child_process'
import {createReadStream, createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {fileURLToPath} from 'node:url'
import {csvExporter, csvImporter} from '../../exporters/csv/index.js'
import {jsonExporter, jsonImporter} from '../../exporters/json/index.js'
import {m3u8Exporter, m3u8Importer} from '../../exporters/m3u8/index.js'
import {rekordboxExporter, rekordboxImporter} from '../../exporters/rekordbox/index.js'
import type {ExporterContribution, FileAccess, ImporterContribution} from '../../src/api/format.js'
import {testContext} from '../../test/exporters/harness.js'
import {syntheticLibrary} from './synthetic-tracks.js'

interface Format {
  readonly exporter: ExporterContribution
  readonly importer: ImporterContribution
  /** Statements of python3 that read the file at `path` and leave the number of tracks in `count`. */
  readonly python: string | null
}

const FORMATS: Readonly<Record<string, Format>> = {
  rekordbox: {
    exporter: rekordboxExporter,
    importer: rekordboxImporter,
    python: `import xml.etree.ElementTree as E; count = len(E.parse(path).getroot().find('COLLECTION'))`,
  },
  json: {
    exporter: jsonExporter,
    importer: jsonImporter,
    python: `import json; count = len(json.load(open(path, encoding='utf-8'))['tracks'])`,
  },
  csv: {
    exporter: csvExporter,
    importer: csvImporter,
    python: `import csv; count = len(list(csv.DictReader(open(path, encoding='utf-8', newline=''))))`,
  },
  m3u8: {exporter: m3u8Exporter, importer: m3u8Importer, python: null},
}

interface Measure {
  readonly seconds: number
  readonly peakMb: number
  readonly tracks: number
}

function filesAt(root: string): FileAccess {
  const resolve = (path: string) => (path === '' ? root : join(root, path))
  return {
    resolve,
    read: async (path) => readFile(resolve(path)),
    stream: async function* (path) {
      for await (const chunk of createReadStream(resolve(path), {highWaterMark: 1 << 18})) yield chunk as Uint8Array
    },
    list: async (path) => {
      const entries = await readdir(resolve(path), {withFileTypes: true})
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    },
  }
}

const COMMON = {audioTags: {read: async () => null}, shiftsPositions: true} as const

async function write({exporter}: Format, count: number, target: string): Promise<number> {
  const library = syntheticLibrary(count)
  const body = await exporter.load()
  // The files of a synthetic library are nowhere; looking for them is a cost of the disk, not of the format.
  const options: Record<string, string> = ['rekordbox', 'm3u8'].includes(exporter.id) ? {missing: 'ignore'} : {}
  if (exporter.id === 'm3u8') options['all'] = 'yes'
  const request = {...COMMON, library, target: filesAt(target), canWriteTags: false, options}
  for await (const piece of body.export(request, testContext())) {
    if (piece.kind !== 'file') continue
    const path = piece.path === '' ? target : join(target, piece.path)
    mkdirSync(dirname(path), {recursive: true})
    await pipeline(Readable.from(piece.chunks), createWriteStream(path))
  }
  return count
}

async function read({importer}: Format, target: string): Promise<number> {
  const body = await importer.load()
  let tracks = 0
  const request = {...COMMON, source: filesAt(target), options: {}}
  for await (const item of body.import(request, testContext())) if (item.kind === 'track') tracks++
  return tracks
}

async function parseWithFastXmlParser(path: string): Promise<number> {
  const {XMLParser} = await import('fast-xml-parser')
  const parsed = new XMLParser({ignoreAttributes: false}).parse(readFileSync(path)) as {
    DJ_PLAYLISTS: {COLLECTION: {TRACK: unknown[]}}
  }
  return parsed.DJ_PLAYLISTS.COLLECTION.TRACK.length
}

/** What making the tracks costs, which is in every export and no part of it. */
async function makeTracks(count: number): Promise<number> {
  let tracks = 0
  for await (const _track of syntheticLibrary(count).tracks()) tracks++
  return tracks
}

async function runPart(part: string, id: string, count: number, path: string): Promise<void> {
  const format = FORMATS[id]
  if (format === undefined) throw new RangeError(`no format ${id}`)
  const parts: Readonly<Record<string, () => Promise<number>>> = {
    make: () => makeTracks(count),
    export: () => write(format, count, path),
    import: () => read(format, path),
    peer: () => parseWithFastXmlParser(path),
  }
  const start = performance.now()
  const tracks = (await parts[part]?.()) ?? 0
  const seconds = (performance.now() - start) / 1000
  process.stdout.write(JSON.stringify({seconds, peakMb: process.resourceUsage().maxRSS / 1024, tracks}))
}

function measure(part: string, id: string, count: number, path: string): Measure | null {
  const args = ['--max-old-space-size=6144', '--import', 'tsx', fileURLToPath(import.meta.url), '--part', part, id]
  const child = spawnSync(process.execPath, [...args, String(count), path], {encoding: 'utf8'})
  return child.status === 0 ? (JSON.parse(child.stdout) as Measure) : null
}

function measurePython(statements: string, path: string): Measure | null {
  const script = `
import json, resource, sys, time
path = sys.argv[1]
start = time.perf_counter()
${statements}
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({'seconds': seconds, 'peakMb': peak, 'tracks': count}))`
  const child = spawnSync('python3', ['-c', script, path], {encoding: 'utf8'})
  return child.status === 0 ? (JSON.parse(child.stdout) as Measure) : null
}

function report(name: string, result: Measure | null, megabytes: number, peer: Measure | null): void {
  if (result === null) {
    console.log(`  ${name.padEnd(24)} did not run`)
    return
  }
  const columns = [
    `${result.seconds.toFixed(2)} s`,
    `${(megabytes / result.seconds).toFixed(1)} MB/s`,
    `${Math.round(result.tracks / result.seconds)} tracks/s`,
    `peak ${Math.round(result.peakMb)} MB`,
    peer === null || peer === result ? '' : `${(peer.seconds / result.seconds).toFixed(2)}× python3's speed`,
  ]
  console.log(`  ${name.padEnd(24)}${columns.map((column) => column.padStart(16)).join('')}`)
}

function sizeOf(id: string, path: string): number {
  const main = id === 'm3u8' ? join(path, 'All tracks.m3u8') : path
  return statSync(main).size / 1e6
}

function benchFormat(id: string, {python}: Format, counts: readonly number[], folder: string): void {
  for (const count of counts) {
    const path = join(folder, `${id}-${count}`)
    const exported = measure('export', id, count, path)
    const megabytes = sizeOf(id, path)
    const peer = python === null ? null : measurePython(python, path)
    console.log(`${id}: ${count} tracks, ${megabytes.toFixed(1)} MB`)
    report('(making the tracks)', measure('make', id, count, path), megabytes, null)
    report('export', exported, megabytes, null)
    report('import', measure('import', id, count, path), megabytes, peer)
    if (peer !== null) report('python3, parse alone', peer, megabytes, peer)
    if (id === 'rekordbox') report('fast-xml-parser, alone', measure('peer', id, count, path), megabytes, peer)
    rmSync(path, {recursive: true, force: true})
  }
}

function main(args: readonly string[]): void {
  const at = args.indexOf('--format')
  const wanted = at === -1 ? null : args[at + 1]
  const numbers = args.filter((arg) => /^\d+$/.test(arg)).map(Number)
  const counts = numbers.length > 0 ? numbers : [1000, 10_000, 100_000]
  const folder = mkdtempSync(join(tmpdir(), 'crate-bench-formats-'))
  try {
    for (const [id, format] of Object.entries(FORMATS))
      if (wanted === null || wanted === id) benchFormat(id, format, counts, folder)
  } finally {
    rmSync(folder, {recursive: true})
  }
}

const [flag, part = '', id = '', count = '0', path = ''] = process.argv.slice(2)
if (flag === '--part') await runPart(part, id, Number(count), path)
else main(process.argv.slice(2))

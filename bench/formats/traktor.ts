// Traktor's collection: export, import and merge at three sizes, each in a process of its own so that its peak memory is
// its own, against readers of the same file in the same run, which only parse: python3's ElementTree (the peer of the
// ratio, written in C) and fast-xml-parser. Run: npx tsx bench/formats/traktor.ts [1000 10000 100000]
import {spawnSync} from 'node:child_process'
import {createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {fileURLToPath} from 'node:url'
import {XMLParser} from 'fast-xml-parser'
import {exporter} from '../../exporters/traktor/exporter.js'
import {importer} from '../../exporters/traktor/importer.js'
import type {AudioTagAccess, FileAccess} from '../../src/api/format.js'
import {testContext} from '../../test/exporters/harness.js'
import {syntheticLibrary} from './synthetic-tracks.js'

interface Measure {
  readonly seconds: number
  /** Of the processor, all threads: what the work costs on a machine that does other things as well. */
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly tracks: number
}

const AUDIO_TAGS: AudioTagAccess = {read: async () => null}

function fileAt(path: string | null): FileAccess {
  return {
    read: async () => null,
    stream: async function* () {
      if (path === null) throw Object.assign(new Error('nothing there'), {code: 'ENOENT'})
      for await (const chunk of createReadStream(path, {highWaterMark: 1 << 18})) yield chunk as Uint8Array
    },
    list: async () => [],
    resolve: () => path ?? '',
  }
}

async function write(count: number, from: string | null, to: string): Promise<number> {
  const library = syntheticLibrary(count)
  const request = {
    library,
    target: fileAt(from),
    audioTags: AUDIO_TAGS,
    canWriteTags: false,
    shiftsPositions: true,
    options: {},
  }
  for await (const piece of exporter.export(request, testContext()))
    if (piece.kind === 'file') await pipeline(Readable.from(piece.chunks), createWriteStream(to))
  return count
}

async function read(path: string): Promise<number> {
  const request = {source: fileAt(path), audioTags: AUDIO_TAGS, shiftsPositions: true, options: {}}
  let tracks = 0
  for await (const item of importer.import(request, testContext())) if (item.kind === 'track') tracks++
  return tracks
}

async function parseWithPeer(path: string): Promise<number> {
  const parser = new XMLParser({ignoreAttributes: false})
  const parsed = parser.parse(readFileSync(path)) as {NML: {COLLECTION: {ENTRY: unknown[]}}}
  return parsed.NML.COLLECTION.ENTRY.length
}

/** What making the library alone costs, which is in every export and no part of it. */
async function makeTracks(count: number): Promise<number> {
  let tracks = 0
  for await (const _track of syntheticLibrary(count).tracks()) tracks++
  return tracks
}

async function runPart(part: string, count: number, path: string): Promise<void> {
  const parts: Readonly<Record<string, () => Promise<number>>> = {
    make: () => makeTracks(count),
    export: () => write(count, null, path),
    import: () => read(path),
    merge: () => write(count, path, `${path}.merged`),
    peer: () => parseWithPeer(path),
  }
  const start = performance.now()
  const before = process.cpuUsage()
  const tracks = (await parts[part]?.()) ?? 0
  const seconds = (performance.now() - start) / 1000
  const {user, system} = process.cpuUsage(before)
  const cpuSeconds = (user + system) / 1e6
  const peakMb = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({seconds, cpuSeconds, peakMb, tracks}))
}

function measure(part: string, count: number, path: string): Measure | null {
  const args = ['--max-old-space-size=6144', '--import', 'tsx', fileURLToPath(import.meta.url), '--part', part]
  const child = spawnSync(process.execPath, [...args, String(count), path], {encoding: 'utf8'})
  return child.status === 0 ? (JSON.parse(child.stdout) as Measure) : null
}

const PYTHON = `
import json, resource, sys, time, xml.etree.ElementTree as tree
start, before = time.perf_counter(), time.process_time()
tracks = len(tree.parse(sys.argv[1]).getroot().findall('COLLECTION/ENTRY'))
seconds, cpu = time.perf_counter() - start, time.process_time() - before
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({'seconds': seconds, 'cpuSeconds': cpu, 'peakMb': peak, 'tracks': tracks}))`

function measurePython(path: string): Measure | null {
  const child = spawnSync('python3', ['-c', PYTHON, path], {encoding: 'utf8'})
  return child.status === 0 ? (JSON.parse(child.stdout) as Measure) : null
}

function report(name: string, result: Measure | null, megabytes: number, peer: Measure | null): void {
  if (result === null) {
    console.log(`  ${name.padEnd(28)} did not run`)
    return
  }
  const columns = [
    `${result.seconds.toFixed(2)} s`,
    `cpu ${result.cpuSeconds.toFixed(2)} s`,
    `${(megabytes / result.seconds).toFixed(1)} MB/s`,
    `${Math.round(result.tracks / result.seconds)} tracks/s`,
    `peak ${Math.round(result.peakMb)} MB`,
    peer === null ? '' : `${(peer.cpuSeconds / result.cpuSeconds).toFixed(2)}× peer (cpu)`,
  ]
  console.log(`  ${name.padEnd(28)}${columns.map((column) => column.padStart(18)).join('')}`)
}

function main(counts: readonly number[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'crate-bench-traktor-'))
  try {
    for (const count of counts) {
      const path = join(folder, `${count}.nml`)
      const made = measure('make', count, path)
      const exported = measure('export', count, path)
      const megabytes = statSync(path).size / 1e6
      console.log(`${count} tracks, ${megabytes.toFixed(1)} MB`)
      const python = measurePython(path)
      report('(making the library)', made, megabytes, null)
      report('export', exported, megabytes, null)
      report('import', measure('import', count, path), megabytes, python)
      report('merge, nothing new', measure('merge', count, path), megabytes, python)
      report('python3 ElementTree, parse', python, megabytes, python)
      report('fast-xml-parser, parse', measure('peer', count, path), megabytes, python)
    }
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

const [flag, part = '', count = '0', path = ''] = process.argv.slice(2)
if (flag === '--part') await runPart(part, Number(count), path)
else {
  const counts = process.argv.slice(2).map(Number)
  main(counts.length > 0 ? counts : [1000, 10_000, 100_000])
}

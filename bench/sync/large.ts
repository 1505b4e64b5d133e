// A library of 100,000 tracks through the real commands: list, filter, similar, and each export, with the most memory held.
//
//   npm run build && npx tsx bench/sync/large.ts [TRACKS]
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {availableParallelism, loadavg, tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openLibrary} from '../../src/store/library.js'
import {makeSyntheticLibrary} from '../store/synthetic-library.js'
import {type Measured, measureProgram, medianOf} from '../support/measure.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const trackCount = Number(process.argv[2] ?? 100_000)
const folder = mkdtempSync(join(tmpdir(), 'crate-bench-'))
const library = join(folder, 'library')

const crate = (...args: string[]) =>
  measureProgram(process.execPath, [join(root, 'bin', 'run.js'), ...args, '--library', library, '--no-progress'])

function row(name: string, {elapsedMs, cpuMs, peakMegabytes, status}: Measured, note = ''): void {
  const failed = status === 0 ? '' : `  exit ${status}`
  console.log(
    `${name.padEnd(44)}${(elapsedMs / 1000).toFixed(2).padStart(9)}${((cpuMs ?? 0) / 1000).toFixed(2).padStart(9)}${String(peakMegabytes ?? '–').padStart(9)}  ${note}${failed}`,
  )
}

try {
  const filled = makeSyntheticLibrary(library, {trackCount})
  await filled.vectors.refresh()
  filled.close()
  const start = await medianOf(5, () => measureProgram(process.execPath, [join(root, 'bin', 'run.js'), '--version']))
  console.log(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}: beside other work, only the processor's times say something`,
  )
  console.log(
    `${trackCount} tracks, library.db ${Math.round(statSync(join(library, 'library.db')).size / 1e6)} MB; start-up of crate ${Math.round(start.elapsedMs)} ms\n`,
  )
  console.log(`${''.padEnd(44)}${'seconds'.padStart(9)}${'cpu s'.padStart(9)}${'peak MB'.padStart(9)}`)
  const beyond = (run: Measured) =>
    `${Math.round(run.elapsedMs - start.elapsedMs)} ms beyond start-up (processor ${(run.cpuMs ?? 0) - (start.cpuMs ?? 0)} ms)`
  for (const query of ['bpm:120..128 key:8A', 'genre:techno energy:7.. bpm+', 'added:-30d..', 'love']) {
    const run = await medianOf(3, () => crate('library', 'list', query, '--limit', '50'))
    row(`crate library list '${query}'`, run, beyond(run))
  }
  const peer = await medianOf(3, () =>
    measureProgram('sqlite3', [
      join(library, 'library.db'),
      'SELECT t.id, g.artist, g.title FROM tracks t JOIN tags g ON g.track_row = t.row JOIN track_index i ON i.track_row = t.row WHERE i.bpm BETWEEN 119.5 AND 128.5 LIMIT 50',
    ]),
  )
  row('peer: sqlite3, a like question', peer)

  const open = openLibrary(library)
  const [id = ''] = open.tracks.ids({limit: 1})
  const times: number[] = []
  await open.vectors.warmUp()
  const ids = open.tracks.ids({limit: 200})
  for (const seed of ids) {
    const startedMs = performance.now()
    await open.vectors.similar(seed, {limit: 10})
    times.push(performance.now() - startedMs)
  }
  open.close()
  times.sort((a, b) => a - b)
  const similar = await medianOf(3, () => crate('similar', id))
  row('crate similar', similar, beyond(similar))
  console.log(`  inside a running process: p50 ${times[100]?.toFixed(1)} ms, p99 ${times[197]?.toFixed(1)} ms`)

  for (const [format, target] of [
    ['rekordbox', 'rekordbox.xml'],
    ['traktor', 'collection.nml'],
    ['serato', 'serato'],
    ['csv', 'library.csv'],
  ] as const) {
    const path = join(folder, target)
    const run = await crate('export', format, '--to', path, '--quiet')
    row(`crate export ${format}`, run, `${Math.round((1000 * trackCount) / run.elapsedMs)} tracks/s`)
  }
  const parse = spawnSync(
    'python3',
    [
      '-c',
      'import sys, time, xml.etree.ElementTree as ET\ns = time.time()\nET.parse(sys.argv[1])\nprint(f"{time.time() - s:.2f}")',
      join(folder, 'rekordbox.xml'),
    ],
    {encoding: 'utf8'},
  )
  if (parse.status === 0) console.log(`peer: python3 only parsing that rekordbox.xml takes ${parse.stdout.trim()} s`)
} finally {
  rmSync(folder, {recursive: true, force: true})
}

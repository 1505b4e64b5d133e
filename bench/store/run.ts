// How fast the library is, beside peers in the same run: the sqlite3 program on plain tables, and a loop over vectors.
// Usage: npx tsx bench/store/run.ts [--tracks 100000] [--vectors 1000000]   (--vectors: the index alone, at that size)
import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {availableParallelism, loadavg, tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {parseQuery} from '../../src/core/query/parse.js'
import type {TrackId} from '../../src/core/track.js'
import {type Library, openLibrary} from '../../src/store/library.js'
import {benchIndex} from './bench-index.js'
import {makeSyntheticLibrary} from './synthetic-library.js'

const clock = {nowMs: Date.UTC(2026, 0, 1)}

interface Timing {
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the processor, a mean over all runs and threads: what a machine that does nothing else would about take. */
  readonly cpuMs: number
}

async function time(work: () => unknown, runs: number): Promise<Timing> {
  const times: number[] = []
  const before = process.cpuUsage()
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  const {user, system} = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
  return {p50Ms: at(0.5), p99Ms: at(0.99), cpuMs: (user + system) / 1000 / runs}
}

/** Milliseconds of the processor that the sqlite3 program itself says it took, the least of five; null without it. */
function timeSqlite3(path: string, sql: string): number | null {
  const times: number[] = []
  for (let run = 0; run < 5; run++)
    try {
      const input = `.timer on\n${sql.replaceAll('\n', ' ')};\n`
      const output = execFileSync('sqlite3', ['-readonly', path], {encoding: 'utf8', input})
      const [, user, system] = /user ([\d.]+) sys ([\d.]+)/.exec(output) ?? []
      times.push((Number(user) + Number(system)) * 1000)
    } catch {
      return null
    }
  return Math.min(...times)
}

function print(name: string, own: Timing, peerCpuMs: number | null, gateMs: number | null): void {
  const number = (value: number) => value.toFixed(value < 10 ? 2 : 0).padStart(8)
  const ratio = peerCpuMs === null ? '' : `${(peerCpuMs / own.cpuMs).toFixed(1)}×`
  const peer = peerCpuMs === null ? '–'.padStart(8) : number(peerCpuMs)
  const gate = gateMs === null ? '' : own.p50Ms <= gateMs ? `within ${gateMs}` : `OVER ${gateMs}`
  const numbers = [own.p50Ms, own.p99Ms, own.cpuMs].map(number).join(' ')
  console.log(`${name.padEnd(46)} ${numbers} ${peer} ${ratio.padStart(8)}  ${gate}`)
}

/** Each query with the same question to the tables of the truth, as anybody would write it. */
const QUERIES: readonly (readonly [query: string, peerWhere: string])[] = [
  [
    'bpm:120..128 key:8A',
    `json_extract(a.fields, '$.tempoBpm') >= 119.5 AND json_extract(a.fields, '$.tempoBpm') < 128.5
    AND json_extract(a.fields, '$.key.tonic') = 'A' AND json_extract(a.fields, '$.key.mode') = 'minor'`,
  ],
  [
    'genre:techno added:2025.. ^artist:love',
    `g.genre LIKE '%techno%' AND m.added_at >= '2025' AND g.artist NOT LIKE '%love%'`,
  ],
  [
    'deja night',
    `(g.artist || g.title || g.album || g.label || g.genre || ifnull(g.comment, '')) LIKE '%déjà%'
    AND (g.artist || g.title || g.album || g.label || g.genre || ifnull(g.comment, '')) LIKE '%night%'`,
  ],
  ['artist::^love', `g.artist REGEXP '^love'`],
  ['energy:8.. rating:4..', `json_extract(a.fields, '$.energy') >= 8 AND m.rating_stars >= 3.5`],
]
const PEER_TABLES = `tracks t JOIN tags g ON g.track_row = t.row JOIN marks m ON m.track_row = t.row
  LEFT JOIN analyses a ON a.audio_hash = t.audio_hash AND a.analyzer = 'crate'`

async function benchLibrary(library: Library, path: string): Promise<void> {
  console.log(
    `${''.padEnd(46)} ${['p50 ms', 'p99 ms', 'cpu ms', 'peer cpu', 'ratio'].map((title) => title.padStart(8)).join(' ')}`,
  )
  const openAgain = await time(() => openLibrary(library.folder).close(), 10)
  print('open and close', openAgain, null, null)
  const states = await time(() => library.scan.states(), 10)
  const statesPeer = timeSqlite3(
    path,
    `SELECT max(length(id || path || ifnull(size_bytes, '') || modified_at_ms || audio_hash)) FROM tracks`,
  )
  print('state of every file', states, statesPeer, 100)
  for (const [text, where] of QUERIES) {
    const query = parseQuery(text, clock)
    const peer = timeSqlite3(
      path,
      `SELECT count(*) FROM (SELECT t.id FROM ${PEER_TABLES} WHERE ${where} ORDER BY t.row LIMIT 50)`,
    )
    const peerAll = timeSqlite3(path, `SELECT count(*) FROM ${PEER_TABLES} WHERE ${where}`)
    print(`list 50   ${text}`, await time(() => library.tracks.list({query, limit: 50}), 10), peer, 200)
    print(`count     ${text}`, await time(() => library.tracks.count(query), 10), peerAll, 200)
  }
  const sorted = parseQuery('artist+ title+ limit:50', clock)
  const sortPeer = timeSqlite3(
    path,
    'SELECT count(*) FROM (SELECT track_row FROM tags ORDER BY artist, title LIMIT 50)',
  )
  print('list 50   artist+ title+', await time(() => library.tracks.list({query: sorted}), 10), sortPeer, 200)
  const resolved = await time(() => library.tracks.ids({query: parseQuery('title:="no such"', clock)}), 10)
  print('one title that is not there', resolved, null, 200)
}

function benchStream(library: Library): void {
  const before = process.memoryUsage().rss
  let most = before
  let count = 0
  const start = performance.now()
  const cpu = process.cpuUsage()
  for (const track of library.tracks.iterate()) {
    count += track.cues.length > 0 ? 1 : 0
    if (count % 2000 === 0) most = Math.max(most, process.memoryUsage().rss)
  }
  const seconds = (performance.now() - start) / 1000
  const cpuSeconds = process.cpuUsage(cpu).user / 1e6
  console.log(
    `stream every track whole: ${seconds.toFixed(1)} s (processor ${cpuSeconds.toFixed(1)} s), ${((most - before) / 1e6).toFixed(0)} MB above what was held before`,
  )
}

async function benchSimilar(library: Library): Promise<void> {
  const first = await timeOnce(() => library.vectors.refresh())
  const nothing = await timeOnce(() => library.vectors.refresh())
  const ids = library.tracks.ids().filter((_, index, all) => index % Math.ceil(all.length / 200) === 0)
  const [some] = ids
  if (some === undefined) return
  library.tracks.setTempo(some, 99)
  const one = await timeOnce(() => library.vectors.refresh())
  console.log(
    `refresh the index: first ${first.toFixed(0)} ms, nothing new ${nothing.toFixed(0)} ms, one track ${one.toFixed(0)} ms`,
  )

  const vectors = library.tracks
    .list()
    .map(({id, audioHash}) => ({id, vector: library.analyses.embedding(audioHash ?? '')?.vector}))
  const brute = (seed: TrackId) => {
    const own = vectors.find(({id}) => id === seed)?.vector ?? new Float32Array()
    const scores = vectors.map(({id, vector}) => {
      let dot = 0
      for (let at = 0; at < own.length; at++) dot += (own[at] as number) * (vector?.[at] as number)
      return {id, dot}
    })
    return scores
      .filter(({id}) => id !== seed)
      .sort((a, b) => b.dot - a.dot)
      .slice(0, 10)
  }
  await library.vectors.warmUp()
  const loop = await time(() => brute(some), 5)
  let hits = 0
  for (const seed of ids.slice(0, 50)) {
    const true10 = new Set(brute(seed).map(({id}) => id))
    const {tracks} = await library.vectors.similar(seed)
    hits += tracks.filter(({id}) => true10.has(id)).length
  }
  for (const text of ['', 'bpm:120..128 key:8A', 'genre:techno']) {
    const query = parseQuery(text, clock)
    let next = 0
    const timing = await time(() => library.vectors.similar(ids[next++ % ids.length] as TrackId, {query}), 200)
    print(`similar   ${text}`, timing, loop.cpuMs, 30)
  }
  console.log(`similar, recall@10 against the loop: ${(hits / 500).toFixed(3)}`)
}

async function timeOnce(work: () => unknown): Promise<number> {
  return (await time(work, 1)).p50Ms
}

const {values} = parseArgs({options: {tracks: {type: 'string', default: '100000'}, vectors: {type: 'string'}}})
console.log(
  `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}: beside other work, compare the processor's times`,
)
const folder = mkdtempSync(join(tmpdir(), 'crate-bench-'))
try {
  if (values.vectors !== undefined) await benchIndex(folder, Number(values.vectors))
  else {
    const trackCount = Number(values.tracks)
    const cpu = process.cpuUsage()
    const start = performance.now()
    const library = makeSyntheticLibrary(folder, {trackCount})
    const seconds = (performance.now() - start) / 1000
    const cpuSeconds = process.cpuUsage(cpu).user / 1e6
    console.log(
      `filled with ${trackCount} tracks in ${seconds.toFixed(1)} s (processor ${cpuSeconds.toFixed(1)} s), ${(trackCount / seconds).toFixed(0)} per second`,
    )
    await benchLibrary(library, join(folder, 'library.db'))
    benchStream(library)
    await benchSimilar(library)
    library.close()
  }
} finally {
  rmSync(folder, {recursive: true, force: true})
}

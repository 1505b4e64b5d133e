// What crate costs around yt-dlp, per track, and how well the version matcher does.
//
//   npm run build && npx tsx bench/download/run.ts [TRACKS]
//
// Both fetch the same tracks from a server on this machine, where the network costs nothing: what is left is the programs.
// The peers are yt-dlp alone in one process for all links, and yt-dlp started once for each link, both with the same options.
import {existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {readVersionCases, scoreMatcher, VERSION_LISTS} from '../../test/core/download/version-cases.js'
import {clickSamples, wavBytes} from '../../test/support/wav.js'
import {measureProgram} from '../support/measure.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const count = Number(process.argv[2] ?? 20)
const work = mkdtempSync(join(tmpdir(), 'crate-bench-'))
const sounds = Array.from({length: count}, (_, n) =>
  wavBytes(clickSamples({tempoBpm: 100 + n, seconds: 30, toneHz: 150 + 13 * n})),
)
const server = createServer((request, response) => {
  const sound = sounds[Number(/\d+/.exec(request.url ?? '')?.[0])]
  response.writeHead(sound === undefined ? 404 : 200, {
    'content-type': 'audio/wav',
    'content-length': sound?.length ?? 0,
  })
  response.end(request.method === 'HEAD' ? undefined : sound)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const links = sounds.map((_, n) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/track${n}.wav`)
const perTrack = (elapsedMs: number) => Math.round(elapsedMs / count)
const fetched = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.wav')).length : 0
const row = (name: string, elapsedMs: number, files: number) =>
  console.log(`${name.padEnd(44)}${String(perTrack(elapsedMs)).padStart(7)} ms a track  ${files} files`)

try {
  const options = ['--ignore-config', '--quiet', '--no-mtime']
  const output = (folder: string) => ['-o', join(folder, '%(id)s.%(ext)s')]
  const one = await measureProgram('yt-dlp', [...options, ...output(join(work, 'one')), '--', ...links])
  row('peer: yt-dlp alone, one process', one.elapsedMs, fetched(join(work, 'one')))
  let manyMs = 0
  for (const link of links)
    manyMs += (await measureProgram('yt-dlp', [...options, ...output(join(work, 'many')), '--', link])).elapsedMs
  row('peer: yt-dlp alone, started for each link', manyMs, fetched(join(work, 'many')))
  const crate = (jobs: number, ...sources: string[]) => {
    const to = join(work, `crate-${jobs}`)
    const args = [
      'download',
      ...sources,
      '--to',
      to,
      '--jobs',
      String(jobs),
      '--per-host',
      String(jobs),
      '--no-progress',
      '--quiet',
      '--json',
    ]
    return measureProgram(process.execPath, [
      join(root, 'bin', 'run.js'),
      ...args,
      '--library',
      join(work, `library-${jobs}`),
    ])
  }
  const times: Record<number, number> = {}
  for (const jobs of [1, 3]) {
    const run = await crate(jobs, ...links)
    times[jobs] = run.elapsedMs
    row(`crate download --jobs ${jobs}`, run.elapsedMs, fetched(join(work, `crate-${jobs}`)))
  }
  const again = await crate(1, ...links)
  row('crate download, nothing new', again.elapsedMs, 0)
  const ratio = (a: number, b: number) => (a / b).toFixed(2)
  console.log(`\ncrate --jobs 1 / yt-dlp started for each link: ${ratio(times[1] ?? 0, manyMs)}`)
  console.log(`crate --jobs 3 / yt-dlp in one process: ${ratio(times[3] ?? 0, one.elapsedMs)}`)

  const list = join(work, 'list.txt')
  writeFileSync(list, Array.from({length: 100_000}, (_, n) => `Artist ${n} - Song ${n}`).join('\n'))
  console.log('\nversion matcher, on searches labelled by hand')
  console.log(
    `${''.padEnd(30)}${['cases', 'precision', 'recall', 'asked', 'refused', 'µs a case'].map((name) => name.padStart(11)).join('')}`,
  )
  for (const name of VERSION_LISTS) {
    const cases = readVersionCases(name)
    const rounds = 50
    const startedMs = performance.now()
    for (let round = 0; round < rounds; round++) scoreMatcher(cases)
    const microseconds = (1000 * (performance.now() - startedMs)) / rounds / cases.length
    const {precision, recall, asked, refused} = scoreMatcher(cases)
    show(name, cases.length, precision, recall, asked, refused, microseconds)
    const first = scoreMatcher(cases, (_wanted, candidates) => ({
      kind: 'sure',
      ranked: candidates.slice(0, 1).map((candidate) => ({candidate, score: 1, reasons: []})),
    }))
    show('  peer: the first result', cases.length, first.precision, first.recall, first.asked, first.refused, null)
    const nearest = scoreMatcher(cases, ({durationMs}, candidates) => {
      const distance = (ms: number | null) => Math.abs((ms ?? 0) - (durationMs ?? ms ?? 0))
      const sorted = [...candidates].sort((a, b) => distance(a.durationMs) - distance(b.durationMs))
      return {kind: 'sure', ranked: sorted.slice(0, 1).map((candidate) => ({candidate, score: 1, reasons: []}))}
    })
    show(
      '  peer: the nearest length',
      cases.length,
      nearest.precision,
      nearest.recall,
      nearest.asked,
      nearest.refused,
      null,
    )
  }
} finally {
  server.close()
  rmSync(work, {recursive: true, force: true})
}

function show(
  name: string,
  cases: number,
  precision: number,
  recall: number,
  asked: number,
  refused: number,
  microseconds: number | null,
): void {
  const cells = [
    cases,
    precision.toFixed(3),
    recall.toFixed(3),
    asked,
    refused,
    microseconds === null ? '–' : Math.round(microseconds),
  ]
  console.log(name.padEnd(30) + cells.map((cell) => String(cell).padStart(11)).join(''))
}

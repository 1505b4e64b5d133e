// The main job at size: 200 different files synced first, again, and after small changes; against plain ffmpeg decoding.
//
//   npm run build && npx tsx bench/sync/run.ts [FILES]
//
// Files are the fixtures and, where it is there, the development corpus, each cut and re-encoded a little differently, so
// that no two have the same audio. Needs ffmpeg.
import {execFileSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {availableParallelism, loadavg, tmpdir} from 'node:os'
import {dirname, extname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {clickSamples, wavBytes} from '../../test/support/wav.js'
import {measureProgram, medianOf} from '../support/measure.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const MANY = 2000
const count = Number(process.argv[2] ?? 200)
const work = mkdtempSync(join(tmpdir(), 'crate-bench-'))
const music = join(work, 'music')
mkdirSync(music)

function sources(): string[] {
  const folders = [
    join(root, 'fixtures', 'music'),
    ...['gen', 'charted'].map((name) => join(dirname(root), 'shared', 'audio', 'dev', name)),
  ]
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => extname(path) !== '.json')
}

const ENCODERS = [
  ['mp3', ['-c:a', 'libmp3lame', '-b:a', '192k']],
  ['flac', ['-c:a', 'flac']],
  ['m4a', ['-c:a', 'aac', '-b:a', '160k']],
  ['wav', ['-c:a', 'pcm_s16le']],
  ['ogg', ['-c:a', 'libvorbis', '-q:a', '4']],
] as const

function makeFile(index: number, input: string): void {
  const [extension, encoder] = ENCODERS[index % ENCODERS.length] ?? ENCODERS[0]
  execFileSync('ffmpeg', [
    '-nostdin',
    '-loglevel',
    'error',
    '-ss',
    (0.05 * index).toFixed(2),
    '-t',
    '90',
    '-i',
    input,
    '-vn',
    '-map_metadata',
    '-1',
    '-metadata',
    `title=Track ${index}`,
    ...encoder,
    join(music, `track ${String(index).padStart(4, '0')}.${extension}`),
  ])
}

interface Summary {
  readonly found: number
  readonly analyzed: number
  readonly analyzedMs: number
  readonly elapsedMs: number
}

/** Half a second each: what a sync does beside the audio. */
function makeShortFiles(folder: string, files: number): void {
  for (let index = 0; index < files; index++) {
    const place = join(folder, `folder ${index % 20}`)
    mkdirSync(place, {recursive: true})
    const tone = {tempoBpm: 120, seconds: 0.5, toneHz: 100 + index}
    writeFileSync(join(place, `track ${index}.wav`), wavBytes(clickSamples(tone)))
  }
}

async function sync(library: string, folder = music, ...args: string[]) {
  const run = await measureProgram(process.execPath, [
    join(root, 'bin', 'run.js'),
    'sync',
    folder,
    '--library',
    library,
    '--json',
    '--no-progress',
    ...args,
  ])
  const {summary} = JSON.parse(run.stdout) as {summary: Summary & Record<string, number>}
  return {...run, summary}
}

function seconds(ms: number | null): string {
  return ms === null ? '–' : (ms / 1000).toFixed(2)
}

function row(name: string, ...values: (string | number)[]): void {
  console.log([name.padEnd(34), ...values.map((value) => String(value).padStart(12))].join(''))
}

try {
  const inputs = sources()
  for (let index = 0; index < count; index++) makeFile(index, inputs[index % inputs.length] ?? '')

  const start = await medianOf(5, () => measureProgram(process.execPath, [join(root, 'bin', 'run.js'), '--version']))
  console.log(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}: beside other work, only the processor's times say something`,
  )
  console.log(`${count} files from ${inputs.length} songs; start-up of crate ${Math.round(start.elapsedMs)} ms\n`)
  row('', 'files/s', '× real time', 'seconds', 'cpu s', 'peak MB')
  const firsts: Record<number, number> = {}
  for (const jobs of [1, 2]) {
    const {summary, elapsedMs, cpuMs, peakMegabytes} = await sync(
      join(work, `library-${jobs}`),
      music,
      '--jobs',
      String(jobs),
    )
    firsts[jobs] = elapsedMs
    row(
      `first sync, ${jobs} ${jobs === 1 ? 'worker' : 'workers'}`,
      ((1000 * summary.analyzed) / elapsedMs).toFixed(1),
      Math.round(summary.analyzedMs / elapsedMs),
      (elapsedMs / 1000).toFixed(1),
      seconds(cpuMs),
      peakMegabytes ?? '–',
    )
  }
  const decodeStartMs = performance.now()
  for (const name of readdirSync(music))
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-i', join(music, name), '-f', 'null', '-'], {
      stdio: 'ignore',
    })
  const decodeMs = performance.now() - decodeStartMs
  row(
    'peer: ffmpeg, decoding alone',
    ((1000 * count) / decodeMs).toFixed(1),
    '',
    (decodeMs / 1000).toFixed(1),
    '–',
    '–',
  )
  console.log(`\n2 workers / 1 worker: ${((firsts[1] ?? 0) / (firsts[2] ?? 1)).toFixed(2)} × as fast`)
  console.log(
    `first sync with 2 workers / ffmpeg decoding alone: ${((firsts[2] ?? 0) / decodeMs).toFixed(2)} × its time\n`,
  )

  const library = join(work, 'library-2')
  const again = await medianOf(5, () => sync(library))
  const empty = join(work, 'empty')
  mkdirSync(empty)
  const idle = await medianOf(5, () =>
    measureProgram(process.execPath, [
      join(root, 'bin', 'run.js'),
      'sync',
      empty,
      '--library',
      join(work, 'library-idle'),
      '--json',
      '--no-progress',
    ]),
  )
  const manyFiles = join(work, 'many')
  const many = join(work, 'library-many')
  makeShortFiles(manyFiles, MANY)
  await sync(many, manyFiles)
  const manyAgain = await medianOf(5, () => sync(many, manyFiles))
  row('nothing changed', '', '', (again.elapsedMs / 1000).toFixed(2), seconds(again.cpuMs), again.peakMegabytes ?? '–')
  row(
    `nothing changed, ${MANY} short files`,
    '',
    '',
    seconds(manyAgain.elapsedMs),
    seconds(manyAgain.cpuMs),
    manyAgain.peakMegabytes ?? '–',
  )
  const peer = await medianOf(5, () => measureProgram('find', [manyFiles, '-type', 'f', '-printf', '%s %T@ %p\\n']))
  const perThousand = (ms: number | null, idleMs: number | null) =>
    ((1000 * ((ms ?? 0) - (idleMs ?? 0))) / MANY).toFixed(0)
  console.log(
    `  beyond a sync of nothing (${Math.round(idle.elapsedMs)} ms): ${perThousand(manyAgain.elapsedMs, idle.elapsedMs)} ms per 1000 files (processor: ${perThousand(manyAgain.cpuMs, idle.cpuMs)} ms); find -printf over them takes ${Math.round(peer.elapsedMs)} ms`,
  )

  const names = readdirSync(music).sort()
  makeFile(count + 1, inputs[0] ?? '')
  copyFileSync(join(music, names.at(-1) ?? ''), join(music, names[3] ?? ''))
  renameSync(join(music, names[1] ?? ''), join(music, `moved${extname(names[1] ?? '')}`))
  rmSync(join(music, names[2] ?? ''))
  const {summary} = await sync(library)
  console.log(`  after one new, one changed, one moved, one deleted: ${JSON.stringify(summary)}`)
} finally {
  rmSync(work, {recursive: true, force: true})
}

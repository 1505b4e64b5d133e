// Runs a program to its end and measures it from outside: time, and the most memory that it ever held.
import {spawn} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'

export interface Measured {
  readonly status: number | null
  readonly elapsedMs: number
  /** Of the processor, over all threads: what beside other work still says something. Null where peakMegabytes is. */
  readonly cpuMs: number | null
  /** Peak resident memory; null where the system does not tell (/proc). */
  readonly peakMegabytes: number | null
  readonly stdout: string
}

const SAMPLE_MS = 20
/** Of Linux's clock ticks, in which /proc counts. */
const TICK_MS = 10

export function measureProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const startedMs = performance.now()
  const child = spawn(command, [...args], {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'ignore']})
  const pieces: Buffer[] = []
  let peakKilobytes = 0
  let ticks = 0
  const sample = () => {
    const folder = `/proc/${child.pid}`
    if (!existsSync(folder)) return
    try {
      const status = readFileSync(`${folder}/status`, 'utf8')
      peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
      // After the name in brackets, which may hold spaces: utime and stime are the 12th and 13th.
      const fields = readFileSync(`${folder}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      ticks = Math.max(ticks, Number(fields[11] ?? 0) + Number(fields[12] ?? 0))
    } catch {
      // It ended between the two looks.
    }
  }
  const sampler = setInterval(sample, SAMPLE_MS)
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  return new Promise((resolve) => {
    child.on('close', (status) => {
      clearInterval(sampler)
      resolve({
        status,
        elapsedMs: performance.now() - startedMs,
        cpuMs: peakKilobytes === 0 ? null : ticks * TICK_MS,
        peakMegabytes: peakKilobytes === 0 ? null : Math.round(peakKilobytes / 1024),
        stdout: Buffer.concat(pieces).toString('utf8'),
      })
    })
  })
}

/** Runs it so often and gives the median by time. */
export async function medianOf(times: number, run: () => Promise<Measured>): Promise<Measured> {
  const runs: Measured[] = []
  for (let n = 0; n < times; n++) runs.push(await run())
  const sorted = runs.sort((a, b) => a.elapsedMs - b.elapsedMs)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) throw new Error('nothing was run')
  return median
}

// Runs a program to its end and measures it from outside: time, and the most memory that it ever held.
import {spawn} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'

export interface Measured {
  readonly status: number | null
  readonly elapsedMs: number
  /** Peak resident memory; null where the system does not tell (/proc). */
  readonly peakMegabytes: number | null
  readonly stdout: string
}

const SAMPLE_MS = 50

export function measureProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const startedMs = performance.now()
  const child = spawn(command, [...args], {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'ignore']})
  const pieces: Buffer[] = []
  let peakKilobytes = 0
  const sample = () => {
    const path = `/proc/${child.pid}/status`
    if (!existsSync(path)) return
    try {
      peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0))
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

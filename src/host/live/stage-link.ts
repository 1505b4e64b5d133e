// The other end of the stage's process: starts it, hears it, starts it again should it die.
import {type ChildProcess, fork} from 'node:child_process'
import {existsSync} from 'node:fs'
import {extname} from 'node:path'
import {CrateError} from '../../core/errors.js'
import type {StageConfig, StageReport, StageRequest} from './protocol.js'

export interface StageLink {
  readonly pid: number | null
  readonly phonePort: number | null
  send(request: Exclude<StageRequest, {kind: 'start' | 'close'}>): void
  /** Notes ended, ports closed. */
  close(): Promise<void>
}

const CLOSE_MS = 3000
/** Dying oftener than this within a minute, it would only die again. */
const MOST_RESTARTS = 5

/** @throws what the stage says where it cannot start */
export async function startStageProcess(
  config: StageConfig,
  listener: (report: StageReport) => void,
): Promise<StageLink> {
  let child: ChildProcess
  let isClosing = false
  let phonePort: number | null = null
  let latest = config
  const restartsMs: number[] = []

  const spawn = (isRestart: boolean) =>
    new Promise<void>((resolve, reject) => {
      child = fork(new URL('./stage-process.js', import.meta.url), {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        // Short pauses of the collector matter more than how often they come.
        execArgv: ['--max-semi-space-size=2'],
      })
      const own = child
      child.on('message', (report: StageReport) => {
        if (own !== child) return
        if (report.kind === 'started') {
          phonePort = report.phonePort
          resolve()
        } else if (report.kind === 'failed') reject(new CrateError(report.code, report.message, {hints: report.hints}))
        listener(report)
      })
      child.on('error', reject)
      child.on('exit', (status, signal) => {
        reject(new CrateError('INTERNAL', `the stage's process ended (${signal ?? status})`))
        if (isClosing || own !== child || (phonePort === null && !isRestart && !hasStarted)) return
        again(`${signal ?? status}`)
      })
      child.send({
        kind: 'start',
        config: {...latest, isRestart, recording: isRestart ? nextPart(latest.recording) : latest.recording},
      })
    })
  let hasStarted = false
  const again = (reason: string) => {
    const nowMs = performance.now()
    while ((restartsMs[0] ?? nowMs) < nowMs - 60_000) restartsMs.shift()
    const isHopeless = restartsMs.push(nowMs) > MOST_RESTARTS
    listener({
      kind: 'notice',
      level: 'warn',
      message: `the stage's process ended (${reason})${isHopeless ? '; it is not started again' : ', it is started again'}`,
    })
    if (!isHopeless) spawn(true).catch(() => undefined)
  }
  await spawn(config.isRestart)
  hasStarted = true

  return {
    get pid() {
      return child.pid ?? null
    },
    get phonePort() {
      return phonePort
    },
    send(request) {
      if (request.kind === 'remap') latest = {...latest, mapping: request.mapping}
      if (child.connected) child.send(request, () => undefined)
    },
    async close() {
      if (isClosing) return
      isClosing = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      if (child.connected) child.send({kind: 'close'}, () => undefined)
      const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** A recording is never written over: what comes after a crash is kept beside it, as `NAME-2`. */
function nextPart(recording: StageConfig['recording']): StageConfig['recording'] {
  if (recording === null) return null
  const extension = extname(recording.path)
  const stem = recording.path.slice(0, recording.path.length - extension.length)
  let part = 2
  while (existsSync(`${stem}-${part}${extension}`)) part++
  return {name: `${recording.name}-${part}`, path: `${stem}-${part}${extension}`}
}

// Entry of the stage's own process: it outlives a crash of the process beside it just long enough to end every note.
import type {Reporter} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import {createContext} from '../context.js'
import {tellStray} from '../plugin-guard.js'
import {createRegistry} from '../registry.js'
import {goFirst} from './priority.js'
import type {StageReport, StageRequest} from './protocol.js'
import {type Stage, startStage} from './stage.js'

let stage: Stage | null = null
let isLeaving = false

const report = (message: StageReport) => {
  if (process.connected) process.send?.(message, () => undefined)
}
const nowMs = () => performance.timeOrigin + performance.now()

const leave = async (status: number) => {
  if (isLeaving) return
  isLeaving = true
  // Whatever hangs, the process ends; the notes are sent first and take no time.
  setTimeout(() => process.exit(status), 2000).unref()
  await stage?.close().catch(() => undefined)
  report({kind: 'closed'})
  setTimeout(() => process.exit(status), 20)
}

goFirst()

// Ctrl-C reaches both processes of a terminal: the other one decides, and says so.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => void leave(0))
process.on('SIGHUP', () => void leave(0))
process.on('disconnect', () => void leave(0))
process.on('uncaughtException', (error) => {
  // The night goes on without what a plugin wanted to do there.
  if (tellStray(error)) return
  report({kind: 'notice', level: 'warn', message: `the stage failed: ${error.stack ?? error.message}`})
  void leave(1)
})
process.on('unhandledRejection', (error) => {
  if (!tellStray(error)) throw error
})

const reporter: Reporter = {
  debug: () => undefined,
  info: (message) => report({kind: 'notice', level: 'info', message}),
  warn: (message) => report({kind: 'notice', level: 'warn', message}),
  task: () => ({update: () => undefined, setTotal: () => undefined, finish: () => undefined}),
}

process.on('message', (request: StageRequest) => {
  if (request.kind === 'start') void start(request)
  else if (request.kind === 'close') void leave(0)
  else void stage?.take(request)
})

async function start({config}: Extract<StageRequest, {kind: 'start'}>): Promise<void> {
  try {
    const context = createContext({signal: new AbortController().signal, reporter, nowMs}, 'live')
    const registry = createRegistry({
      installedPlugins: config.installedPlugins,
      reporter,
      over: new AbortController().signal,
    })
    stage = await startStage(config, {registry, context, report, nowMs})
    report({kind: 'started', phonePort: stage.phonePort})
  } catch (error) {
    const {code, message, hints} = crateErrorFrom(error)
    report({kind: 'failed', code, message, hints})
    void leave(1)
  }
}

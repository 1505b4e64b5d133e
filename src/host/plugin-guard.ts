// Plugins that run in crate's own thread, because hands and stages cannot wait for another one: what they throw is named,
// what they open in time, what they change of the language is put back, and what they may not do (end the process, print
// into a script's JSON) is refused.
import {AsyncLocalStorage} from 'node:async_hooks'
import {inspect} from 'node:util'
import {CrateError, isCrateError} from '../core/errors.js'
import {messageOf, pluginHints} from './plugin-module.js'
import {noteRealm, type Realm} from './realm.js'

/** One plugin in this thread, and the person who is to hear of it. */
export interface PluginRun {
  readonly name: string
  warn(message: string): void
  /** Aborted when the command is over; what the plugin still has open is then ended. */
  readonly over: AbortSignal
}

const running = new AsyncLocalStorage<PluginRun>()

/** Looking takes half a millisecond: a frame's worth, were it done for each frame. */
const LOOK_EVERY_MS = 1000
const MOST_STRAYS_TOLD = 3
/** What a plugin still has open when the command is done may need so long to end by itself. */
const LEFTOVER_MS = 1000

interface Guards {
  readonly realm: Realm
  /** Those whose code ran in this thread, and those of them that ran since the last look. */
  readonly known: Map<string, PluginRun>
  readonly suspects: Map<string, PluginRun>
  lookedMs: number
  nextLook: NodeJS.Timeout | null
}

let guards: Guards | null = null

function guardsFor(run: PluginRun): Guards {
  if (guards === null) {
    refuseProcessCalls()
    silenceStdout()
    if (process.listenerCount('uncaughtException') === 0) listenForStrays()
    guards = {realm: noteRealm(), known: new Map(), suspects: new Map(), lookedMs: 0, nextLook: null}
    endLeftovers(guards, run.over)
  }
  guards.known.set(run.name, run)
  guards.suspects.set(run.name, run)
  return guards
}

const REFUSED = {
  exit: 'end crate',
  reallyExit: 'end crate',
  abort: 'end crate',
  chdir: 'leave the folder that crate works in',
  removeAllListeners: 'silence what crate listens to',
} as const

function refuseProcessCalls(): void {
  for (const [name, deed] of Object.entries(REFUSED)) {
    const own = (process as unknown as Record<string, (...args: unknown[]) => unknown>)[name]
    if (own === undefined) continue
    const guarded = (...args: unknown[]): unknown => {
      const run = running.getStore()
      if (run === undefined) return own.apply(process, args)
      throw pluginFailed(run.name, `it tried to ${deed} (process.${name})`)
    }
    Object.defineProperty(process, name, {value: guarded, configurable: true, writable: true})
  }
}

/** Prints of a plugin would stand in a script's JSON. */
function silenceStdout(): void {
  const write = process.stdout.write.bind(process.stdout) as (...args: unknown[]) => boolean
  const guardedWrite = (...args: unknown[]): boolean => {
    if (running.getStore() === undefined) return write(...args)
    const callback = args.at(-1)
    if (typeof callback === 'function') queueMicrotask(() => callback())
    return true
  }
  process.stdout.write = guardedWrite as typeof process.stdout.write
}

function listenForStrays(): void {
  process.on('unhandledRejection', (error) => {
    if (!tellStray(error)) throw error
  })
  process.on('uncaughtException', (error) => {
    if (tellStray(error)) return
    process.stderr.write(`${inspect(error)}\n`)
    process.exit(1)
  })
}

const strays = new Map<string, number>()

/**
 * What was thrown where nobody waits (a timer, a socket) is told of and nothing else, where a plugin threw it.
 *
 * @returns false where it is crate's own
 */
export function tellStray(error: unknown): boolean {
  const run = running.getStore()
  if (run === undefined) return false
  tellAFewTimes(run, pluginFailed(run.name, messageOf(error)).message)
  return true
}

function tellAFewTimes(run: PluginRun, message: string): void {
  const told = strays.get(run.name) ?? 0
  strays.set(run.name, told + 1)
  if (told < MOST_STRAYS_TOLD) run.warn(`${message}; crate goes on`)
}

/**
 * What is called for each frame and each message, and what stands for its answer where it throws or answers wrongly: a
 * night cannot end because one plugin cannot cope with one frame.
 */
const EVERY_FRAME = new Map<string, {readonly instead: unknown; isSound(answer: unknown): boolean}>([
  ['send', {instead: false, isSound: (answer) => typeof answer === 'boolean'}],
  ['decode', {instead: [], isSound: Array.isArray}],
  ['push', {instead: [], isSound: Array.isArray}],
])

function callForFrame(run: PluginRun, key: string, call: () => unknown): unknown {
  const {instead, isSound} = EVERY_FRAME.get(key) ?? {instead: undefined, isSound: () => true}
  try {
    const answer = runGuarded(run, call)
    if (isSound(answer)) return answer
    tellAFewTimes(run, pluginFailed(run.name, `its ${key}() gives ${inspect(answer, {depth: 0})}`).message)
  } catch (error) {
    tellAFewTimes(run, messageOf(error))
  }
  return instead
}

export function pluginFailed(name: string, reason: string): CrateError {
  return new CrateError('PLUGIN_FAILED', `the plugin ${name} failed: ${reason}`, {
    hints: pluginHints(name),
    details: {plugin: name},
  })
}

/** Runs code of a plugin; what it throws becomes PLUGIN_FAILED with its name, crate's own errors pass. */
export function runGuarded<T>(run: PluginRun, work: () => T): T {
  const installed = guardsFor(run)
  const asPluginError = (error: unknown) =>
    isCrateError(error) || (error instanceof Error && error.name === 'AbortError')
      ? error
      : pluginFailed(run.name, messageOf(error))
  try {
    const result = running.run(run, work)
    if (!(result instanceof Promise)) return result
    return result.then(
      (value: unknown) => {
        lookNowAndThen(installed)
        return value
      },
      (error: unknown) => {
        throw asPluginError(error)
      },
    ) as T
  } catch (error) {
    throw asPluginError(error)
  } finally {
    lookNowAndThen(installed)
  }
}

/** Soon after code of a plugin ran, but not after each call. */
function lookNowAndThen(installed: Guards): void {
  const waitMs = installed.lookedMs + LOOK_EVERY_MS - performance.now()
  if (waitMs <= 0) look(installed)
  else installed.nextLook ??= setTimeout(() => look(installed), waitMs).unref()
}

function look(installed: Guards): void {
  installed.lookedMs = performance.now()
  if (installed.nextLook !== null) clearTimeout(installed.nextLook)
  installed.nextLook = null
  const {realm, suspects} = installed
  const changed = realm.restore()
  if (changed.length > 0) {
    const what = `${changed.slice(0, 3).join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''}`
    warnOf(suspects, `changed ${what}, on which all of crate relies; it was put back`)
  }
  suspects.clear()
}

function warnOf(runs: ReadonlyMap<string, PluginRun>, deed: string): void {
  const names = [...runs.keys()]
  const who = names.length === 1 ? `the plugin ${names[0]}` : `one of the plugins ${names.join(', ')}`
  for (const run of [...runs.values()].slice(0, 1)) run.warn(`${who} ${deed}`)
}

/** Looks at once, so that the name is sure: after a module was imported, and after its body was loaded. */
export function lookAfter(run: PluginRun): void {
  look(guardsFor(run))
}

function endLeftovers(installed: Guards, over: AbortSignal): void {
  const end = () => {
    // What crate itself still writes goes first.
    if (process.stdout.writableLength > 0) setTimeout(end, LEFTOVER_MS).unref()
    else {
      warnOf(installed.known, 'left something running when all was done; crate ended it')
      process.exit()
    }
  }
  over.addEventListener('abort', () => {
    look(installed)
    setTimeout(end, LEFTOVER_MS).unref()
  })
}

/** @throws PLUGIN_FAILED where the promise is not settled in time; what it does later is not heard of any more */
export async function withinTime<T>(name: string, what: string, limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(pluginFailed(name, `${what} did not end within ${limitMs / 1000} s`)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The body with its functions guarded, and with those of the objects that they return: decoders, connections, ports.
 * What they are given is frozen, so that one plugin cannot change what the next one sees; what they return is handed on
 * as it is.
 */
export function guardBody<Body>(run: PluginRun, body: Body, depth = 2): Body {
  if (typeof body !== 'object' || body === null || depth === 0 || isData(body)) return body
  const guarded: Record<string | symbol, unknown> = {}
  for (const key of functionNames(body)) {
    const own = (body as Record<string, unknown>)[key] as (...args: unknown[]) => unknown
    guarded[key] = (...args: unknown[]) => {
      for (const arg of args) freezeData(arg)
      if (EVERY_FRAME.has(key)) return callForFrame(run, key, () => own.apply(body, args))
      const result = runGuarded(run, () => own.apply(body, args))
      return result instanceof Promise
        ? result.then((value: unknown) => guardBody(run, value, depth - 1))
        : guardBody(run, result, depth - 1)
    }
  }
  return Object.keys(guarded).length === 0 ? body : (Object.assign(Object.create(body), guarded) as Body)
}

/** Lists and plain objects, as deep as they are; what has a class of its own is left as it is. */
function freezeData(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain) return
  Object.freeze(value)
  for (const item of Object.values(value)) freezeData(item)
}

function isData(value: object): boolean {
  return (
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    value instanceof Map ||
    value instanceof Set ||
    Symbol.asyncIterator in value
  )
}

function functionNames(value: object): Set<string> {
  const names = new Set<string>()
  for (let at: object | null = value; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const key of Object.getOwnPropertyNames(at)) {
      const descriptor = Object.getOwnPropertyDescriptor(at, key)
      if (key !== 'constructor' && typeof descriptor?.value === 'function') names.add(key)
    }
  return names
}

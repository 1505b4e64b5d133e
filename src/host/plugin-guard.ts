// Plugins that run in crate's own thread, because hands and stages cannot wait for another one: what they throw is named,
// what they open in time, and what they may not do (end the process, print into a script's JSON) is refused.
import {AsyncLocalStorage} from 'node:async_hooks'
import {CrateError, isCrateError} from '../core/errors.js'
import {messageOf, pluginHints} from './plugin-module.js'

const running = new AsyncLocalStorage<string>()
let isInstalled = false

/** Refuses `process.exit` and drops prints of code that a plugin started; crate's own are as before. */
function installGuards(): void {
  if (isInstalled) return
  isInstalled = true
  for (const way of ['exit', 'reallyExit', 'abort'] as const) {
    const own = (process as unknown as Record<string, (code?: number) => never>)[way]
    if (own === undefined) continue
    const guarded = (code?: number): never => {
      const name = running.getStore()
      if (name === undefined) return own.call(process, code)
      throw pluginFailed(name, `it tried to end crate (process.${way})`)
    }
    Object.defineProperty(process, way, {value: guarded, configurable: true, writable: true})
  }
  const write = process.stdout.write.bind(process.stdout) as (...args: unknown[]) => boolean
  const guardedWrite = (...args: unknown[]): boolean => {
    if (running.getStore() === undefined) return write(...args)
    const callback = args.at(-1)
    if (typeof callback === 'function') queueMicrotask(() => callback())
    return true
  }
  process.stdout.write = guardedWrite as typeof process.stdout.write
}

export function pluginFailed(name: string, reason: string): CrateError {
  return new CrateError('PLUGIN_FAILED', `the plugin ${name} failed: ${reason}`, {
    hints: pluginHints(name),
    details: {plugin: name},
  })
}

/** Runs code of a plugin; what it throws becomes PLUGIN_FAILED with its name, crate's own errors pass. */
export function runGuarded<T>(name: string, work: () => T): T {
  installGuards()
  const asPluginError = (error: unknown) =>
    isCrateError(error) || (error instanceof Error && error.name === 'AbortError')
      ? error
      : pluginFailed(name, messageOf(error))
  try {
    const result = running.run(name, work)
    if (!(result instanceof Promise)) return result
    return result.catch((error: unknown) => {
      throw asPluginError(error)
    }) as T
  } catch (error) {
    throw asPluginError(error)
  }
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
 * Data is handed on as it is.
 */
export function guardBody<Body>(name: string, body: Body, depth = 2): Body {
  if (typeof body !== 'object' || body === null || depth === 0 || isData(body)) return body
  const guarded: Record<string | symbol, unknown> = {}
  for (const key of functionNames(body)) {
    const own = (body as Record<string, unknown>)[key] as (...args: unknown[]) => unknown
    guarded[key] = (...args: unknown[]) => {
      const result = runGuarded(name, () => own.apply(body, args))
      return result instanceof Promise
        ? result.then((value: unknown) => guardBody(name, value, depth - 1))
        : guardBody(name, result, depth - 1)
    }
  }
  return Object.keys(guarded).length === 0 ? body : (Object.assign(Object.create(body), guarded) as Body)
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

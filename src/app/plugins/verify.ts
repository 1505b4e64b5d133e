// Holds a plugin against the conformance kit, in a thread that can be ended.
import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {Worker} from 'node:worker_threads'
import type {Environment, InstalledPlugin} from '../../core/environment.js'
import type {KindName} from '../../core/plugin/kinds.js'
import {parsePluginManifest} from '../../core/plugin/manifest.js'
import type {Finding} from '../../testing/finding.js'
import {withFetchedPackage} from './fetch-package.js'
import {findPlugin} from './find-plugin.js'

export interface VerifyReport {
  readonly name: string
  readonly version: string
  /** How many rules were tried. */
  readonly rules: number
  readonly findings: readonly Finding[]
}

/** One rule may take so long: the longest of the kit's own limits and some. */
const RULE_LIMIT_MS = 90_000

type Told =
  | {
      readonly type: 'rule'
      readonly kind: KindName
      readonly contribution: string
      readonly id: string
      readonly title: string
    }
  | {readonly type: 'done'; readonly findings: readonly Finding[]}

/**
 * @param nameOrSpec an installed plugin, a folder, or what npm can fetch, which is then looked at without being installed
 * @throws PLUGIN_INVALID where its manifest is wrong, USAGE, FILE_NOT_FOUND, NETWORK_FAILED
 */
export async function verifyPlugin(environment: Environment, nameOrSpec: string): Promise<VerifyReport> {
  const isInstalled = environment.installedPlugins.some(({name}) => name === nameOrSpec)
  const isFolder = /^([./~]|[A-Za-z]:[\\/])/.test(nameOrSpec) && !nameOrSpec.endsWith('.tgz')
  if (isInstalled || isFolder) return runKit(environment, findPlugin(environment, nameOrSpec))
  return withFetchedPackage(nameOrSpec, environment.signal, (plugin) => runKit(environment, plugin))
}

async function runKit({reporter, signal}: Environment, plugin: InstalledPlugin): Promise<VerifyReport> {
  const {entry} = parsePluginManifest(plugin)
  const samples = (plugin.manifest as {samples?: unknown}).samples
  const urlOf = (path: string) => pathToFileURL(resolve(plugin.root, path)).href
  const worker = new Worker(new URL('./verify-worker.js', import.meta.url), {
    workerData: {entryUrl: urlOf(entry), samplesUrl: typeof samples === 'string' ? urlOf(samples) : null},
    stdout: true,
    stderr: true,
  })
  worker.stdout.resume()
  worker.stderr.resume()
  const task = reporter.task(`Checking ${plugin.name}`, null)
  let rules = 0
  let current: Extract<Told, {type: 'rule'}> | null = null
  try {
    const findings = await new Promise<readonly Finding[]>((settle, reject) => {
      let timer: NodeJS.Timeout
      const broken = (message: string) => {
        clearTimeout(timer)
        const {kind = 'exporters', contribution = '', id = 'load'} = current ?? {}
        settle([{kind, contribution, rule: id, message}])
      }
      const wait = () => {
        clearTimeout(timer)
        timer = setTimeout(
          () => broken(`did not end within ${RULE_LIMIT_MS / 1000} s; nothing after it was checked`),
          RULE_LIMIT_MS,
        )
      }
      wait()
      worker.on('message', (told: Told) => {
        wait()
        if (told.type === 'rule') {
          current = told
          task.update(++rules, `${told.contribution}: ${told.title}`)
        } else {
          clearTimeout(timer)
          settle(told.findings)
        }
      })
      worker.on('error', (error) => broken(`${error.message}; nothing after it was checked`))
      worker.on('exit', (code) => broken(`it ended the process (exit ${code}); nothing after it was checked`))
      signal.addEventListener('abort', () => reject(signal.reason), {once: true})
    })
    return {name: plugin.name, version: plugin.version, rules, findings}
  } finally {
    task.finish()
    await worker.terminate()
  }
}

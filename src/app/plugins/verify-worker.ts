// Runs in a thread: the conformance kit over one plugin, telling each rule before it is run.
import {parentPort, workerData} from 'node:worker_threads'
import {findingsOf, type KitSamples} from '../../testing/index.js'

export interface VerifyInput {
  readonly entryUrl: string
  /** Module whose default export are KitSamples; null where the plugin has none. */
  readonly samplesUrl: string | null
}

const {entryUrl, samplesUrl} = workerData as VerifyInput
const module = (await import(entryUrl)) as {default?: unknown}
const samples = samplesUrl === null ? {} : ((await import(samplesUrl)) as {default: KitSamples}).default
const findings = await findingsOf(module.default, samples, (kind, contribution, {id, title}) =>
  parentPort?.postMessage({type: 'rule', kind, contribution, id, title}),
)
parentPort?.postMessage({type: 'done', findings})

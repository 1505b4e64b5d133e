// The conformance kit, published as `crate-dj/testing`: what crate expects of every contribution, as checks that give
// findings, for any test runner and for `crate plugins verify`.
import type {ExporterContribution} from '../api/format.js'
import type {CratePlugin} from '../api/plugin.js'
import type {GestureLesson} from '../core/lesson.js'
import {
  descriptorFaults,
  isKindName,
  isPlainObject,
  KIND_NAMES,
  type KindName,
  missingMethods,
} from '../core/plugin/kinds.js'
import {schemaFaults} from '../core/plugin/settings.js'
import {analyzerRules} from './analyzer-rules.js'
import {exporterRules} from './exporter-rules.js'
import {type Finding, type Rule, rule} from './finding.js'
import {importerRules} from './importer-rules.js'
import {gestureRules, nowPlayingRules, outputRules} from './live-rules.js'
import {type SensorSample, sensorRules} from './sensor-rules.js'
import {sourceRules} from './source-rules.js'
import type {SampleFiles} from './stage.js'
import {uploaderRules} from './uploader-rules.js'

export type {Finding, Rule} from './finding.js'
export type {SensorSample} from './sensor-rules.js'
export type {SampleFiles} from './stage.js'

/** What some rules need to look deeper, by id of the contribution. */
export interface KitSamples {
  /** Files of the format. Null where a round trip through files alone shows nothing: the format lives in audio files. */
  readonly importers?: Readonly<Record<string, SampleFiles | null>>
  readonly sensors?: Readonly<Record<string, SensorSample>>
  readonly gestures?: Readonly<Record<string, GestureLesson>>
  /** Targets that can be opened where the test runs. */
  readonly outputs?: Readonly<Record<string, string>>
  readonly nowPlaying?: Readonly<Record<string, string>>
  readonly sources?: Readonly<Record<string, string>>
  /** Targets that may be written into; files below `kit/` are left there. */
  readonly uploaders?: Readonly<Record<string, string>>
}

/** All rules for one contribution of a plugin. */
export interface RuleSet {
  readonly kind: KindName
  readonly contribution: string
  readonly rules: readonly Rule[]
}

/** The rules for everything that a plugin brings. @param plugin what its module exports by default */
export function rulesFor(plugin: unknown, samples: KitSamples = {}): readonly RuleSet[] {
  if (!isPlainObject(plugin)) return []
  return Object.entries(plugin).flatMap(([kind, list]) => {
    if (!isKindName(kind) || !Array.isArray(list)) return []
    return list.map((contribution: unknown, index) => {
      const id =
        isPlainObject(contribution) && typeof contribution['id'] === 'string' ? contribution['id'] : `${kind}[${index}]`
      const shape = shapeRules(kind, contribution, list)
      const isSound = descriptorFaults(kind, contribution).length === 0
      return {kind, contribution: id, rules: isSound ? [...shape, ...bodyRules(plugin, kind, index, samples)] : shape}
    })
  })
}

/** Runs all rules one after another. @param onRule called before each, for progress */
export async function findingsOf(
  plugin: unknown,
  samples: KitSamples = {},
  onRule: (kind: KindName, contribution: string, rule: Rule) => void = () => {},
): Promise<readonly Finding[]> {
  if (!isPlainObject(plugin) || Object.keys(plugin).length === 0)
    return [
      {
        kind: 'exporters',
        contribution: '',
        rule: 'plugin-shape',
        message: 'the module exports no contributions by default',
      },
    ]
  const findings: Finding[] = Object.keys(plugin)
    .filter((kind) => !isKindName(kind))
    .map((kind) => ({
      kind: 'exporters',
      contribution: kind,
      rule: 'plugin-kinds',
      message: `there is no kind "${kind}", but: ${KIND_NAMES.join(', ')}`,
    }))
  for (const {kind, contribution, rules} of rulesFor(plugin, samples))
    for (const one of rules) {
      onRule(kind, contribution, one)
      for (const message of await one.check()) findings.push({kind, contribution, rule: one.id, message})
    }
  return findings
}

/** What the kit needs of a test runner: vitest, node:test and jest have it. */
export interface Runner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>, ...rest: never[]): unknown
}

/** Registers every rule as a test. */
export function describePlugin(plugin: CratePlugin, {describe, it}: Runner, samples: KitSamples = {}): void {
  const sets = rulesFor(plugin, samples)
  if (sets.length === 0) throw new Error('the plugin brings no contribution to test')
  for (const {kind, contribution, rules} of sets)
    describe(`${kind} ${contribution}`, () => {
      for (const {title, check} of rules)
        it(title, async () => {
          const messages = await check()
          if (messages.length > 0) throw new Error(messages.join('\n'))
        })
    })
}

function shapeRules(kind: KindName, contribution: unknown, all: readonly unknown[]): readonly Rule[] {
  const {id, settings, load} = (isPlainObject(contribution) ? contribution : {}) as {
    id?: unknown
    settings?: unknown
    load?: () => Promise<unknown>
  }
  return [
    rule('shape', 'says of itself what crate needs to know', () => descriptorFaults(kind, contribution)),
    rule('settings', 'declares its settings as crate reads them', () => schemaFaults(settings)),
    rule('unique-id', 'has an id of its own', () =>
      all.filter((other) => isPlainObject(other) && other['id'] === id).length > 1
        ? [`two of them have the id ${String(id)}`]
        : [],
    ),
    rule('plain', 'is data but for its functions, so that it can be listed from another thread', () =>
      plainFaults(contribution),
    ),
    rule('methods', 'loads a body with the functions of its kind', async () =>
      typeof load === 'function'
        ? missingMethods(kind, await load.call(contribution)).map((name) => `has no ${name}()`)
        : [],
    ),
  ]
}

function plainFaults(contribution: unknown): string[] {
  if (!isPlainObject(contribution)) return []
  const text = JSON.stringify(contribution)
  return text.length > 1 << 20 ? ['is longer than a megabyte of JSON'] : []
}

function bodyRules(plugin: CratePlugin, kind: KindName, index: number, samples: KitSamples): readonly Rule[] {
  const id = plugin[kind]?.[index]?.id ?? ''
  const of = <Kind extends KindName>(wanted: Kind) => plugin[wanted]?.[index] as NonNullable<CratePlugin[Kind]>[number]
  if (kind === 'exporters') return exporterRules(of('exporters'))
  if (kind === 'importers') {
    const exporter: ExporterContribution | undefined = plugin.exporters?.find((other) => other.id === id)
    const sample = samples.importers?.[id]
    return importerRules(of('importers'), sample ?? null, sample === null ? null : (exporter ?? null))
  }
  if (kind === 'analyzers') return analyzerRules(of('analyzers'))
  if (kind === 'sensors') return sensorRules(of('sensors'), samples.sensors?.[id] ?? null)
  if (kind === 'gestures') return gestureRules(of('gestures'), samples.gestures?.[id] ?? null)
  if (kind === 'outputs') return outputRules(of('outputs'), samples.outputs?.[id] ?? null)
  if (kind === 'nowPlaying') return nowPlayingRules(of('nowPlaying'), samples.nowPlaying?.[id] ?? null)
  if (kind === 'sources') return sourceRules(of('sources'), samples.sources?.[id] ?? null)
  // What an action does, it does in the world: only its shape can be tried.
  return kind === 'uploaders' ? uploaderRules(of('uploaders'), samples.uploaders?.[id] ?? null) : []
}

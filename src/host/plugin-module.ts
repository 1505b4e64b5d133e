// A plugin's module: imported, its descriptors checked one by one, a wrong one left out.
import type {CratePlugin} from '../api/plugin.js'
import {CrateError} from '../core/errors.js'
import {
  descriptorFaults,
  isKindName,
  isPlainObject,
  KIND_NAMES,
  type KindName,
  missingMethods,
} from '../core/plugin/kinds.js'
import {schemaFaults} from '../core/plugin/settings.js'

export interface LoadedPlugin {
  /** Only sound descriptors. */
  readonly contributions: CratePlugin
  /** One sentence for each descriptor that is left out. */
  readonly faults: readonly string[]
}

/** Descriptors without their functions, as they cross between threads. */
export interface ListedFaces {
  readonly faces: Partial<Readonly<Record<KindName, readonly Readonly<Record<string, unknown>>[]>>>
  readonly faults: readonly string[]
}

/** More than this of one kind is a fault. */
const MOST_CONTRIBUTIONS = 200

/** @throws PLUGIN_FAILED when the module throws while loading, PLUGIN_INVALID where it exports no contributions */
export async function importContributions(name: string, entryUrl: string): Promise<LoadedPlugin> {
  let module: {default?: unknown}
  try {
    module = (await import(entryUrl)) as {default?: unknown}
  } catch (error) {
    throw new CrateError('PLUGIN_FAILED', `the plugin ${name} could not be loaded: ${messageOf(error)}`, {
      hints: pluginHints(name),
      cause: error,
    })
  }
  return soundContributions(name, module.default)
}

/** @throws PLUGIN_INVALID where the value holds no contributions at all */
export function soundContributions(name: string, value: unknown): LoadedPlugin {
  if (!isPlainObject(value))
    throw new CrateError('PLUGIN_INVALID', `the plugin ${name} exports no contributions by default`, {
      hints: pluginHints(name),
    })
  const faults: string[] = []
  const contributions: Record<string, unknown[]> = {}
  for (const [kind, list] of Object.entries(value)) {
    if (!isKindName(kind)) {
      faults.push(`"${kind}" is no kind of contribution (there are ${KIND_NAMES.join(', ')})`)
      continue
    }
    if (!Array.isArray(list) || list.length > MOST_CONTRIBUTIONS) {
      faults.push(`"${kind}" is no list of at most ${MOST_CONTRIBUTIONS}`)
      continue
    }
    for (const [index, contribution] of list.entries()) {
      const wrong = [...descriptorFaults(kind, contribution), ...schemaFaults(contribution?.settings)]
      const label = typeof contribution?.id === 'string' ? contribution.id.slice(0, 60) : `${kind}[${index}]`
      if (wrong.length === 0) contributions[kind] = [...(contributions[kind] ?? []), contribution]
      else faults.push(`${label} is left out: ${wrong.join('; ')}`)
    }
  }
  return {contributions: contributions as CratePlugin, faults}
}

export function listedFaces({contributions, faults}: LoadedPlugin): ListedFaces {
  const faces = Object.entries(contributions).map(([kind, list]) => [
    kind,
    (list as readonly object[]).map((face) => JSON.parse(JSON.stringify(face)) as Record<string, unknown>),
  ])
  return {faces: Object.fromEntries(faces), faults}
}

const bodies = new WeakMap<object, Promise<unknown>>()

/** Loads a body once. @throws PLUGIN_FAILED, PLUGIN_INVALID naming the functions that are missing */
export function loadBody(
  name: string,
  kind: KindName,
  contribution: {readonly id: string; load(): Promise<unknown>},
): Promise<unknown> {
  const known = bodies.get(contribution)
  if (known !== undefined) return known
  const loading = (async () => {
    const body = await contribution.load()
    const missing = missingMethods(kind, body)
    if (missing.length > 0)
      throw new CrateError(
        'PLUGIN_INVALID',
        `${contribution.id} of the plugin ${name} has no ${missing.join(', ')}()`,
        {
          hints: pluginHints(name),
        },
      )
    return body
  })()
  bodies.set(contribution, loading)
  return loading
}

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 500) ?? ''
}

export function pluginHints(name: string): readonly string[] {
  return [
    `See what is wrong: crate plugins verify ${name}`,
    `Update it (crate plugins update) or remove it (crate plugins uninstall ${name}).`,
  ]
}

// What a plugin says of itself in package.json#crate: checked before any of its code is imported.
import {CrateError} from '../errors.js'
import {isKindName, isPlainObject, KIND_NAMES, type KindName, shown} from './kinds.js'

/** The version of the contract in src/api that this crate speaks. */
export const API_VERSION = 1

/** What a plugin says it touches beyond what crate hands it. Shown on install; not a fence. */
export interface PluginReach {
  /** Reads or writes files on its own. */
  readonly files: boolean
  /** Opens connections: hosts, or `*`. */
  readonly network: readonly string[]
  /** Brings compiled code, which can crash the whole program. */
  readonly native: boolean
  /** Starts other programs, by name. */
  readonly programs: readonly string[]
}

export interface PluginManifest {
  readonly apiVersion: number
  /** Module whose default export is a CratePlugin, relative to the package. */
  readonly entry: string
  /** Ids by kind, so that nothing is imported for a command that needs none of them; null means "ask the module". */
  readonly contributes: Partial<Readonly<Record<KindName, readonly string[]>>> | null
  /** Null where the author says nothing: then it may reach anything. */
  readonly reach: PluginReach | null
}

export interface NamedPackage {
  readonly name: string
  readonly version: string
  /** `package.json#crate`, unchecked. */
  readonly manifest: unknown
}

/** @throws PLUGIN_INVALID saying which key is wrong */
export function parsePluginManifest({name, version, manifest}: NamedPackage): PluginManifest {
  const invalid = (reason: string) =>
    new CrateError('PLUGIN_INVALID', `the plugin ${name} ${version} cannot be used: ${reason}`, {
      hints: [`Update it (crate plugins update) or remove it (crate plugins uninstall ${name}).`],
      details: {plugin: name},
    })
  if (!isPlainObject(manifest)) throw invalid('"crate" in its package.json is not an object')
  const {apiVersion, entry, contributes, reach} = manifest
  if (apiVersion !== API_VERSION)
    throw invalid(
      `it was made for version ${shown(apiVersion)} of the plugin contract, this crate speaks ${API_VERSION}`,
    )
  if (typeof entry !== 'string' || !entry.startsWith('./') || entry.split('/').includes('..'))
    throw invalid('"crate.entry" in its package.json is not a path inside it that starts with ./')
  return {
    apiVersion,
    entry,
    contributes: contributes === undefined ? null : parseContributes(contributes, invalid),
    reach: reach === undefined ? null : parseReach(reach, invalid),
  }
}

type Invalid = (reason: string) => CrateError

function parseContributes(value: unknown, invalid: Invalid): PluginManifest['contributes'] {
  if (!isPlainObject(value) || !Object.values(value).every(isListOfTexts))
    throw invalid('"crate.contributes" in its package.json is not an object of lists of ids')
  const unknown = Object.keys(value).filter((kind) => !isKindName(kind))
  if (unknown.length > 0)
    throw invalid(`"crate.contributes" names ${unknown.join(', ')}; the kinds are ${KIND_NAMES.join(', ')}`)
  return value as PluginManifest['contributes']
}

function parseReach(value: unknown, invalid: Invalid): PluginReach {
  if (!isPlainObject(value)) throw invalid('"crate.reach" in its package.json is not an object')
  const {files = false, network = [], native = false, programs = []} = value
  if (typeof files !== 'boolean' || typeof native !== 'boolean' || !isListOfTexts(network) || !isListOfTexts(programs))
    throw invalid(
      '"crate.reach" is not of the form {files: true, network: ["host"], native: false, programs: ["name"]}',
    )
  return {files, network, native, programs}
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1000 && value.every((item) => typeof item === 'string')
}

/** One line for each thing that a plugin may do, as a person reads it. */
export function reachLines(reach: PluginReach | null): string[] {
  if (reach === null) return ['says nothing of what it reaches: it may read files, use the network and start programs']
  const lines: string[] = []
  if (reach.files) lines.push('reads or writes files on its own')
  if (reach.network.length > 0)
    lines.push(reach.network.includes('*') ? 'uses the network' : `uses the network: ${reach.network.join(', ')}`)
  if (reach.programs.length > 0) lines.push(`starts programs: ${reach.programs.join(', ')}`)
  if (reach.native) lines.push('brings compiled code, which can end crate when it fails')
  return lines.length === 0 ? ['reaches nothing beyond what crate hands it'] : lines
}

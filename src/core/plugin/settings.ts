// Settings that a contribution takes from the config file, declared as data so that they can be listed and checked.
import {CrateError} from '../errors.js'
import type {JsonValue} from '../json.js'
import {isPlainObject, shown} from './kinds.js'

export interface Setting {
  readonly type: 'string' | 'number' | 'boolean' | 'strings'
  /** One line for lists. */
  readonly summary: string
  /** What holds where the person sets nothing; without it the setting is absent then. */
  readonly default?: JsonValue
  /** Must be set by the person. */
  readonly required?: boolean
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
}

export type SettingsSchema = Readonly<Record<string, Setting>>

const TYPES = ['string', 'number', 'boolean', 'strings']

/** What is wrong with a schema itself. */
export function schemaFaults(schema: unknown): string[] {
  if (schema === undefined) return []
  if (!isPlainObject(schema)) return ['settings is not an object']
  return Object.entries(schema).flatMap(([name, setting]) => {
    if (!isPlainObject(setting)) return [`settings.${name} is not an object`]
    const faults: string[] = []
    if (!TYPES.includes(setting['type'] as string))
      faults.push(`settings.${name}.type is not one of ${TYPES.join(', ')}`)
    else if (setting['default'] !== undefined && valueFault(setting as unknown as Setting, setting['default']) !== null)
      faults.push(`settings.${name}.default is not of its own type`)
    if (typeof setting['summary'] !== 'string') faults.push(`settings.${name}.summary is not a text`)
    return faults
  })
}

/**
 * The settings with defaults filled in. Without a schema they pass as they are.
 *
 * @throws CONFIG_INVALID naming the first wrong, unknown or missing setting
 */
export function checkSettings(
  id: string,
  schema: SettingsSchema | undefined,
  given: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, JsonValue>> {
  if (schema === undefined) return given
  const invalid = (reason: string) =>
    new CrateError('CONFIG_INVALID', `plugins.${id} in the config: ${reason}`, {
      hints: [`Its settings are: ${Object.keys(schema).join(', ') || 'none'}.`],
    })
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(schema, name))
  if (unknown !== undefined) throw invalid(`there is no setting "${unknown}"`)
  const settings: Record<string, JsonValue> = {}
  for (const [name, setting] of Object.entries(schema)) {
    const value = given[name] ?? setting.default
    if (value === undefined) {
      if (setting.required === true) throw invalid(`${name} is missing (${setting.summary})`)
      continue
    }
    const fault = valueFault(setting, value)
    if (fault !== null) throw invalid(`${name} is ${shown(value)}, ${fault}`)
    settings[name] = value
  }
  return settings
}

function valueFault({type, choices, min, max}: Setting, value: unknown): string | null {
  if (type === 'strings')
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? null
      : 'but must be a list of texts'
  if (typeof value !== type) return `but must be a ${type}`
  if (typeof value === 'number' && !Number.isFinite(value)) return 'but must be a number'
  if (choices !== undefined && !choices.includes(String(value))) return `but must be one of: ${choices.join(', ')}`
  if (typeof value === 'number' && min !== undefined && value < min) return `but must be at least ${min}`
  if (typeof value === 'number' && max !== undefined && value > max) return `but must be at most ${max}`
  return null
}

// Reading learnt models back from JSON, with errors that name the place.
import {CrateError} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'

export function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}

export function invalid(what: string): CrateError {
  return new CrateError('FORMAT_INVALID', `the gesture model ${what}`)
}

export function record(json: JsonValue | undefined, where: string): Readonly<Record<string, JsonValue>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid(`has no object at ${where}`)
  return json as Readonly<Record<string, JsonValue>>
}

export function list(json: JsonValue | undefined, where: string): readonly JsonValue[] {
  if (!Array.isArray(json)) throw invalid(`has no list at ${where}`)
  return json as readonly JsonValue[]
}

export function finite(json: JsonValue | undefined, where: string): number {
  if (typeof json !== 'number' || !Number.isFinite(json)) throw invalid(`has no number at ${where}`)
  return json
}

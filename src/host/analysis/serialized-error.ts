// A CrateError on its way between threads.
import {CrateError, crateErrorFrom, type ErrorCode} from '../../core/errors.js'

export interface SerializedError {
  readonly code: ErrorCode
  readonly message: string
  readonly hints: readonly string[]
}

export function serializeError(error: unknown): SerializedError {
  const {code, message, hints} = crateErrorFrom(error)
  return {code, message, hints}
}

export function errorFromSerialized({code, message, hints}: SerializedError): CrateError {
  return new CrateError(code, message, {hints})
}

// NAME=VALUE pairs of flags.
import {CrateError} from '../core/errors.js'

/** @throws USAGE for a text without `=` */
export function parsePairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw new CrateError('USAGE', `"${text}" is not of the form NAME=VALUE`)
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

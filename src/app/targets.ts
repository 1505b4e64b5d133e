// Targets of exports as flags give them: ID=PATH.
import {expandHome} from '../adapters/config/config-file.js'
import {CrateError} from '../core/errors.js'

/** @throws USAGE for a text that is not ID=PATH */
export function parseTargets(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const match = /^([a-z0-9-]+)=(.+)$/.exec(text)
      if (match?.[1] === undefined || match[2] === undefined)
        throw new CrateError('USAGE', `"${text}" is not of the form ID=PATH`, {
          hints: ['For example --export rekordbox=out/rekordbox.xml'],
        })
      return [match[1], expandHome(match[2])]
    }),
  )
}

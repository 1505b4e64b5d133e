// What the person sets with --option NAME=VALUE, held against what the format knows.
import {closest} from '../core/closest.js'
import {CrateError} from '../core/errors.js'

interface WithOptions {
  readonly name: string
  readonly options?: Readonly<Record<string, string>>
}

/** A misspelt option would otherwise change nothing, and say nothing. @throws USAGE for one that the format does not have */
export function checkOptions({name, options: known}: WithOptions, given: Readonly<Record<string, string>>): void {
  if (known === undefined) return
  const names = Object.keys(known)
  const unknown = Object.keys(given).find((option) => !names.includes(option))
  if (unknown === undefined) return
  const near = closest(unknown, names)
  throw new CrateError('USAGE', `${name} has no option "${unknown}"`, {
    hints:
      names.length === 0
        ? ['It has none at all.']
        : [
            ...(near === null ? [] : [`Did you mean ${near}?`]),
            ...Object.entries(known).map(([option, does]) => `${option}: ${does}`),
          ],
    details: {option: unknown, options: names},
  })
}

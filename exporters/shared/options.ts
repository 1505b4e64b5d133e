// What the person can set with --option name=value, checked with the choices in the message.
import {CrateError} from '../../src/core/errors.js'

/**
 * The value of an option, which must be one of `choices`.
 *
 * @throws USAGE for any other
 */
export function chooseOption<Choice extends string>(
  options: Readonly<Record<string, string>>,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const value = options[name]
  if (value === undefined) return fallback
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  throw new CrateError('USAGE', `option ${name} is “${value}”, but can be: ${choices.join(', ')}`, {
    hints: [`For example --option ${name}=${choices[0] ?? ''}`],
    details: {name, value, choices},
  })
}

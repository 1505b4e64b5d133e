// What is said to a command that there is not: the nearest ones, as text or as one JSON document, with status 2.
import type {Hook} from '@oclif/core'
import {closest} from '../core/closest.js'
import {CrateError} from '../core/errors.js'
import {EXIT, failureFrom, renderFailure} from './failure.js'
import {writeJson} from './json.js'

/** oclif's hook of that name; package.json#oclif.hooks points here. */
export const commandNotFound: Hook.CommandNotFound = async function ({id, argv = [], config}) {
  const ids = config.commands.filter(({hidden}) => !hidden).flatMap((command) => [command.id, ...command.aliases])
  const words = id.split(':')
  const known = commandWithTooMuch(words, ids)
  const near = nearestCommands(words, [...new Set(ids)])
  const topic = config.topics.find(({name}) => name === words[0])
  // What follows may be arguments.
  const typed = words.slice(0, topic === undefined ? 1 : 2).join(' ')
  const failure = failureFrom(
    known === null
      ? new CrateError('USAGE', `there is no command "${config.bin} ${typed}"`, {
          hints: [
            ...(near.length === 0 ? [] : [`Did you mean: ${near.map((one) => `${config.bin} ${one}`).join(', ')}?`]),
            `${config.bin} ${topic === undefined ? '' : `${topic.name} `}--help lists what there is.`,
          ],
        })
      : new CrateError('USAGE', `${config.bin} ${known.command} takes no argument, and got "${known.rest}"`, {
          hints: [`${config.bin} ${known.command} --help lists its flags.`],
        }),
  )
  const {code, message, hints} = failure
  if ([...words, ...argv].includes('--json')) await writeJson(process.stdout, {error: {code, message, hints}})
  else process.stderr.write(`${renderFailure(failure)}\n`)
  this.exit(EXIT.usage)
}

/**
 * oclif takes what follows a command without arguments for a part of its name. Of a command with others below it
 * (`plugins`), one of those may be meant.
 */
function commandWithTooMuch(
  words: readonly string[],
  ids: readonly string[],
): {readonly command: string; readonly rest: string} | null {
  for (let length = words.length - 1; length > 0; length--) {
    const id = words.slice(0, length).join(':')
    if (ids.includes(id) && !ids.some((other) => other.startsWith(`${id}:`)))
      return {command: id.replaceAll(':', ' '), rest: words.slice(length).join(' ')}
  }
  return null
}

const MOST_SHOWN = 3

/**
 * Commands that the words may have meant, as they are typed: one whose spelling is near, else those that end in what was
 * typed without its topic (`relocate`).
 *
 * @param words of the command line, arguments may be among them
 * @param ids as oclif has them: `library:list`
 */
export function nearestCommands(words: readonly string[], ids: readonly string[]): readonly string[] {
  for (let length = words.length; length > 0; length--) {
    const typed = words.slice(0, length).join(' ').toLowerCase()
    const sameLength = ids.map((id) => id.replaceAll(':', ' ')).filter((name) => name.split(' ').length === length)
    const near = closest(typed, sameLength, Math.max(1, Math.floor(typed.length / 4)))
    if (near !== null && near !== words.slice(0, length).join(' ')) return [near]
  }
  const [first = ''] = words
  return ids
    .filter((id) => id.includes(':') && id.endsWith(`:${first.toLowerCase()}`))
    .map((id) => id.replaceAll(':', ' '))
    .slice(0, MOST_SHOWN)
}

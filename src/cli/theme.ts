// Colours with meaning; NO_COLOR, FORCE_COLOR and pipes are honoured by ansis.
import {Ansis} from 'ansis'

/** ansis takes `--color #FF0000`, which is how a person colours a track, for an order to colour a pipe. */
const isMisled =
  process.argv.some((word) => /^--color(?:=|$)/.test(word)) &&
  process.stdout.isTTY !== true &&
  process.env['FORCE_COLOR'] === undefined

const paint = isMisled ? new Ansis(0) : new Ansis()

export const theme = {
  good: (text: string) => paint.green(text),
  bad: (text: string) => paint.red(text),
  warn: (text: string) => paint.yellow(text),
  dim: (text: string) => paint.dim(text),
  strong: (text: string) => paint.bold(text),
  accent: (text: string) => paint.cyan(text),
} as const

/**
 * Whole lines, as they may be written: colours stay; whatever else would move the cursor or speak to the terminal — a
 * name or an answer from elsewhere may hold it — becomes one visible sign.
 */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/(\x1b\[[\d;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f]+/g, (_all, color?: string) => color ?? '\u00b7')
}

/** Control characters of names and tags, which would move the cursor or colour the screen, as one visible sign each. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, '\u00b7')
}

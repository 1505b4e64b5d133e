// Colours with meaning; NO_COLOR, FORCE_COLOR and pipes are honoured by ansis.
import {Ansis} from 'ansis'

const paint = new Ansis()

export const theme = {
  good: (text: string) => paint.green(text),
  bad: (text: string) => paint.red(text),
  warn: (text: string) => paint.yellow(text),
  dim: (text: string) => paint.dim(text),
  strong: (text: string) => paint.bold(text),
  accent: (text: string) => paint.cyan(text),
} as const

/** Control characters of names and tags, which would move the cursor or colour the screen, as one visible sign each. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, '\u00b7')
}

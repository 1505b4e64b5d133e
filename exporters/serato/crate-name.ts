// Names of crates in files: levels are joined, and characters that file systems refuse are replaced as Serato does.
import {cutUtf8} from './bytes.js'

/** Joins the levels of smart crates, and of all crates in `neworder.pref`. */
export const NAME_SEPARATOR = '≫≫'

/** Joins the levels of crates in file names. */
export const FILE_SEPARATOR = '%%'

/** Longest file name on the file systems of Windows, macOS and Linux, in bytes of UTF-8. */
const MAX_FILE_NAME_BYTES = 255

/** Real: "so old, so good" is stored as "so old- so good" (FORMATS §2.3); the others are what Windows refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what file names may not hold
const REFUSED = /[,/\\:*?"<>|\u0000-\u001f\u007f]/g

/** One level of a crate's name as it stands in a file name. */
export function sanitizeCrateName(name: string): string {
  const replaced = name
    .replace(REFUSED, '-')
    .replaceAll(FILE_SEPARATOR, '%-')
    .replaceAll(NAME_SEPARATOR, '≫-')
    // A leading dot hides a file.
    .replace(/^\.+/, '-')
    .trim()
    .replace(/[. ]+$/, '')
  return replaced === '' ? 'Untitled' : replaced
}

/**
 * The file name of a crate. A name over 255 bytes loses the end of its last level; null where that does not help.
 *
 * @param levels the names from the top, sanitised
 */
export function crateFileName(levels: readonly string[]): string | null {
  const extension = '.crate'
  const name = levels.join(FILE_SEPARATOR)
  const limit = MAX_FILE_NAME_BYTES - extension.length
  if (Buffer.byteLength(name) <= limit) return name + extension
  const last = levels.at(-1) ?? ''
  const room = limit - Buffer.byteLength(name) + Buffer.byteLength(last)
  const cut = cutUtf8(last, Math.max(0, room)).replace(/[. ]+$/, '')
  return cut === '' ? null : [...levels.slice(0, -1), cut].join(FILE_SEPARATOR) + extension
}

/** The levels that a file name holds; null for a file that is no crate, such as macOS' companions `._NAME`. */
export function levelsOfFileName(fileName: string, extension: '.crate' | '.scrate'): string[] | null {
  if (!fileName.endsWith(extension) || fileName.startsWith('._')) return null
  const separator = extension === '.crate' ? FILE_SEPARATOR : NAME_SEPARATOR
  const levels = fileName.slice(0, -extension.length).split(separator)
  return levels.every((level) => level !== '') ? levels : null
}

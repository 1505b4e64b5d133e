// Where a library lies when the person names a part of it: the database inside its folder, or the folder around its file.
import {existsSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Importer, ImportItem} from '../../api/format.js'
import {isCrateError} from '../../core/errors.js'

/** `PIONEER/rekordbox/export.pdb` is the deepest that a program keeps its database. */
const MOST_LEVELS = 3

/**
 * Folders or files to try, in order; the path itself is the first but where a file's folder was named.
 *
 * @param kind what the format reads
 * @param fileNameOf how its program calls the one file; null where that is not known. Asked only for a folder.
 */
export async function possibleSources(
  path: string,
  kind: 'file' | 'folder',
  fileNameOf: () => Promise<string | null>,
): Promise<readonly string[]> {
  const isFolder = statSync(path).isDirectory()
  if (isFolder === (kind === 'folder')) return [path]
  if (kind === 'file') {
    const fileName = await fileNameOf()
    const inside = fileName === null ? null : join(path, fileName)
    return [inside !== null && existsSync(inside) ? inside : path]
  }
  const folders = [dirname(path)]
  while (folders.length < MOST_LEVELS) folders.push(dirname(folders.at(-1) ?? path))
  return [path, ...folders]
}

/** The items of the first source that the importer takes for its own. @throws what it says of the first of them */
export async function* itemsOfFirst(
  sources: readonly string[],
  importFrom: (source: string) => ReturnType<Importer['import']>,
): AsyncGenerator<ImportItem> {
  let refusal: unknown
  for (const source of sources) {
    const items = importFrom(source)[Symbol.asyncIterator]()
    let first: IteratorResult<ImportItem>
    try {
      first = await items.next()
    } catch (error) {
      if (!isCrateError(error) || error.code !== 'FORMAT_INVALID') throw error
      refusal ??= error
      continue
    }
    try {
      if (first.done !== true) yield first.value
      yield* {[Symbol.asyncIterator]: () => items}
    } finally {
      // Also where the reader leaves after the first item: a database may be open.
      await items.return?.()
    }
    return
  }
  throw refusal
}

// Reads a list from disk, with a bound on its size.
import {readFile, stat} from 'node:fs/promises'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import {CrateError} from '../../core/errors.js'

/** A list of 100,000 lines has some 10 MB. */
const LARGEST_LIST_BYTES = 100_000_000

export async function readListFile(target: string): Promise<Uint8Array> {
  const path = expandHome(target)
  try {
    const {size} = await stat(path)
    if (size > LARGEST_LIST_BYTES)
      throw new CrateError('FORMAT_INVALID', `${path} is too large for a list`, {details: {path, size}})
    return await readFile(path)
  } catch (error) {
    throw fileError(error, path, 'read')
  }
}

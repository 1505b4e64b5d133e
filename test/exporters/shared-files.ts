// Files that the real programs wrote, read in place from beside the project.
import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The folder of real files of a format; null where it is absent, which is an error under CI. */
export function sharedFormats(name: string): string | null {
  const folder = join(root, '..', 'shared', 'formats', name)
  if (existsSync(folder)) return folder
  const {CI} = process.env
  if (CI !== undefined) throw new Error(`the shared files ${name} are not there, and CI must not skip their tests`)
  return null
}

export function readShared(folder: string, file: string): Buffer {
  return readFileSync(join(folder, file))
}

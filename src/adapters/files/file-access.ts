// FileAccess over a real folder or file: what importers and exporters may see of the person's files.
import {createReadStream} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {isAbsolute, normalize, resolve, sep} from 'node:path'
import type {FileAccess} from '../../api/format.js'
import {CrateError} from '../../core/errors.js'
import {fileError} from './errors.js'

/** The absolute path of a name below `root`. @throws FILE_UNWRITABLE for a name that leads outside */
export function pathInside(root: string, name: string): string {
  const base = resolve(root)
  if (name === '') return base
  const path = resolve(base, normalize(name))
  const isInside = !isAbsolute(name) && !name.includes('\0') && path.startsWith(base.endsWith(sep) ? base : base + sep)
  if (!isInside)
    throw new CrateError('FILE_UNWRITABLE', `"${name}" leads outside of ${base}`, {details: {root: base, name}})
  return path
}

/** @param root the file or folder that the person gave */
export function fileAccess(root: string): FileAccess {
  const isAbsent = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
  return {
    resolve: (name) => pathInside(root, name),
    read: async (name) => {
      const path = pathInside(root, name)
      try {
        return await readFile(path)
      } catch (error) {
        if (isAbsent(error)) return null
        throw fileError(error, path, 'read')
      }
    },
    stream: async function* (name) {
      const path = pathInside(root, name)
      try {
        for await (const chunk of createReadStream(path, {highWaterMark: 1 << 18})) yield chunk as Uint8Array
      } catch (error) {
        throw fileError(error, path, 'read')
      }
    },
    list: async (name) => {
      const path = pathInside(root, name)
      try {
        const entries = await readdir(path, {withFileTypes: true})
        return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort()
      } catch (error) {
        if (isAbsent(error)) return []
        throw fileError(error, path, 'read')
      }
    },
  }
}

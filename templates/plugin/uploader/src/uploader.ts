// Copies files into a folder: beside their place first, then linked under their name, so that none is ever half there.
import {constants} from 'node:fs'
import {copyFile, link, mkdir, readdir, rename, rm, stat} from 'node:fs/promises'
import {dirname, join, resolve, sep} from 'node:path'
import type {Context, Uploader} from 'crate-dj/plugin'

const SCHEME = 'folder://'

export const uploader: Uploader = {
  async open(target, context) {
    if (!target.startsWith(`${SCHEME}/`))
      throw context.error('USAGE', `"${target}" is not ${SCHEME} and an absolute path`)
    const root = resolve(target.slice(SCHEME.length))
    const placeOf = (name: string) => placeInside(root, name, context)
    return {
      async *list() {
        const entries = await readdir(root, {recursive: true, withFileTypes: true})
        const paths = entries
          .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
          .map((entry) => join(entry.parentPath, entry.name))
        for (const name of paths.map((path) => path.slice(root.length + 1).replaceAll(sep, '/')).sort())
          yield {name, sizeBytes: (await stat(placeOf(name))).size, crc32c: null}
      },
      async store({path, name, sizeBytes}, {overwrite, onProgress}) {
        const place = placeOf(name)
        const part = `${place}.${process.pid}.part`
        await mkdir(dirname(place), {recursive: true})
        try {
          await copyFile(path, part)
          if (overwrite) await rename(part, place)
          // A link fails where the name is taken, also by someone else at this moment.
          else await link(part, place)
          onProgress(sizeBytes)
        } catch (error) {
          const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
          throw context.error(isTaken ? 'FILE_EXISTS' : 'FILE_UNWRITABLE', `${name}: ${(error as Error).message}`)
        } finally {
          await rm(part, {force: true})
        }
      },
      async restore({name, sizeBytes}, toPath, {onProgress}) {
        try {
          await copyFile(placeOf(name), toPath, constants.COPYFILE_EXCL)
        } catch (error) {
          throw context.error('NOT_AVAILABLE', `${name}: ${(error as Error).message}`)
        }
        if ((await stat(toPath)).size !== sizeBytes) throw context.error('FORMAT_INVALID', `${name} came back cut off`)
        onProgress(sizeBytes)
      },
      async close() {},
    }
  },
}

function placeInside(root: string, name: string, context: Context): string {
  const place = resolve(root, name)
  if (place.startsWith(root + sep)) return place
  throw context.error('USAGE', `"${name}" leads out of the archive`)
}

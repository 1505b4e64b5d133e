// What `crate sync` is pointed at: music folders, single files, manifests, and things that have to be fetched first.
import {existsSync, statSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
import {parseManifest} from '../../core/manifest.js'
import type {Tags} from '../../core/track.js'

export interface LocalMusic {
  /** Folders and files to scan. */
  readonly paths: readonly string[]
  readonly tagsByPath: ReadonlyMap<string, Partial<Tags>>
  readonly failures: readonly ItemFailure[]
}

/** Lists and feeds: what they name is fetched. */
const LIST_NAME = /\.(?:txt|csv|tsv|rss|xml|atom)$/i

/** How a source is to be read: `local` is on this machine, `fetched` has to be downloaded first. */
export function kindOfSource(source: string): 'folder' | 'file' | 'manifest' | 'fetched' {
  if (/^[a-z][a-z0-9+.-]*:/i.test(source) && !/^[a-z]:[\\/]/i.test(source)) return 'fetched'
  const path = expandHome(source)
  if (!existsSync(path)) return /\.json$/i.test(path) ? 'manifest' : LIST_NAME.test(path) ? 'fetched' : 'folder'
  if (statSync(path).isDirectory()) return 'folder'
  if (/\.json$/i.test(path)) return 'manifest'
  return LIST_NAME.test(path) ? 'fetched' : 'file'
}

/** Folders and files as they are, manifests resolved to the files that they name. */
export async function resolveLocalMusic(sources: readonly string[]): Promise<LocalMusic> {
  const paths: string[] = []
  const failures: ItemFailure[] = []
  const tagsByPath = new Map<string, Partial<Tags>>()
  for (const source of sources.map((text) => resolve(expandHome(text)))) {
    if (kindOfSource(source) !== 'manifest') {
      paths.push(source)
      continue
    }
    try {
      const manifest = parseManifest(await readText(source), source)
      failures.push(...manifest.failures)
      for (const {file, tags} of manifest.tracks) {
        const path = join(dirname(source), ...file.split('/'))
        if (existsSync(path)) paths.push(path)
        else
          failures.push(
            itemFailure(
              path,
              new CrateError('FILE_NOT_FOUND', `${basename(source)} names this file, and it is not there`, {
                hints: ['Copy it beside the manifest.'],
              }),
            ),
          )
        if (Object.keys(tags).length > 0) tagsByPath.set(path, tags)
      }
    } catch (error) {
      failures.push(itemFailure(source, error))
    }
  }
  return {paths: [...new Set(paths)], tagsByPath, failures}
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw fileError(error, path, 'read')
  }
}

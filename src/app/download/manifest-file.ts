// manifest.json of the download folder: made from the archive, so that it is right after any interruption.
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join, relative, sep} from 'node:path'
import {fileError} from '../../adapters/files/errors.js'
import {writeFileAtomically} from '../../adapters/files/staged-write.js'
import {type ManifestEntry, updateManifest} from '../../core/manifest.js'
import type {Download} from '../../store/downloads.js'
import type {Library} from '../../store/library.js'

export const MANIFEST_NAME = 'manifest.json'

/** Writes it where something changed. @returns its path; null where nothing was ever fetched into this folder */
export async function writeManifest({downloads}: Library, folder: string): Promise<string | null> {
  const path = join(folder, MANIFEST_NAME)
  const entries = downloads.list('done').flatMap((download) => entryFrom(download, folder))
  const old = await readOld(path)
  if (entries.length === 0 && old === null) return null
  const text = updateManifest(old, path, entries)
  if (text !== old) await writeFileAtomically(path, text)
  return path
}

async function readOld(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileError(error, path, 'read')
  }
}

function entryFrom({path, audioHash, link, details}: Download, folder: string): ManifestEntry[] {
  if (path === null || details['isDuplicate'] === true || !path.startsWith(folder + sep) || !existsSync(path)) return []
  const text = (key: string) => (typeof details[key] === 'string' ? (details[key] as string) : null)
  const number = (key: string) => (typeof details[key] === 'number' ? (details[key] as number) : null)
  const fetchedAtMs = number('fetchedAtMs')
  return [
    {
      file: relative(folder, path).split(sep).join('/'),
      title: text('title'),
      artist: text('artist'),
      album: text('album'),
      genre: text('genre'),
      label: text('label'),
      remixer: text('remixer'),
      isrc: text('isrc'),
      mix: text('mix'),
      year: number('year'),
      releaseDate: text('releaseDate'),
      durationMs: number('durationMs'),
      source: text('source') ?? link,
      audioHash,
      fetchedAt: fetchedAtMs === null ? null : new Date(fetchedAtMs).toISOString(),
    },
  ]
}

// manifest.json: the hand-over of music files from one machine or tool to another.
import {CrateError, type ItemFailure, itemFailure} from './errors.js'
import type {EMPTY_TAGS, Tags} from './track.js'

export interface ManifestTrack {
  /** Relative to the folder of the manifest, `/` between names. */
  readonly file: string
  /** What the manifest says of it; it wins over the file's own tags. */
  readonly tags: Partial<Tags>
  /** Where it was fetched from. */
  readonly source: string | null
}

export interface Manifest {
  readonly tracks: readonly ManifestTrack[]
  /** Entries that cannot be used; the rest is. */
  readonly failures: readonly ItemFailure[]
}

/** The newest shape that is read; a missing `version` means 1. */
export const MANIFEST_VERSION = 1

/**
 * Reads the text of a manifest: `{"version": 1, "tracks": [{"file": "a.mp3", "artist": "…", "title": "…"}]}`.
 *
 * A file is named relative to the manifest and lies below its folder: a hand-over that reaches elsewhere is refused,
 * entry by entry. Unknown keys are left alone. The second entry of one file is reported.
 *
 * @param path of the manifest, for messages
 * @throws MANIFEST_INVALID where the text is no manifest at all
 */
export function parseManifest(text: string, path: string): Manifest {
  const root = parseJson(text, path)
  const invalid = (reason: string) =>
    new CrateError('MANIFEST_INVALID', `${path} is not a manifest: ${reason}`, {
      hints: ['It should look like {"tracks": [{"file": "a.mp3", "artist": "…", "title": "…"}]}.'],
      details: {path},
    })
  if (!isRecord(root) || !Array.isArray(root['tracks'])) throw invalid('it has no list "tracks"')
  const version = root['version'] ?? 1
  if (typeof version !== 'number' || version > MANIFEST_VERSION)
    throw new CrateError(
      'MANIFEST_INVALID',
      `${path} is of version ${String(version)}, this crate reads up to ${MANIFEST_VERSION}`,
      {
        hints: ['Update crate: npm install --global crate-dj@latest'],
        details: {path, version},
      },
    )
  const tracks: ManifestTrack[] = []
  const failures: ItemFailure[] = []
  const seen = new Set<string>()
  for (const [index, entry] of root['tracks'].entries()) {
    const label = `${path} entry ${index + 1}`
    try {
      const track = parseEntry(entry)
      if (seen.has(track.file))
        throw new CrateError('CONFLICT', `"${track.file}" is listed twice; the first entry counts`)
      seen.add(track.file)
      tracks.push(track)
    } catch (error) {
      failures.push(itemFailure(label, error))
    }
  }
  return {tracks, failures}
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new CrateError('MANIFEST_INVALID', `${path} is not valid JSON: ${(error as Error).message}`, {
      hints: ['Mend it at that place, or let the tool that wrote it write it again.'],
      details: {path},
      cause: error,
    })
  }
}

const TEXT_FIELDS = [
  'title',
  'artist',
  'album',
  'albumArtist',
  'genre',
  'comment',
  'label',
  'remixer',
  'composer',
  'mix',
  'isrc',
  'key',
  'releaseDate',
] as const
const NUMBER_FIELDS = ['year', 'trackNumber', 'trackTotal', 'discNumber', 'tempoBpm'] as const

function parseEntry(entry: unknown): ManifestTrack {
  if (!isRecord(entry)) throw new CrateError('MANIFEST_INVALID', 'it is not an object')
  const {file, source} = entry as {file?: unknown; source?: unknown}
  if (typeof file !== 'string' || file.trim() === '') throw new CrateError('MANIFEST_INVALID', 'it names no "file"')
  const names = file.replaceAll('\\', '/').split('/')
  if (names[0] === '' || /^[A-Za-z]:$/.test(names[0] ?? '') || names.includes('..') || file.includes('\0'))
    throw new CrateError('MANIFEST_INVALID', `"${file}" is outside of the manifest's folder`, {
      hints: ['Put the file beside the manifest and name it relative to it.'],
    })
  const tags: {-readonly [Key in keyof Tags]?: Tags[Key]} = {}
  for (const field of TEXT_FIELDS) {
    const value = entry[field]
    if (typeof value === 'string' && value.trim() !== '') tags[field] = value
  }
  for (const field of NUMBER_FIELDS) {
    const value = entry[field]
    if (typeof value === 'number' && Number.isFinite(value)) tags[field] = value
  }
  return {
    file: names.filter((name) => name !== '.' && name !== '').join('/'),
    tags,
    source: typeof source === 'string' ? source : null,
  }
}

/** Every tag name that a manifest may carry. */
export const MANIFEST_TAGS: readonly (keyof Tags)[] = [
  ...TEXT_FIELDS,
  ...NUMBER_FIELDS,
] satisfies readonly (keyof typeof EMPTY_TAGS)[]

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What crate writes of a file that it fetched. */
export interface ManifestEntry {
  readonly file: string
  readonly title: string | null
  readonly artist: string | null
  readonly album?: string | null
  readonly genre?: string | null
  readonly label?: string | null
  readonly remixer?: string | null
  readonly isrc?: string | null
  readonly mix?: string | null
  readonly year?: number | null
  readonly releaseDate?: string | null
  readonly durationMs: number | null
  /** Link that it was fetched from. */
  readonly source: string | null
  /** Of the audio payload, tags excluded. */
  readonly audioHash: string | null
  /** ISO 8601. */
  readonly fetchedAt: string | null
}

/**
 * The text of a manifest with these entries added or brought up to date by file. Other entries, unknown keys and their
 * order stay as they are in the old text.
 *
 * @param oldText null where there is no manifest yet
 * @throws MANIFEST_INVALID where the old text is not a manifest that this crate may change
 */
export function updateManifest(oldText: string | null, path: string, entries: readonly ManifestEntry[]): string {
  if (oldText !== null) parseManifest(oldText, path)
  const root = oldText === null ? {} : (parseJson(oldText, path) as Record<string, unknown>)
  const old = (root['tracks'] ?? []) as unknown[]
  const fresh = new Map(entries.map((entry) => [entry.file, withoutNulls(entry)]))
  const kept = old.flatMap((entry) => {
    const file = isRecord(entry) ? entry['file'] : undefined
    if (typeof file !== 'string') return [entry]
    const update = fresh.get(file)
    fresh.delete(file)
    return [update === undefined ? entry : {...(entry as Record<string, unknown>), ...update}]
  })
  const document = {...root, version: MANIFEST_VERSION, tracks: [...kept, ...fresh.values()]}
  return `${JSON.stringify(document, null, 2)}\n`
}

function withoutNulls(entry: ManifestEntry): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined))
}

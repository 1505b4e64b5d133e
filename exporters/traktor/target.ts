// The collection that is at the target: what has to be known of it before the first byte is written.
import type {FileAccess} from '../../src/api/format.js'
import {isCrateError} from '../../src/core/errors.js'
import {pathKey} from '../../src/core/music-path.js'
import type {TrackId} from '../../src/core/track.js'
import {locationOfEntryText} from './entry-facts.js'
import {pathFromLocation, primaryKey} from './location.js'
import {attributeOf, parseTag} from './markup.js'
import {numberFrom} from './number.js'
import {ENTRY_PATH, piecesOf} from './pieces.js'
import {createShapeReader, type TargetNode} from './playlist-merge.js'
import type {TracksIndex} from './tracks-index.js'

export interface TargetSurvey {
  readonly version: number
  readonly entryCount: number
  /** Tracks of the library that have an entry, with the key that it gives them. */
  readonly matched: ReadonlyMap<TrackId, string>
  readonly hasCollection: boolean
  readonly hasPlaylists: boolean
  readonly roots: readonly TargetNode[]
}

/** The track of the library that an ENTRY is of. */
export function trackOfEntry(text: string, index: TracksIndex): {id: TrackId; key: string} | null {
  const location = locationOfEntryText(text)
  const path = location === null ? null : pathFromLocation(location)
  const id = path === null ? undefined : index.byPath.get(pathKey(path))
  return location === null || id === undefined ? null : {id, key: primaryKey(location)}
}

/**
 * Reads the file through once. Null where there is none, or an empty one.
 *
 * @throws FORMAT_INVALID where its tags do not fit together: crate does not write over what it cannot follow to the end
 */
export async function surveyTarget(
  target: FileAccess,
  index: TracksIndex,
  signal: AbortSignal,
): Promise<TargetSurvey | null> {
  const matched = new Map<TrackId, string>()
  const shape = createShapeReader()
  let version = 19
  let entryCount = 0
  let hasCollection = false
  let hasPlaylists = false
  try {
    for await (const pieces of piecesOf(nonEmpty(target.stream('')))) {
      signal.throwIfAborted()
      for (const piece of pieces) {
        if (piece.kind === 'element' && piece.path === ENTRY_PATH) {
          entryCount++
          const match = trackOfEntry(piece.text, index)
          if (match !== null && !matched.has(match.id)) matched.set(match.id, sharedKey(match, index))
        } else if (piece.kind === 'open' && piece.path === 'NML')
          version = numberFrom(attributeOf(piece.text, parseTag(piece.text), 'VERSION')) ?? version
        else if (piece.kind === 'open' && piece.path === 'NML/COLLECTION') hasCollection = true
        else if (piece.kind === 'open' && piece.path === 'NML/PLAYLISTS') hasPlaylists = true
        else shape.push(piece)
      }
    }
  } catch (error) {
    if (error instanceof NothingThere || isAbsent(error)) return null
    throw error
  }
  return {version, entryCount, matched, hasCollection, hasPlaylists, roots: shape.roots}
}

/** The version of the collection that is there; null where there is none, or one that cannot be read. */
export async function versionOfTarget(target: FileAccess): Promise<number | null> {
  try {
    for await (const pieces of piecesOf(nonEmpty(target.stream(''))))
      for (const {kind, path, text} of pieces)
        if (kind === 'open' && path === 'NML') return numberFrom(attributeOf(text, parseTag(text), 'VERSION'))
  } catch (error) {
    // The export that follows tells what is wrong with the file.
    if (!(error instanceof NothingThere || isCrateError(error))) throw error
  }
  return null
}

/** Mostly the key is the one that the index has; a text of its own would hold on to the piece that it was cut from. */
function sharedKey({id, key}: {readonly id: TrackId; readonly key: string}, index: TracksIndex): string {
  const known = index.keys.get(id)
  return known === key ? known : Buffer.from(key).toString()
}

class NothingThere extends Error {}

async function* nonEmpty(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isEmpty = true
  for await (const chunk of chunks) {
    if (chunk.length > 0) isEmpty = false
    yield chunk
  }
  if (isEmpty) throw new NothingThere()
}

function isAbsent(error: unknown): boolean {
  return isCrateError(error) ? error.code === 'FILE_NOT_FOUND' : (error as NodeJS.ErrnoException)?.code === 'ENOENT'
}

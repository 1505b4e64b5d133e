// Single tracks: by id, path or audio, or by what a person calls them.
import {CrateError} from '../core/errors.js'
import {fold} from '../core/query/fold.js'
import {type Track, type TrackId, trackName} from '../core/track.js'
import type {SqliteFile} from './sqlite.js'
import {SELECT_TRACK, type TrackRow, trackFromRow} from './track-rows.js'

export interface TrackFinder {
  /** @throws TRACK_NOT_FOUND */
  get(id: TrackId): Track
  find(id: TrackId): Track | null
  /** In the given order; ids that are not in the library are left out. */
  many(ids: readonly TrackId[]): Track[]
  byPath(path: string): Track | null
  byAudioHash(hash: string): Track[]
  /**
   * The track that a person means: an id, the start of one, a path, or words of its artist and title.
   *
   * @throws TRACK_NOT_FOUND, or USAGE with `details.candidates` where several fit
   */
  resolve(text: string): Track
  /** Like `many`, in batches. */
  iterateIds(ids: readonly TrackId[], batchSize?: number): Generator<Track>
}

interface Ids {
  readonly row: number
  readonly id: TrackId
}

/** With the row of a track, for those who change it. */
export function trackFinder(db: SqliteFile): TrackFinder & {rowOf(id: TrackId): number} {
  const notFound = (text: string) =>
    new CrateError('TRACK_NOT_FOUND', `there is no track “${text}” in the library`, {
      hints: ['Look for it: crate library list WORDS', 'Or add it: crate sync FILE'],
      details: {track: text},
    })

  const selectBy = (condition: string) => db.prepare<TrackRow>(`${SELECT_TRACK} WHERE ${condition}`)
  const selectById = selectBy('t.id = ?')
  const selectByPath = selectBy('t.path = ?')
  const selectMany = db.prepare<TrackRow>(
    `${SELECT_TRACK} JOIN json_each(?) wanted ON wanted.value = t.id ORDER BY wanted.key`,
  )
  const selectByHash = selectBy('t.audio_hash = ? ORDER BY t.row')
  const rowOfId = db.prepare<Ids>('SELECT row, id FROM tracks WHERE id = ?')

  function find(id: TrackId): Track | null {
    const row = selectById.get(id)
    return row === undefined ? null : trackFromRow(row)
  }

  function get(id: TrackId): Track {
    const track = find(id)
    if (track === null) throw notFound(id)
    return track
  }

  function rowOf(id: TrackId): number {
    const found = rowOfId.get(id)
    if (found === undefined) throw notFound(id)
    return found.row
  }

  function byPath(path: string): Track | null {
    const row = selectByPath.get(path)
    return row === undefined ? null : trackFromRow(row)
  }

  /** A path may reach us composed otherwise than the file system has it (NFC, NFD). */
  function byAnyPath(path: string): Track | null {
    return byPath(path) ?? byPath(path.normalize('NFC')) ?? byPath(path.normalize('NFD'))
  }

  const idsWithPrefix = db.prepare<Ids>('SELECT row, id FROM tracks WHERE id >= ? AND id < ? LIMIT 10')
  const idsOfWords = db.prepare<Ids>(
    `SELECT i.track_row AS row, t.id FROM track_index i JOIN tracks t ON t.row = i.track_row
     WHERE NOT EXISTS (SELECT 1 FROM json_each(?) WHERE instr(i."any", value) = 0) LIMIT 10`,
  )
  const idsOfName = db.prepare<Ids>(
    `SELECT i.track_row AS row, t.id FROM track_index i JOIN tracks t ON t.row = i.track_row
     WHERE ? IN (i.title, i.artist || ' - ' || i.title, i.artist || ' ' || i.title) LIMIT 10`,
  )

  function resolve(text: string): Track {
    const wanted = text.trim()
    if (wanted === '') throw notFound(text)
    const exact = find(wanted as TrackId) ?? byAnyPath(text)
    if (exact !== null) return exact
    const folded = fold(wanted)
    const words = folded.split(' ').filter((word) => word !== '-' && word !== '')
    const ways = [
      () => (wanted.length < 3 ? [] : idsWithPrefix.all(wanted, `${wanted}\u{10ffff}`)),
      () => idsOfName.all(folded),
      () => (words.length === 0 ? [] : idsOfWords.all(JSON.stringify(words))),
    ]
    for (const way of ways) {
      const [only, ...others] = way()
      if (only === undefined) continue
      if (others.length === 0) return get(only.id)
      throw ambiguous(
        wanted,
        [only, ...others].map(({id}) => get(id)),
      )
    }
    throw notFound(wanted)
  }

  function ambiguous(text: string, tracks: readonly Track[]): CrateError {
    return new CrateError('USAGE', `“${text}” fits more than one track`, {
      hints: [
        'Say which by its id:',
        ...tracks.map((track) => `${track.id}  ${trackName(track)}  (${track.file.path})`),
      ],
      details: {candidates: tracks.map((track) => ({id: track.id, path: track.file.path, name: trackName(track)}))},
    })
  }

  const many = (ids: readonly TrackId[]) => selectMany.all(JSON.stringify(ids)).map(trackFromRow)

  function* iterateIds(ids: readonly TrackId[], batchSize = 500): Generator<Track> {
    for (let start = 0; start < ids.length; start += batchSize) yield* many(ids.slice(start, start + batchSize))
  }

  return {
    get,
    find,
    many,
    byPath,
    byAudioHash: (hash) => selectByHash.all(hash).map(trackFromRow),
    resolve,
    iterateIds,
    rowOf,
  }
}

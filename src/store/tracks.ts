// The tracks of a library: found, listed, changed. A person's word is kept apart from what analysis and tags say.
import type {BeatGrid} from '../core/beat-grid.js'
import {type Cue, isMadeByPerson, type Origin, sortCues} from '../core/cue.js'
import {CrateError} from '../core/errors.js'
import type {Extras} from '../core/json.js'
import {keyIndex, type MusicalKey} from '../core/key.js'
import {fold} from '../core/query/fold.js'
import {EVERYTHING, type Query} from '../core/query/query.js'
import {type AudioFile, EMPTY_TAGS, type Tags, type Track, type TrackId, trackName} from '../core/track.js'
import {mergeMarks, type TrackMarks} from './merge-marks.js'
import {joinsFor, orderFromSorts, type PlaylistRows, whereFromQuery} from './query-sql.js'
import type {SqliteFile, SqlValue} from './sqlite.js'
import type {TrackIndex} from './track-index.js'
import {
  fileTagsFromRow,
  layeredTags,
  SELECT_TRACK,
  TAG_COLUMN_LIST,
  type TrackRow,
  tagValues,
  trackFromRow,
} from './track-rows.js'

export interface NewTrack {
  readonly file: AudioFile
  readonly audioHash: string | null
  readonly tags?: Tags
  /** ISO 8601; now where it is left out. */
  readonly addedAt?: string | null
}

export interface ListOptions {
  readonly query?: Query
  /** Beside the query's own; the smaller holds. */
  readonly limit?: number
  readonly offset?: number
}

/** What a table shows of a track, without reading grids, sections and cues. */
export interface TrackSummary {
  readonly id: TrackId
  readonly path: string
  readonly title: string | null
  readonly artist: string | null
  readonly genre: string | null
  readonly tempoBpm: number | null
  /** As `keyIndex` numbers them. */
  readonly keyIndex: number | null
  readonly energy: number | null
  readonly durationMs: number | null
  readonly ratingStars: number | null
  readonly isAnalyzed: boolean
  readonly isMissing: boolean
}

export interface TrackRepository {
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
  list(options?: ListOptions): Track[]
  summaries(options?: ListOptions): TrackSummary[]
  /** The first `limit` of those that match, and how many match: one search for both. */
  page(query: Query, limit: number): {readonly tracks: TrackSummary[]; readonly total: number}
  ids(options?: ListOptions): TrackId[]
  count(query?: Query): number
  /** In batches, so that memory stays bounded and others may write meanwhile. Order and limit as the query says. */
  iterate(query?: Query, batchSize?: number): Generator<Track>
  /** Like `many`, in batches. */
  iterateIds(ids: readonly TrackId[], batchSize?: number): Generator<Track>
  isMissing(id: TrackId): boolean

  /** @throws CONFLICT where another track has this path */
  add(track: NewTrack): TrackId
  /** New facts of the file at the same path, and its tags where given. */
  saveFile(id: TrackId, file: AudioFile, audioHash: string | null, tags?: Tags): void
  /** A person's word on tags: it wins over the file's, also when that changes; null empties a tag. */
  editTags(id: TrackId, edits: Partial<Tags>): void
  /** The file's tags speak again. */
  forgetTagEdits(id: TrackId): void
  /** @throws CONFLICT where another track has this path */
  move(id: TrackId, path: string): void
  /** The path of each becomes that of the other; everything else of both stays. */
  exchangePaths(id: TrackId, other: TrackId): void
  markMissing(ids: readonly TrackId[]): void
  markFound(ids: readonly TrackId[]): void
  /** From the library, with its playlists' entries; the file and the analysis of its audio stay. */
  remove(ids: readonly TrackId[]): void

  /** Null takes the person's word back; then analysis and tags speak again. */
  setRating(id: TrackId, stars: number | null, origin?: Origin): void
  setColor(id: TrackId, colorRgb: number | null, origin?: Origin): void
  setTempo(id: TrackId, tempoBpm: number | null, origin?: Origin): void
  setKey(id: TrackId, key: MusicalKey | null, origin?: Origin): void
  setGrid(id: TrackId, grid: BeatGrid | null, origin?: Origin, isLocked?: boolean): void
  /** The cues that persons made, each with its origin; those of the analysis are not kept here. */
  setCues(id: TrackId, cues: readonly Cue[]): void
  setPlayed(id: TrackId, playCount: number, lastPlayedAt: string | null): void
  setExtras(id: TrackId, extras: Extras): void
  /** What another program knows of the track, by the rules of `mergeMarks`; tags fill what the file leaves empty. */
  merge(id: TrackId, marks: TrackMarks, origin: `import:${string}`): void
}

interface Ids {
  readonly row: number
  readonly id: TrackId
}

export function trackRepository(
  db: SqliteFile,
  index: TrackIndex,
  playlistRows: PlaylistRows,
  clock: {readonly nowMs: () => number; readonly newId: () => string},
): TrackRepository {
  const notFound = (text: string) =>
    new CrateError('TRACK_NOT_FOUND', `there is no track “${text}” in the library`, {
      hints: ['Look for it: crate library list WORDS', 'Or add it: crate sync FILE'],
      details: {track: text},
    })

  // Finding one

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

  // Listing

  function selection(columns: string, {query = EVERYTHING, limit, offset}: ListOptions) {
    const where = whereFromQuery(query, playlistRows)
    const most = Math.min(limit ?? Number.MAX_SAFE_INTEGER, query.limit ?? Number.MAX_SAFE_INTEGER)
    const sql = `SELECT ${columns} FROM track_index i ${joinsFor(columns + where.sql)} WHERE ${where.sql}
      ORDER BY ${orderFromSorts(query.sorts)} LIMIT ? OFFSET ?`
    return {sql, values: [...where.values, most, offset ?? 0] as SqlValue[]}
  }

  function rows(options: ListOptions): number[] {
    const {sql, values} = selection('i.track_row', options)
    return db
      .prepareRaw<[number]>(sql)
      .all(...values)
      .map(([row]) => row)
  }

  const selectBatch = db.prepare<TrackRow>(
    `${SELECT_TRACK} JOIN json_each(?) wanted ON wanted.value = t.row ORDER BY wanted.key`,
  )

  function* iterate(query: Query = EVERYTHING, batchSize = 500): Generator<Track> {
    const wanted = rows({query})
    for (let start = 0; start < wanted.length; start += batchSize)
      for (const row of selectBatch.all(JSON.stringify(wanted.slice(start, start + batchSize)))) yield trackFromRow(row)
  }

  const many = (ids: readonly TrackId[]) => selectMany.all(JSON.stringify(ids)).map(trackFromRow)

  function* iterateIds(ids: readonly TrackId[], batchSize = 500): Generator<Track> {
    for (let start = 0; start < ids.length; start += batchSize) yield* many(ids.slice(start, start + batchSize))
  }

  type SummaryRow = Omit<TrackSummary, 'isAnalyzed' | 'isMissing'> & {
    isAnalyzed: number
    isMissing: number
    fills: string
    edits: string
  }
  const selectSummaries = db.prepare<SummaryRow>(
    `SELECT t.id, t.path, g.title, g.artist, g.genre, i.bpm AS tempoBpm, i."key" AS keyIndex, i.energy,
       t.duration_ms AS durationMs, i.rating AS ratingStars, i.analyzed AS isAnalyzed, i.missing AS isMissing,
       m.tag_fills AS fills, m.tag_edits AS edits
     FROM json_each(?) wanted JOIN track_index i ON i.track_row = wanted.value JOIN tracks t ON t.row = wanted.value
     JOIN tags g ON g.track_row = wanted.value JOIN marks m ON m.track_row = wanted.value ORDER BY wanted.key`,
  )

  function summariesOf(wanted: readonly number[]): TrackSummary[] {
    const found = selectSummaries.all(JSON.stringify(wanted))
    return found.map(({title, artist, genre, fills, edits, ...row}) => ({
      ...row,
      ...layeredTags({title, artist, genre}, fills, edits),
      isAnalyzed: row.isAnalyzed === 1,
      isMissing: row.isMissing === 1,
    }))
  }

  function page(query: Query, limit: number): {tracks: TrackSummary[]; total: number} {
    const matching = rows({query})
    return {tracks: summariesOf(matching.slice(0, limit)), total: matching.length}
  }

  function count(query: Query = EVERYTHING): number {
    const where = whereFromQuery(query, playlistRows)
    const matching = db
      .prepare<{count: number}>(`SELECT count(*) AS count FROM track_index i ${joinsFor(where.sql)} WHERE ${where.sql}`)
      .get(...where.values)
    return Math.min(matching?.count ?? 0, query.limit ?? Number.MAX_SAFE_INTEGER)
  }

  // Files

  const insertTrack = db.prepare(
    `INSERT INTO tracks (id, path, size_bytes, modified_at_ms, audio_hash, format, duration_ms, sample_rate_hz, channels,
       bit_depth, bit_rate_kbps, mp3_header_case) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const updateFile = db.prepare(
    `UPDATE tracks SET path = ?, size_bytes = ?, modified_at_ms = ?, audio_hash = ?, format = ?, duration_ms = ?,
       sample_rate_hz = ?, channels = ?, bit_depth = ?, bit_rate_kbps = ?, mp3_header_case = ?, missing_since_ms = NULL
     WHERE row = ?`,
  )
  const replaceTags = db.prepare(
    `INSERT OR REPLACE INTO tags (track_row, ${TAG_COLUMN_LIST}) VALUES (?, ${tagValues(EMPTY_TAGS)
      .map(() => '?')
      .join(', ')})`,
  )
  const insertMarks = db.prepare('INSERT INTO marks (track_row, added_at) VALUES (?, ?)')
  const rowOfPath = db.prepare<Ids>('SELECT row, id FROM tracks WHERE path = ?')

  function fileValues(file: AudioFile, audioHash: string | null): SqlValue[] {
    const {path, sizeBytes, modifiedAtMs, format, durationMs, sampleRateHz, channels, bitDepth} = file
    const head = [path, sizeBytes, modifiedAtMs, audioHash, format, durationMs, sampleRateHz, channels, bitDepth]
    return [...head, file.bitRateKbps, file.mp3HeaderCase]
  }

  function checkPathIsFree(path: string, ownRow: number | null): void {
    const other = rowOfPath.get(path)
    if (other !== undefined && other.row !== ownRow)
      throw new CrateError('CONFLICT', `the library already has a track at ${path}`, {details: {path, id: other.id}})
  }

  function freshId(): TrackId {
    for (let attempt = 0; attempt < 20; attempt++) {
      const id = clock.newId()
      if (rowOfId.get(id) === undefined) return id as TrackId
    }
    throw new CrateError('INTERNAL', 'no unused track id was found in 20 attempts')
  }

  /** Every change goes through here: one transaction with the derived row, so that they cannot part. */
  function change(id: TrackId, work: (row: number) => void): void {
    db.transaction(() => {
      const row = rowOf(id)
      work(row)
      index.refresh([row])
    })
  }

  function add({file, audioHash, tags = EMPTY_TAGS, addedAt}: NewTrack): TrackId {
    return db.transaction(() => {
      checkPathIsFree(file.path, null)
      const id = freshId()
      const {lastRow} = insertTrack.run(id, ...fileValues(file, audioHash))
      replaceTags.run(lastRow, ...tagValues(tags))
      insertMarks.run(lastRow, addedAt === undefined ? new Date(clock.nowMs()).toISOString() : addedAt)
      index.refresh([lastRow])
      return id
    })
  }

  const setPath = db.prepare('UPDATE tracks SET path = ?, missing_since_ms = NULL WHERE row = ?')
  const setPathAlone = db.prepare('UPDATE tracks SET path = ? WHERE row = ?')
  const setMissing = db.prepare('UPDATE tracks SET missing_since_ms = coalesce(missing_since_ms, ?) WHERE row = ?')
  const setFound = db.prepare('UPDATE tracks SET missing_since_ms = NULL WHERE row = ?')
  const deleteTrack = db.prepare('DELETE FROM tracks WHERE row = ?')

  function changeMany(ids: readonly TrackId[], work: (row: number) => void): void {
    db.transaction(() => {
      for (const id of ids) change(id, work)
    })
  }

  // A person's word

  const setMark = (columns: string) => db.prepare(`UPDATE marks SET ${columns} WHERE track_row = ?`)
  const updateRating = setMark('rating_stars = ?, rating_origin = ?')
  const updateColor = setMark('color_rgb = ?, color_origin = ?')
  const updateTempo = setMark('tempo_bpm = ?, tempo_origin = ?')
  const updateKey = setMark('key_index = ?, key_origin = ?')
  const updateGrid = setMark('grid = ?, grid_origin = ?, is_grid_locked = ?')
  const updateCues = setMark('cues = ?')
  const updatePlayed = setMark('play_count = ?, last_played_at = ?')
  const updateExtras = setMark('extras = ?')
  const updateFills = setMark('tag_fills = json_patch(tag_fills, ?)')
  const selectEdits = db.prepare<{edits: string}>('SELECT tag_edits AS edits FROM marks WHERE track_row = ?')
  const updateEdits = setMark('tag_edits = ?')
  const updateAdded = setMark('added_at = ?')
  const selectOrigins = db.prepare<Parameters<typeof mergeMarks>[4]>(
    `SELECT rating_origin AS rating, color_origin AS color, key_origin AS "key", tempo_origin AS tempo
     FROM marks WHERE track_row = ?`,
  )

  function saveCues(row: number, cues: readonly Cue[]): void {
    updateCues.run(JSON.stringify(sortCues(cues.filter((cue) => isMadeByPerson(cue.origin)))), row)
  }

  function saveGrid(row: number, grid: BeatGrid | null, origin: Origin | null, isLocked: boolean): void {
    updateGrid.run(grid === null ? null : JSON.stringify(grid), grid === null ? null : origin, isLocked ? 1 : 0, row)
  }

  function merge(id: TrackId, incoming: TrackMarks, origin: `import:${string}`): void {
    change(id, (row) => {
      const track = get(id)
      const noOrigins = {rating: null, color: null, key: null, tempo: null}
      const stored = selectById.get(id)
      const fileTags = stored === undefined ? EMPTY_TAGS : fileTagsFromRow(stored)
      const merged = mergeMarks(track, fileTags, incoming, origin, selectOrigins.get(row) ?? noOrigins)
      updateFills.run(JSON.stringify(merged.tagFills), row)
      if (merged.ratingStars !== undefined) updateRating.run(merged.ratingStars, origin, row)
      if (merged.colorRgb !== undefined) updateColor.run(merged.colorRgb, origin, row)
      if (merged.key !== undefined) updateKey.run(keyIndex(merged.key), origin, row)
      if (merged.tempoBpm !== undefined) updateTempo.run(merged.tempoBpm, origin, row)
      if (merged.grid !== undefined) saveGrid(row, merged.grid.beatGrid, origin, merged.grid.isLocked)
      if (merged.addedAt !== undefined) updateAdded.run(merged.addedAt, row)
      saveCues(row, merged.cues)
      updatePlayed.run(merged.playCount, merged.lastPlayedAt, row)
      updateExtras.run(JSON.stringify(merged.extras), row)
    })
  }

  return {
    get,
    find,
    many,
    byPath,
    byAudioHash: (hash) => selectByHash.all(hash).map(trackFromRow),
    resolve,
    list: (options = {}) => selectBatch.all(JSON.stringify(rows(options))).map(trackFromRow),
    summaries: (options = {}) => summariesOf(rows(options)),
    page,
    ids(options = {}) {
      const {sql, values} = selection('t.id', options)
      return db
        .prepareRaw<[TrackId]>(sql)
        .all(...values)
        .map(([id]) => id)
    },
    count,
    iterate,
    iterateIds,
    isMissing: (id) =>
      db.prepare<{missing: number}>('SELECT missing FROM track_index WHERE track_row = ?').get(rowOf(id))?.missing ===
      1,
    add,
    saveFile(id, file, audioHash, tags) {
      change(id, (row) => {
        checkPathIsFree(file.path, row)
        updateFile.run(...fileValues(file, audioHash), row)
        if (tags !== undefined) replaceTags.run(row, ...tagValues(tags))
      })
    },
    editTags: (id, edits) =>
      change(id, (row) => {
        const current = JSON.parse(selectEdits.get(row)?.edits ?? '{}') as Partial<Tags>
        updateEdits.run(JSON.stringify({...current, ...edits}), row)
      }),
    forgetTagEdits: (id) => change(id, (row) => updateEdits.run('{}', row)),
    move(id, path) {
      change(id, (row) => {
        checkPathIsFree(path, row)
        setPath.run(path, row)
      })
    },
    exchangePaths(id, other) {
      const [path, otherPath] = [get(id).file.path, get(other).file.path]
      db.transaction(() => {
        // Paths are unique at every moment: one has to step aside.
        setPathAlone.run(`exchange:${other}`, rowOf(other))
        setPathAlone.run(otherPath, rowOf(id))
        setPathAlone.run(path, rowOf(other))
        index.refresh([rowOf(id), rowOf(other)])
      })
    },
    markMissing: (ids) => changeMany(ids, (row) => setMissing.run(clock.nowMs(), row)),
    markFound: (ids) => changeMany(ids, (row) => setFound.run(row)),
    remove(ids) {
      db.transaction(() => {
        for (const id of ids) deleteTrack.run(rowOf(id))
      })
    },
    setRating(id, stars, origin = 'user') {
      if (stars !== null && !(stars >= 0 && stars <= 5))
        throw new CrateError('USAGE', `a rating is 0 to 5 stars, not ${stars}`, {details: {stars}})
      change(id, (row) => updateRating.run(stars, stars === null ? null : origin, row))
    },
    setColor: (id, color, origin = 'user') =>
      change(id, (row) => updateColor.run(color, color === null ? null : origin, row)),
    setTempo(id, tempoBpm, origin = 'user') {
      if (tempoBpm !== null && !(tempoBpm > 0 && tempoBpm < 1000))
        throw new CrateError('USAGE', `a tempo lies between 0 and 1000 BPM, not at ${tempoBpm}`, {details: {tempoBpm}})
      change(id, (row) => updateTempo.run(tempoBpm, tempoBpm === null ? null : origin, row))
    },
    setKey: (id, key, origin = 'user') =>
      change(id, (row) => updateKey.run(key === null ? null : keyIndex(key), key === null ? null : origin, row)),
    setGrid: (id, grid, origin = 'user', isLocked = false) =>
      change(id, (row) => saveGrid(row, grid, origin, isLocked)),
    setCues: (id, cues) => change(id, (row) => saveCues(row, cues)),
    setPlayed: (id, playCount, lastPlayedAt) => change(id, (row) => updatePlayed.run(playCount, lastPlayedAt, row)),
    setExtras: (id, extras) => change(id, (row) => updateExtras.run(JSON.stringify(extras), row)),
    merge,
  }
}

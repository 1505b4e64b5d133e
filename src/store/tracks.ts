// The tracks of a library and what changes them. A person's word is kept apart from what analysis and tags say.
import type {BeatGrid} from '../core/beat-grid.js'
import {type Cue, isMadeByPerson, type Origin, sortCues} from '../core/cue.js'
import {CrateError} from '../core/errors.js'
import type {Extras} from '../core/json.js'
import {keyIndex, type MusicalKey} from '../core/key.js'
import {type AudioFile, EMPTY_TAGS, type Tags, type TrackId} from '../core/track.js'
import {mergeMarks, type TrackMarks} from './merge-marks.js'
import type {PlaylistRows} from './query-sql.js'
import type {SqliteFile, SqlValue} from './sqlite.js'
import {type TrackFinder, trackFinder} from './track-finder.js'
import type {TrackIndex} from './track-index.js'
import {type TrackList, trackList} from './track-list.js'
import {fileTagsFromRow, SELECT_TRACK, TAG_COLUMN_LIST, type TrackRow, tagValues} from './track-rows.js'

export interface NewTrack {
  readonly file: AudioFile
  readonly audioHash: string | null
  readonly tags?: Tags
  /** ISO 8601; now where it is left out. */
  readonly addedAt?: string | null
}

export interface TrackRepository extends TrackFinder, TrackList {
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

export function trackRepository(
  db: SqliteFile,
  index: TrackIndex,
  playlistRows: PlaylistRows,
  clock: {readonly nowMs: () => number; readonly newId: () => string},
): TrackRepository {
  const {rowOf, ...finder} = trackFinder(db)
  const {get, find} = finder

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
  const rowOfPath = db.prepare<{readonly row: number; readonly id: TrackId}>(
    'SELECT row, id FROM tracks WHERE path = ?',
  )

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
      if (find(id as TrackId) === null) return id as TrackId
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

  const selectRow = db.prepare<TrackRow>(`${SELECT_TRACK} WHERE t.id = ?`)

  function merge(id: TrackId, incoming: TrackMarks, origin: `import:${string}`): void {
    change(id, (row) => {
      const track = get(id)
      const noOrigins = {rating: null, color: null, key: null, tempo: null}
      const stored = selectRow.get(id)
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
    ...finder,
    ...trackList(db, playlistRows),
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

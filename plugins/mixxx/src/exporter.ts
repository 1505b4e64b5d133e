// Library → Mixxx's database: a copy is changed and put in its place; what crate does not know of stays as it was.
import type {
  Context,
  Cue,
  DatabaseCopy,
  DatabaseRow,
  DatabaseValue,
  Exporter,
  ExportPiece,
  PlaylistNode,
  Track,
  TrackId,
} from 'crate-dj/plugin'
import {beatsFromGrid, gridFromBeats} from './beats.js'
import {clockOf, type Shift, shiftFor} from './clock.js'
import {CUE_TYPES, rowFromCue} from './cues.js'
import {SCHEMA} from './schema.js'

export const exporter: Exporter = {
  async *export(request, context) {
    const shift = shiftFor(clockOf(request.options, context), 'out', request.shiftsPositions, context)
    const path = request.target.resolve('')
    const copy = await context.databases.copy(path, SCHEMA)
    try {
      if (!copy.tables.has('track_locations') || !copy.tables.has('cues'))
        throw context.error('FORMAT_INVALID', `${path} is no library of Mixxx`, {
          hints: ['Name mixxxdb.sqlite in Mixxx’s settings folder.'],
        })
      const writer = new LibraryWriter(copy, shift, context)
      let done = 0
      for await (const track of request.library.tracks()) {
        writer.writeTrack(track)
        if (++done % 256 === 0) {
          context.signal.throwIfAborted()
          context.progress.update(done, request.library.trackCount)
        }
      }
      writer.writePlaylists(request.library.playlists())
      context.progress.update(done, request.library.trackCount)
      yield* writer.warnings
      yield {kind: 'file', path: '', chunks: copy.chunks()}
    } finally {
      copy.close()
    }
  },
}

class LibraryWriter {
  readonly warnings: Extract<ExportPiece, {kind: 'warning'}>[] = []
  readonly #copy: DatabaseCopy
  readonly #shift: Shift
  readonly #context: Context
  readonly #ids = new Map<TrackId, number>()
  readonly #now: string
  /** Read once: Mixxx has no index by which these could be found, and searching for each track takes ever longer. */
  readonly #idByLocation = new Map<string, number>()
  readonly #storedCues = new Map<number, {readonly id: number; readonly type: number}[]>()

  constructor(copy: DatabaseCopy, shift: Shift, context: Context) {
    this.#copy = copy
    this.#shift = shift
    this.#context = context
    this.#now = sqlTime(context.nowMs())
    const tracks = 'SELECT l.id, t.location FROM library l JOIN track_locations t ON t.id = l.location'
    for (const {id, location} of copy.rows(tracks)) this.#idByLocation.set(String(location), Number(id))
    for (const {id, track_id: trackId, type} of copy.rows('SELECT id, track_id, type FROM cues'))
      this.#cuesOf(Number(trackId)).push({id: Number(id), type: Number(type)})
  }

  #cuesOf(trackId: number): {readonly id: number; readonly type: number}[] {
    const cues = this.#storedCues.get(trackId) ?? []
    this.#storedCues.set(trackId, cues)
    return cues
  }

  writeTrack(track: Track): void {
    const location = track.file.path.replace(/^([A-Za-z]:.*)$/s, (path) => path.replaceAll('\\', '/'))
    const known = this.#knownTrack(location)
    const storedRate = Number(known?.['samplerate'] ?? 0)
    const sampleRateHz = storedRate > 0 ? storedRate : (track.file.sampleRateHz ?? 44_100)
    const id = known === null ? this.#insert(track, location, sampleRateHz) : Number(known['id'])
    this.#idByLocation.set(location, id)
    this.#ids.set(track.id, id)
    this.#update('library', id, this.#columnsFrom(track, known))
    const isLocked = Number(known?.['bpm_lock'] ?? 0) === 1
    if (!isLocked) this.#writeGrid(track, id, sampleRateHz, known)
    this.#writeCues(track, id, sampleRateHz)
  }

  #knownTrack(location: string): DatabaseRow | null {
    const id = this.#idByLocation.get(location)
    const columns = 'id, samplerate, bpm_lock, timesplayed, beats, beats_version'
    return id === undefined ? null : this.#first(`SELECT ${columns} FROM library WHERE id = ?`, [id])
  }

  #insert(track: Track, location: string, sampleRateHz: number): number {
    const slash = location.lastIndexOf('/')
    const existing = this.#first('SELECT id FROM track_locations WHERE location = ?', [location])
    const locationId =
      existing === null
        ? this.#insertRow('track_locations', {
            location,
            filename: location.slice(slash + 1),
            directory: location.slice(0, slash),
            filesize: track.file.sizeBytes,
            fs_deleted: 0,
            needs_verification: 0,
          })
        : Number(existing['id'])
    const {file} = track
    return this.#insertRow('library', {
      location: locationId,
      filetype: file.format === 'aiff' ? 'aiff' : (/\.(\w+)$/.exec(location)?.[1] ?? '').toLowerCase(),
      duration: file.durationMs === null ? null : file.durationMs / 1000,
      bitrate: file.bitRateKbps,
      samplerate: sampleRateHz,
      channels: file.channels ?? 2,
      datetime_added: track.addedAt ?? this.#now,
      mixxx_deleted: 0,
      // Mixxx reads tags from files that have not been looked at, over what is written here.
      header_parsed: 1,
    })
  }

  /** What crate knows; what it does not know of the track stays as Mixxx has it. */
  #columnsFrom(track: Track, known: DatabaseRow | null): Record<string, DatabaseValue> {
    const {tags, key} = track
    const values: Record<string, DatabaseValue> = {
      title: tags.title,
      artist: tags.artist,
      album: tags.album,
      album_artist: tags.albumArtist,
      genre: tags.genre,
      comment: tags.comment,
      composer: tags.composer,
      grouping: tags.grouping,
      year: tags.releaseDate ?? (tags.year === null ? null : String(tags.year)),
      tracknumber: tags.trackNumber === null ? null : String(tags.trackNumber),
      tracktotal: tags.trackTotal === null ? null : String(tags.trackTotal),
      rating: track.ratingStars === null ? null : Math.round(track.ratingStars),
      color: track.colorRgb,
      key: key === null ? null : this.#context.core.formatKey(key, 'musical'),
      key_id: key === null ? null : chromaticKey(key),
      timesplayed: track.playCount > Number(known?.['timesplayed'] ?? 0) ? track.playCount : null,
      played: track.playCount > 0 ? 1 : null,
      bpm_lock: track.isGridLocked ? 1 : null,
    }
    // A key that was stored with its analysis would win over the text.
    if (key !== null) Object.assign(values, {keys: new Uint8Array(), keys_version: '', keys_sub_version: ''})
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
  }

  /** Beats that say the same already are left byte for byte: a list of them ends where Mixxx ended it. */
  #writeGrid(track: Track, id: number, sampleRateHz: number, known: DatabaseRow | null): void {
    const shiftMs = this.#shift(track.file)
    const grid = track.beatGrid.map((marker) => ({...marker, positionMs: marker.positionMs + shiftMs}))
    const stored = known?.['beats']
    if (
      stored instanceof Uint8Array &&
      stored.length > 0 &&
      holdsGrid(stored, String(known?.['beats_version']), grid, sampleRateHz)
    )
      return
    const beats = beatsFromGrid(grid, sampleRateHz, track.file.durationMs ?? 0, this.#context.core)
    const bpm = track.tempoBpm ?? grid[0]?.tempoBpm ?? null
    if (beats !== null)
      this.#update('library', id, {
        beats: beats.bytes,
        beats_version: beats.version,
        beats_sub_version: '',
        bpm: bpm ?? 0,
      })
    else if (bpm !== null) this.#update('library', id, {bpm})
  }

  /** crate's cues replace those of the kinds that the track has; Mixxx's own marks (first sound, jumps) stay. */
  #writeCues(track: Track, id: number, sampleRateHz: number): void {
    if (track.cues.length === 0) return
    const shiftMs = this.#shift(track.file)
    const seen = new Set<number>()
    const rows = track.cues
      .map((cue) => rowFromCue({...cue, positionMs: cue.positionMs + shiftMs}, sampleRateHz))
      // Mixxx has one main cue, one intro and one outro.
      .filter(({type}) => type === CUE_TYPES.hot || type === CUE_TYPES.loop || (!seen.has(type) && seen.add(type)))
    const lost = track.cues.length - rows.length + track.cues.filter(isWithoutPad).length
    if (lost > 0)
      this.#warn(track.file.path, `${lost} cues have no place in Mixxx as they are (pads to 36, one load mark)`)
    const replaced = new Set<number>([CUE_TYPES.hot, CUE_TYPES.loop, ...rows.map(({type}) => type)])
    const kept = this.#cuesOf(id).filter(({type}) => !replaced.has(type))
    for (const old of this.#cuesOf(id))
      if (replaced.has(old.type)) this.#copy.run('DELETE FROM cues WHERE id = ?', [old.id])
    const added = rows.map((row) => ({id: this.#insertRow('cues', {track_id: id, ...row}), type: row.type}))
    this.#storedCues.set(id, [...kept, ...added])
    const main = rows.find(({type}) => type === CUE_TYPES.main)
    if (main !== undefined) this.#update('library', id, {cuepoint: main.position})
  }

  writePlaylists(nodes: readonly PlaylistNode[], folders: readonly string[] = []): void {
    for (const node of nodes)
      if (node.kind === 'folder') this.writePlaylists(node.children, [...folders, node.name])
      else {
        const ids = node.tracks.map((id) => this.#ids.get(id)).filter((id) => id !== undefined)
        if (isCrate(node)) this.#writeCrate(node.name, ids)
        else this.#writePlaylist([...folders, node.name].join(' / '), ids)
      }
  }

  #writePlaylist(name: string, ids: readonly number[]): void {
    const known = this.#first('SELECT id FROM Playlists WHERE name = ? AND hidden = 0 ORDER BY id', [name])
    const position = Number(this.#first('SELECT max(position) AS last FROM Playlists', [])?.['last'] ?? 0) + 1
    const id =
      known === null
        ? this.#insertRow('Playlists', {name, position, hidden: 0, date_created: this.#now, date_modified: this.#now})
        : Number(known['id'])
    this.#copy.run('DELETE FROM PlaylistTracks WHERE playlist_id = ?', [id])
    for (const [index, trackId] of ids.entries())
      this.#insertRow('PlaylistTracks', {
        playlist_id: id,
        track_id: trackId,
        position: index + 1,
        pl_datetime_added: this.#now,
      })
  }

  #writeCrate(name: string, ids: readonly number[]): void {
    const known = this.#first('SELECT id FROM crates WHERE name = ?', [name])
    const id = known === null ? this.#insertRow('crates', {name}) : Number(known['id'])
    this.#copy.run('DELETE FROM crate_tracks WHERE crate_id = ?', [id])
    for (const trackId of new Set(ids)) this.#insertRow('crate_tracks', {crate_id: id, track_id: trackId})
  }

  #first(sql: string, values: readonly DatabaseValue[]): DatabaseRow | null {
    for (const row of this.#copy.rows(sql, values)) return row
    return null
  }

  /** Columns that this version of Mixxx does not have are left out. */
  #known(table: string, values: Readonly<Record<string, DatabaseValue>>): [string, DatabaseValue][] {
    const columns = this.#copy.tables.get(table) ?? []
    return Object.entries(values).filter(([name]) => columns.includes(name))
  }

  #insertRow(table: string, values: Readonly<Record<string, DatabaseValue>>): number {
    const known = this.#known(table, values)
    const names = known.map(([name]) => name).join(', ')
    const sql = `INSERT INTO ${table} (${names}) VALUES (${known.map(() => '?').join(', ')})`
    return this.#copy.run(
      sql,
      known.map(([, value]) => value),
    )
  }

  #update(table: string, id: number, values: Readonly<Record<string, DatabaseValue>>): void {
    const known = this.#known(table, values)
    if (known.length === 0) return
    const sets = known.map(([name]) => `${name} = ?`).join(', ')
    this.#copy.run(`UPDATE ${table} SET ${sets} WHERE id = ?`, [...known.map(([, value]) => value), id])
  }

  #warn(subject: string, message: string): void {
    if (this.warnings.length < 2000) this.warnings.push({kind: 'warning', subject, message})
  }
}

function holdsGrid(stored: Uint8Array, version: string, grid: Track['beatGrid'], sampleRateHz: number): boolean {
  try {
    const markers = gridFromBeats(version, stored, sampleRateHz)
    const isSame = (marker: Track['beatGrid'][number], n: number) =>
      Math.abs(marker.positionMs - (markers[n]?.positionMs ?? Number.NaN)) < 0.02 &&
      Math.abs(marker.tempoBpm - (markers[n]?.tempoBpm ?? Number.NaN)) < 1e-6
    return markers.length === grid.length && grid.every(isSame)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function isWithoutPad({kind, slot}: Cue): boolean {
  return kind === 'hot' && slot !== null && slot >= 36
}

function isCrate({extras}: PlaylistNode): boolean {
  const own = extras?.['mixxx']
  return typeof own === 'object' && own !== null && 'isCrate' in own && own['isCrate'] === true
}

/** Mixxx's ChromaticKey: 1 to 12 C major to B major, 13 to 24 the minor keys (src/proto/keys.proto). */
function chromaticKey({tonic, mode}: NonNullable<Track['key']>): number {
  const tonics = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B']
  return tonics.indexOf(tonic) + (mode === 'minor' ? 13 : 1)
}

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

// Library → Engine DJ's database: a copy is changed through Engine's own triggers and put in place; no schema is altered.
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
import {encodeBeats, encodeLoops, encodeQuickCues, encodeTrackData, type Pad} from './blobs.js'
import {markersFromGrid} from './grid.js'
import {numberFromKey} from './key.js'
import {findDatabase, isModern} from './layout.js'
import {relativePath} from './paths.js'

const PADS = 8

export const exporter: Exporter = {
  async *export(request, context) {
    const place = await findDatabase(request.target, context)
    const path = request.target.resolve(place.main)
    const copy = await context.databases.copy(path, null)
    try {
      if (!isModern(copy) || !copy.tables.has('PlaylistEntity'))
        throw context.error('FORMAT_UNSUPPORTED', `${path} is of Engine Prime (1.x), into which crate does not write`, {
          hints: ['Open it with Engine DJ 2 or newer, which makes a folder Database2.'],
        })
      const writer = new LibraryWriter(copy, place.libraryFolder, context)
      let done = 0
      for await (const track of request.library.tracks()) {
        writer.writeTrack(track)
        if (++done % 256 === 0) {
          context.signal.throwIfAborted()
          context.progress.update(done, request.library.trackCount)
        }
      }
      writer.writePlaylists(request.library.playlists(), 0)
      context.progress.update(done, request.library.trackCount)
      yield* writer.warnings
      yield {kind: 'file', path: place.main, chunks: copy.chunks()}
    } finally {
      copy.close()
    }
  },
}

class LibraryWriter {
  readonly warnings: Extract<ExportPiece, {kind: 'warning'}>[] = []
  readonly #copy: DatabaseCopy
  readonly #folder: string
  readonly #context: Context
  readonly #ids = new Map<TrackId, number>()
  readonly #uuid: DatabaseValue

  constructor(copy: DatabaseCopy, folder: string, context: Context) {
    this.#copy = copy
    this.#folder = folder
    this.#context = context
    this.#uuid = this.#first('SELECT uuid FROM Information ORDER BY id', [])?.['uuid'] ?? null
  }

  writeTrack(track: Track): void {
    const path = relativePath(this.#folder, track.file.path)
    if (path === null) {
      this.#warn(track.file.path, 'lies on another drive than the Engine Library, and was left out')
      return
    }
    const known = this.#first('SELECT id, isBeatGridLocked FROM Track WHERE path = ?', [path])
    const values = this.#columnsFrom(track)
    const id =
      known === null
        ? this.#insert('Track', {...NEW_TRACK, path, filename: path.slice(path.lastIndexOf('/') + 1), ...values})
        : Number(known['id'])
    if (known !== null) this.#update('Track', 'id', id, values)
    this.#ids.set(track.id, id)
    const blobs = this.#blobsFrom(track, Number(known?.['isBeatGridLocked'] ?? 0) === 1)
    if (this.#copy.tables.has('PerformanceData')) this.#update('PerformanceData', 'trackId', id, blobs)
    else this.#update('Track', 'id', id, blobs)
  }

  /** What crate knows; the rest stays as Engine has it. */
  #columnsFrom(track: Track): Record<string, DatabaseValue> {
    const {tags, file, key} = track
    const seconds = (iso: string | null) => {
      const ms = iso === null ? Number.NaN : Date.parse(iso)
      return Number.isNaN(ms) ? null : Math.floor(ms / 1000)
    }
    const values: Record<string, DatabaseValue> = {
      title: tags.title,
      artist: tags.artist,
      album: tags.album,
      genre: tags.genre,
      comment: tags.comment,
      label: tags.label,
      composer: tags.composer,
      remixer: tags.remixer,
      year: tags.year,
      playOrder: tags.trackNumber,
      length: file.durationMs === null ? null : Math.round(file.durationMs / 1000),
      bitrate: file.bitRateKbps === null ? null : Math.round(file.bitRateKbps),
      fileBytes: file.sizeBytes,
      fileType: /\.(\w+)$/.exec(file.path)?.[1]?.toLowerCase() ?? null,
      bpm: track.tempoBpm === null ? null : Math.round(track.tempoBpm),
      bpmAnalyzed: track.tempoBpm,
      key: key === null ? null : numberFromKey(key, this.#context.core),
      rating: track.ratingStars === null ? null : Math.round(track.ratingStars * 20),
      timeLastPlayed: seconds(track.lastPlayedAt),
      dateAdded: seconds(track.addedAt),
      // Engine's analysis would lay its own grid over one that came from elsewhere.
      isBeatGridLocked: track.beatGrid.length > 0 ? 1 : null,
    }
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
  }

  #blobsFrom(track: Track, isLocked: boolean): Record<string, DatabaseValue> {
    const sampleRateHz = track.file.sampleRateHz ?? 44_100
    const durationMs = track.file.durationMs ?? 0
    const data = {sampleRateHz, samples: (durationMs * sampleRateHz) / 1000}
    const blobs: Record<string, DatabaseValue> = {}
    if (durationMs > 0)
      blobs['trackData'] = encodeTrackData(data, track.key === null ? 0 : numberFromKey(track.key, this.#context.core))
    if (track.cues.length > 0) {
      const main = track.cues.find(({kind}) => kind === 'load')
      const mainSample = main === undefined ? null : (main.positionMs * sampleRateHz) / 1000
      const {points, loops} = banksOf(track.cues, sampleRateHz)
      blobs['quickCues'] = encodeQuickCues({pads: points, mainSample})
      blobs['loops'] = encodeLoops(loops)
    }
    if (track.beatGrid.length > 0 && !isLocked)
      blobs['beatData'] = encodeBeats(data, markersFromGrid(track.beatGrid, sampleRateHz, durationMs))
    return blobs
  }

  /** New lists go to the end of their parent; Engine's triggers mend the chain. */
  writePlaylists(nodes: readonly PlaylistNode[], parent: number): void {
    for (const node of nodes) {
      const known = this.#first('SELECT id FROM Playlist WHERE title = ? AND parentListId = ?', [node.name, parent])
      const id =
        known === null
          ? this.#insert('Playlist', {
              title: node.name,
              parentListId: parent,
              isPersisted: 1,
              nextListId: 0,
              lastEditTime: new Date(this.#context.nowMs()).toISOString().slice(0, 19).replace('T', ' '),
              isExplicitlyExported: 1,
            })
          : Number(known['id'])
      if (node.kind === 'folder') this.writePlaylists(node.children, id)
      else this.#fillList(id, node.tracks)
    }
  }

  #fillList(id: number, tracks: readonly TrackId[]): void {
    this.#copy.run('DELETE FROM PlaylistEntity WHERE listId = ?', [id])
    const ids = new Set(tracks.map((track) => this.#ids.get(track)).filter((each) => each !== undefined))
    let next = 0
    for (const trackId of [...ids].reverse())
      next = this.#insert('PlaylistEntity', {
        listId: id,
        trackId,
        databaseUuid: this.#uuid,
        nextEntityId: next,
        membershipReference: 0,
      })
  }

  #first(sql: string, values: readonly DatabaseValue[]): DatabaseRow | null {
    for (const row of this.#copy.rows(sql, values)) return row
    return null
  }

  #known(table: string, values: Readonly<Record<string, DatabaseValue>>): [string, DatabaseValue][] {
    const columns = this.#copy.tables.get(table) ?? []
    return Object.entries(values).filter(([name]) => columns.includes(name))
  }

  #insert(table: string, values: Readonly<Record<string, DatabaseValue>>): number {
    const known = this.#known(table, values)
    const names = known.map(([name]) => name).join(', ')
    this.#copy.run(
      `INSERT INTO ${table} (${names}) VALUES (${known.map(() => '?').join(', ')})`,
      known.map(([, value]) => value),
    )
    // Triggers insert rows of their own, so that the id is not that of the last insert.
    return Number(this.#first(`SELECT max(id) AS id FROM ${table}`, [])?.['id'] ?? 0)
  }

  #update(table: string, idColumn: string, id: number, values: Readonly<Record<string, DatabaseValue>>): void {
    const known = this.#known(table, values)
    if (known.length === 0) return
    const sets = known.map(([name]) => `${name} = ?`).join(', ')
    this.#copy.run(`UPDATE ${table} SET ${sets} WHERE ${idColumn} = ?`, [...known.map(([, value]) => value), id])
  }

  #warn(subject: string, message: string): void {
    if (this.warnings.length < 2000) this.warnings.push({kind: 'warning', subject, message})
  }
}

/** Not analysed: Engine draws the waveform when it first sees the track. */
const NEW_TRACK = {
  isPlayed: 0,
  isAnalyzed: 0,
  isAvailable: 1,
  isMetadataOfPackedTrackChanged: 0,
  isPerfomanceDataOfPackedTrackChanged: 0,
  isMetadataImported: 1,
  pdbImportKey: 0,
  streamingFlags: 0,
  explicitLyrics: 0,
} as const

/** Points and loops have eight places each; a loop keeps its pad where it is free, others take the free ones. */
function banksOf(cues: readonly Cue[], sampleRateHz: number): {points: Pad[]; loops: Pad[]} {
  const padOf = (cue: Cue, index: number): Pad => ({
    index,
    name: cue.name,
    startSample: (cue.positionMs * sampleRateHz) / 1000,
    endSample: cue.lengthMs === null ? null : ((cue.positionMs + cue.lengthMs) * sampleRateHz) / 1000,
    colorRgb: cue.colorRgb,
  })
  const onPads = cues.filter(({slot}) => slot !== null && slot < PADS)
  const points = onPads.filter(({lengthMs}) => lengthMs === null).map((cue) => padOf(cue, cue.slot ?? 0))
  const loops = onPads.filter(({lengthMs}) => lengthMs !== null).map((cue) => padOf(cue, cue.slot ?? 0))
  const taken = new Set(loops.map(({index}) => index))
  for (const cue of cues.filter(({slot, lengthMs, kind}) => slot === null && lengthMs !== null && kind === 'memory')) {
    const free = Array.from({length: PADS}, (_, n) => n).find((n) => !taken.has(n))
    if (free === undefined) break
    taken.add(free)
    loops.push(padOf(cue, free))
  }
  return {points, loops}
}

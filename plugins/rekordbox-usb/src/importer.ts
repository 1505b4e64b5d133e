// A stick → library: its database first, then each track's analysis files.
import type {Context, ImportedTrack, Importer, ImportItem, ImportRequest, PlaylistNode} from 'crate-dj/plugin'
import {COLORS, readAnalysis} from './anlz.js'
import {openPdb, type Pdb, type PdbRow} from './pdb.js'
import {historyFolder, playlistTree} from './playlists.js'
import {
  albumRow,
  artistRow,
  EXT_TABLES,
  historyEntryRow,
  keyRow,
  type Named,
  plainRow,
  playlistEntryRow,
  playlistRow,
  TABLES,
  type TrackRow,
  tagRow,
  trackRow,
  trackTagRow,
} from './rows.js'

const FORMAT = 'rekordbox-usb'

/** Hidden on sticks that were formatted for macOS (HFS+). */
const FOLDERS = ['PIONEER', '.PIONEER']

export const importer: Importer = {
  async *import(request, context) {
    const {folder, pdb} = await openStick(request, context)
    const faults = new Faults()
    const names = namesOf(pdb, faults)
    const tagsOf = await myTags(request, folder, faults)
    const refs = new Set<string>()
    for (const row of faults.read(pdb, TABLES.tracks, trackRow)) {
      context.signal.throwIfAborted()
      const ref = String(row.id)
      if (refs.has(ref)) continue
      const track = trackFrom(row, ref, names, request, context)
      if (track === null) {
        yield warning(row.filePath || row.title, 'names no file on this stick, and was left out')
        continue
      }
      refs.add(ref)
      yield* withAnalysis(track, row, folder, tagsOf.get(row.id) ?? [], request, context)
      context.progress.update(refs.size, null, 'Rekordbox USB')
    }
    const nodes = [...lists(pdb, faults), ...sets(pdb, faults)]
    yield* faults.warnings()
    yield {kind: 'playlists', nodes: knownOnly(nodes, refs)}
  },
}

async function openStick(request: ImportRequest, context: Context): Promise<{folder: string; pdb: Pdb}> {
  for (const folder of FOLDERS) {
    const path = `${folder}/rekordbox/export.pdb`
    const bytes = await request.source.read(path)
    if (bytes === null) continue
    const pdb = openPdb(bytes)
    if (pdb !== null) return {folder, pdb}
    throw context.error('FORMAT_INVALID', `${request.source.resolve(path)} is no database of Rekordbox`, {
      hints: ['Export to the stick once more in Rekordbox.'],
    })
  }
  throw context.error('FORMAT_INVALID', `${request.source.resolve('')} holds no PIONEER/rekordbox/export.pdb`, {
    hints: [
      'Name the top folder of the stick, which holds the folder PIONEER.',
      'A stick with only exportLibrary.db (Device Library Plus) cannot be read: export with the older library as well.',
    ],
  })
}

/** Counts what could not be read, so that a damaged stick gives a few warnings and not thousands. */
class Faults {
  readonly #rows = new Map<number, number>()
  readonly #lost: string[] = []

  addLost(names: readonly string[]): void {
    this.#lost.push(...names.slice(0, 100))
  }

  *read<Value>(pdb: Pdb, table: number, decode: (row: PdbRow) => Value): Generator<Value> {
    for (const row of pdb.rows(table)) {
      let value: Value
      try {
        value = decode(row)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        this.#rows.set(table, (this.#rows.get(table) ?? 0) + 1)
        continue
      }
      yield value
    }
  }

  *warnings(): Generator<ImportItem> {
    for (const [table, count] of this.#rows) {
      const name = Object.entries(TABLES).find(([, type]) => type === table)?.[0] ?? `table ${table}`
      yield warning('export.pdb', `${count} damaged rows of ${name} were left out`)
    }
    for (const name of this.#lost) yield warning(name, 'lies in no folder that leads to the top, and was left out')
  }
}

function warning(subject: string, message: string): ImportItem {
  return {kind: 'warning', subject, message}
}

type NameTable = 'genres' | 'artists' | 'albums' | 'labels' | 'keys'
type Names = Readonly<Record<NameTable, ReadonlyMap<number, string>>>

function namesOf(pdb: Pdb, faults: Faults): Names {
  const table = (type: number, decode: (row: PdbRow) => Named) => new Map(faults.read(pdb, type, decode))
  return {
    genres: table(TABLES.genres, plainRow),
    artists: table(TABLES.artists, artistRow),
    albums: table(TABLES.albums, albumRow),
    labels: table(TABLES.labels, plainRow),
    keys: table(TABLES.keys, keyRow),
  }
}

/** The My Tags of each track as `category: tag`; the file is there from Rekordbox 6 on. */
async function myTags(request: ImportRequest, folder: string, faults: Faults): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>()
  const bytes = await request.source.read(`${folder}/rekordbox/exportExt.pdb`)
  const pdb = bytes === null ? null : openPdb(bytes)
  if (pdb === null) return found
  const tags = new Map([...faults.read(pdb, EXT_TABLES.tags, tagRow)].map((tag) => [tag.id, tag]))
  for (const {trackId, tagId} of faults.read(pdb, EXT_TABLES.trackTags, trackTagRow)) {
    const tag = tags.get(tagId)
    if (tag === undefined || tag.isCategory) continue
    const category = tags.get(tag.categoryId)?.name
    const name = category === undefined ? tag.name : `${category}: ${tag.name}`
    found.set(trackId, [...(found.get(trackId) ?? []), name])
  }
  return found
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

function trackFrom(
  row: TrackRow,
  ref: string,
  names: Names,
  request: ImportRequest,
  {core}: Context,
): ImportedTrack | null {
  const path = pathOnStick(row.filePath, request)
  if (path === null) return null
  const textOf = (text: string | undefined) => (text === undefined || text === '' ? null : text)
  const numberOf = (value: number) => (value > 0 ? value : null)
  const bare = core.bareTrack(ref, path)
  const keyText = textOf(names.keys.get(row.keyId))
  return {
    ...bare,
    file: {
      ...bare.file,
      sizeBytes: numberOf(row.sizeBytes),
      durationMs: row.durationS > 0 ? row.durationS * 1000 : null,
      sampleRateHz: numberOf(row.sampleRateHz),
      bitDepth: numberOf(row.bitDepth),
      bitRateKbps: numberOf(row.bitRateKbps),
    },
    tags: {
      ...bare.tags,
      title: textOf(row.title),
      artist: textOf(names.artists.get(row.artistId)),
      album: textOf(names.albums.get(row.albumId)),
      genre: textOf(names.genres.get(row.genreId)),
      label: textOf(names.labels.get(row.labelId)),
      remixer: textOf(names.artists.get(row.remixerId)),
      composer: textOf(names.artists.get(row.composerId)),
      comment: textOf(row.comment),
      mix: textOf(row.mix),
      isrc: textOf(row.isrc),
      year: numberOf(row.year),
      releaseDate: DATE.test(row.releaseDate) ? row.releaseDate : null,
      trackNumber: numberOf(row.trackNumber),
      discNumber: numberOf(row.discNumber),
      key: keyText,
    },
    tempoBpm: row.tempo > 0 && row.tempo <= 100_000 ? row.tempo / 100 : null,
    key: keyText === null ? null : core.parseKey(keyText),
    ratingStars: row.rating >= 1 && row.rating <= 5 ? row.rating : null,
    colorRgb: COLORS[row.colorId - 1] ?? null,
    playCount: row.playCount,
    addedAt: DATE.test(row.dateAdded) ? row.dateAdded : null,
  }
}

/** The file's absolute path; null where the stick's own path is empty or leads off the stick. */
function pathOnStick(filePath: string, request: ImportRequest): string | null {
  const inside = filePath.replace(/^\/+/, '')
  if (inside === '' || inside.split('/').includes('..')) return null
  try {
    return request.source.resolve(inside)
  } catch {
    return null
  }
}

async function* withAnalysis(
  track: ImportedTrack,
  row: TrackRow,
  folder: string,
  tags: readonly string[],
  request: ImportRequest,
  context: Context,
): AsyncGenerator<ImportItem> {
  const files = await analysisFiles(row.analyzePath, folder, request)
  const {beatGrid, cues, damaged} = readAnalysis(files)
  if (damaged > 0) yield warning(track.file.path, `${damaged} damaged parts of its analysis files were left out`)
  const isMp3 = track.file.format === 'mp3'
  const header =
    request.shiftsPositions && isMp3 ? ((await request.audioTags.mp3HeaderCase?.(track.file.path)) ?? null) : null
  const file = {...track.file, mp3HeaderCase: header}
  const shiftMs = request.shiftsPositions ? context.core.shiftBetween('rekordbox', 'crate', file).shiftMs : 0
  const isUnmoved = request.shiftsPositions && isMp3 && header === null && (cues.length > 0 || beatGrid.length > 0)
  const extras = {
    trackId: row.id,
    ...(tags.length === 0 ? {} : {myTags: tags}),
    ...(isUnmoved ? {clock: 'rekordbox'} : {}),
  }
  yield {
    kind: 'track',
    track: {
      ...track,
      file,
      beatGrid: beatGrid.map((marker) => ({...marker, positionMs: marker.positionMs + shiftMs})),
      gridOrigin: beatGrid.length === 0 ? null : `import:${FORMAT}`,
      cues: cues.map((cue) => ({...cue, positionMs: cue.positionMs + shiftMs})),
      extras: {[FORMAT]: extras},
    },
  }
}

/** A path as Rekordbox writes it; anything else, above all one that leads elsewhere, is not opened. */
const ANALYZE_PATH = /^\/?\.?PIONEER\/(USBANLZ\/[\w-]+\/[\w-]+\/ANLZ\w+)\.DAT$/i

async function analysisFiles(path: string, folder: string, request: ImportRequest): Promise<Uint8Array[]> {
  const stem = ANALYZE_PATH.exec(path)?.[1]
  if (stem === undefined) return []
  const names = ['DAT', 'EXT', '2EX'].map((extension) => `${folder}/${stem}.${extension}`)
  const files = await Promise.all(names.map((name) => request.source.read(name)))
  return files.filter((bytes) => bytes !== null)
}

function lists(pdb: Pdb, faults: Faults): PlaylistNode<string>[] {
  const rows = [...faults.read(pdb, TABLES.playlistTree, playlistRow)]
  const {nodes, lost} = playlistTree(rows, [...faults.read(pdb, TABLES.playlistEntries, playlistEntryRow)])
  faults.addLost(lost)
  return nodes
}

function sets(pdb: Pdb, faults: Faults): PlaylistNode<string>[] {
  const rows = [...faults.read(pdb, TABLES.historyPlaylists, plainRow)]
  return historyFolder(rows, [...faults.read(pdb, TABLES.historyEntries, historyEntryRow)])
}

function knownOnly(nodes: readonly PlaylistNode<string>[], refs: ReadonlySet<string>): PlaylistNode<string>[] {
  return nodes.map((node) =>
    node.kind === 'folder'
      ? {...node, children: knownOnly(node.children, refs)}
      : {...node, tracks: node.tracks.filter((ref) => refs.has(ref))},
  )
}

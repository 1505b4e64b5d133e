// Library → Rekordbox XML: a stream of text, so that 100,000 tracks need no more memory than one.
import type {Context} from '../../src/api/context.js'
import type {Exporter, ExportRequest} from '../../src/api/format.js'
import type {KeyNotation} from '../../src/core/key.js'
import {walkPlaylists} from '../../src/core/playlist.js'
import {settlePositions, shiftBetween, shiftPositions} from '../../src/core/position-shift.js'
import type {Track, TrackId} from '../../src/core/track.js'
import {type FileExists, lookForFiles} from '../shared/file-exists.js'
import {chooseOption} from '../shared/options.js'
import {inPieces} from '../shared/pieces.js'
import {WarningList} from '../shared/warnings.js'
import {findRefusals} from './checks.js'
import {type EncodeOptions, elementFromTrack, extrasOf} from './codec.js'
import {encodeNode, rootElementFromNodes} from './playlists.js'
import {encodeElement, encodeEnd, encodeStart, REKORDBOX_LAYOUT as LAYOUT} from './xml.js'

/** Rekordbox 6 numbers its tracks below this. */
const TRACK_ID_LIMIT = 2 ** 28

interface Options extends EncodeOptions {
  readonly shiftsAac: boolean
  readonly looksForFiles: boolean
}

function readOptions(options: ExportRequest['options']): Options {
  const notations = ['original', 'musical', 'camelot', 'open-key'] as const
  const notation = chooseOption(options, 'key', notations, 'original')
  const keyNotation: KeyNotation | null = notation === 'original' ? null : notation
  return {
    keyNotation,
    addsMemoryTwins: chooseOption(options, 'twins', ['none', 'memory'], 'none') === 'memory',
    shiftsAac: chooseOption(options, 'aac', ['keep', 'shift'], 'keep') === 'shift',
    looksForFiles: chooseOption(options, 'missing', ['warn', 'ignore'], 'warn') === 'warn',
  }
}

/** @param fileExists how to look for a track's file; the disk of this machine where absent */
export function createRekordboxExporter(fileExists: FileExists = lookForFiles()): Exporter {
  return {
    async *export(request, context) {
      const options = readOptions(request.options)
      const warnings = new WarningList()
      const looksFor: FileExists = options.looksForFiles ? fileExists : () => true
      yield {kind: 'file', path: '', chunks: inPieces(encodeLibrary(request, context, options, warnings, looksFor))}
      yield* warnings.take()
    },
  }
}

async function* encodeLibrary(
  request: ExportRequest,
  context: Context,
  options: Options,
  warnings: WarningList,
  fileExists: FileExists,
): AsyncGenerator<string> {
  const {library} = request
  const nodes = library.playlists()
  const idOf = idsInPlaylists(nodes)
  const ids = new TrackIds()
  let done = 0

  yield `<?xml version="1.0" encoding="UTF-8"?>${LAYOUT.newLine}${LAYOUT.newLine}`
  yield encodeStart('DJ_PLAYLISTS', {Version: '1.0.0'}, 0, LAYOUT)
  yield encodeElement(productElement(), 1, LAYOUT)
  yield encodeStart('COLLECTION', {Entries: String(library.trackCount)}, 1, LAYOUT)
  for await (const track of library.tracks()) {
    const trackId = ids.next(extrasOf(track).trackId)
    if (idOf.has(track.id)) idOf.set(track.id, trackId)
    const moved = request.shiftsPositions ? inRekordboxTime(track, options.shiftsAac) : track
    const {element, faults} = elementFromTrack(moved, trackId, options)
    for (const message of [...findRefusals(track, fileExists), ...faults]) warnings.add(track.file.path, message)
    yield encodeElement(element, 2, LAYOUT)
    if (++done % 256 === 0) {
      context.signal.throwIfAborted()
      context.progress.update(done, library.trackCount)
    }
  }
  yield encodeEnd('COLLECTION', 1, LAYOUT)
  yield encodeStart('PLAYLISTS', {}, 1, LAYOUT)
  yield* encodeNode(
    rootElementFromNodes(nodes, (track) => idOf.get(track) ?? undefined),
    2,
    LAYOUT,
  )
  yield encodeEnd('PLAYLISTS', 1, LAYOUT)
  yield encodeEnd('DJ_PLAYLISTS', 0, LAYOUT)
  context.progress.update(library.trackCount, library.trackCount)
}

function productElement() {
  return {name: 'PRODUCT', attributes: {Name: 'crate', Version: '1.0.0', Company: ''}, children: []}
}

/** The tracks that playlists name, to be given their numbers while the collection is written. */
function idsInPlaylists(nodes: ReturnType<ExportRequest['library']['playlists']>): Map<TrackId, number | null> {
  const ids = new Map<TrackId, number | null>()
  for (const {node} of walkPlaylists(nodes)) if (node.kind !== 'folder') for (const id of node.tracks) ids.set(id, null)
  return ids
}

/** Numbers that are unique in the file: the one that a track had in Rekordbox where it is free, else the next free one. */
class TrackIds {
  readonly #taken = new Set<number>()
  #next = 1

  next(wanted: string | undefined): number {
    const number = wanted !== undefined && /^[1-9]\d{0,8}$/.test(wanted) ? Number(wanted) : TRACK_ID_LIMIT
    const id = number < TRACK_ID_LIMIT && !this.#taken.has(number) ? number : this.#nextFree()
    this.#taken.add(id)
    return id
  }

  #nextFree(): number {
    while (this.#taken.has(this.#next)) this.#next++
    return this.#next
  }
}

/** The track with its positions where Rekordbox counts them. */
function inRekordboxTime(track: Track, shiftsAac: boolean): Track {
  const settled = settlePositions(track)
  const {shiftMs} = shiftBetween('crate', 'rekordbox', settled.file, {shiftsAac})
  return {
    ...settled,
    cues: shiftPositions(settled.cues, shiftMs),
    beatGrid: shiftPositions(settled.beatGrid, shiftMs),
  }
}

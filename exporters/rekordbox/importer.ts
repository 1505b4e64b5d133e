// Rekordbox XML → library: streams the collection, then hands over the playlists with their keys resolved.
import type {Importer, ImportItem, ImportRequest} from '../../src/api/format.js'
import type {JsonValue} from '../../src/core/json.js'
import {pathKey} from '../../src/core/music-path.js'
import {shiftBetween, shiftPositions} from '../../src/core/position-shift.js'
import {withMp3Header} from '../shared/mp3-header.js'
import {chooseOption} from '../shared/options.js'
import {type RekordboxExtras, trackFromElement} from './codec.js'
import {parseLocation} from './location.js'
import {keysAreLocations, nodesFromElement, walkElements} from './playlists.js'
import {type PlaylistElement, type RekordboxItem, readRekordbox} from './reader.js'

export const importer: Importer = {
  async *import(request, context) {
    const shiftsAac = chooseOption(request.options, 'aac', ['keep', 'shift'], 'keep') === 'shift'
    const refs = new Refs()
    const roots: PlaylistElement[] = []
    let total: number | null = null
    let done = 0
    for await (const items of readRekordbox(request.source.stream(''))) {
      context.signal.throwIfAborted()
      for (const item of items)
        if (item.kind === 'collection') total = Number.parseInt(item.attributes['Entries'] ?? '', 10) || null
        else if (item.kind === 'playlists') roots.push(item.root)
        else if (item.kind === 'warning') yield item
      const decoded = items.flatMap((item) => decodeItem(item, refs))
      const finished = await Promise.all(decoded.map((item) => moveToCrateTime(item, request, shiftsAac)))
      yield* finished
      done += finished.length
      if (finished.length > 0) context.progress.update(done, total)
    }
    yield* importPlaylists(roots, refs, request)
  },
}

/** Names the tracks of one import: by TrackID, and by their number in the file where that is missing or taken. */
class Refs {
  readonly #taken = new Set<string>()
  #count = 0

  next(trackId: string): string {
    this.#count++
    const ref = trackId === '' || this.#taken.has(trackId) ? `#${this.#count}` : trackId
    this.#taken.add(ref)
    return ref
  }

  has(ref: string): boolean {
    return this.#taken.has(ref)
  }
}

function decodeItem(item: RekordboxItem, refs: Refs): ImportItem[] {
  if (item.kind !== 'track') return []
  const decoded = trackFromElement(item.element)
  if (decoded.kind === 'skipped') return [{kind: 'warning', subject: decoded.subject, message: decoded.reason}]
  const ref = refs.next(decoded.trackId)
  const subject = decoded.track.file.path
  return [
    ...decoded.faults.map((message): ImportItem => ({kind: 'warning', subject, message})),
    {kind: 'track', track: {...decoded.track, ref}},
  ]
}

async function moveToCrateTime(item: ImportItem, request: ImportRequest, shiftsAac: boolean): Promise<ImportItem> {
  if (item.kind !== 'track' || !request.shiftsPositions) return item
  const {track} = item
  if (track.cues.length === 0 && track.beatGrid.length === 0) return item
  const file = await withMp3Header(track.file, request.audioTags)
  const {shiftMs} = shiftBetween('rekordbox', 'crate', file, {shiftsAac})
  const extras: RekordboxExtras = {
    ...(track.extras['rekordbox'] as RekordboxExtras),
    ...(file.format === 'mp3' && file.mp3HeaderCase === null ? {clock: 'rekordbox'} : {}),
  }
  return {
    kind: 'track',
    track: {
      ...track,
      file,
      cues: shiftPositions(track.cues, shiftMs),
      beatGrid: shiftPositions(track.beatGrid, shiftMs),
      extras: {...track.extras, rekordbox: extras as unknown as JsonValue},
    },
  }
}

async function* importPlaylists(
  roots: readonly PlaylistElement[],
  refs: Refs,
  request: ImportRequest,
): AsyncGenerator<ImportItem> {
  const refOfPath = await refsOfLocations(roots, request)
  const refOf = (key: string, isLocation: boolean) => {
    if (!isLocation) return refs.has(key) ? key : null
    const location = parseLocation(key)
    return location.kind === 'path' ? (refOfPath.get(pathKey(location.path)) ?? null) : null
  }
  const warnings: ImportItem[] = []
  const onMissing = (list: string, count: number) =>
    warnings.push({kind: 'warning', subject: list, message: `${count} entries name no track of the collection`})
  const nodes = roots.flatMap((root) => nodesFromElement(root, refOf, onMissing))
  yield* warnings
  yield {kind: 'playlists', nodes}
}

/**
 * The tracks that lists name by Location (KeyType 1). Rare, so that no table of all Locations is kept for it: the file
 * is read once more, and only what the lists name is looked for.
 */
async function refsOfLocations(
  roots: readonly PlaylistElement[],
  request: ImportRequest,
): Promise<Map<string, string>> {
  const wanted = new Set<string>()
  for (const root of roots)
    for (const element of walkElements(root))
      for (const key of keysAreLocations(element) ? element.keys : []) {
        const location = parseLocation(key)
        if (location.kind === 'path') wanted.add(pathKey(location.path))
      }
  const found = new Map<string, string>()
  if (wanted.size === 0) return found
  const refs = new Refs()
  for await (const items of readRekordbox(request.source.stream('')))
    for (const item of items.flatMap((each) => decodeItem(each, refs))) {
      if (item.kind !== 'track') continue
      const key = pathKey(item.track.file.path)
      if (wanted.has(key) && !found.has(key)) found.set(key, item.track.ref)
    }
  return found
}

// Traktor's collection → crate: one entry at a time, then the playlists.
import type {Importer, ImportItem, ImportRequest} from '../../src/api/format.js'
import {isCrateError} from '../../src/core/errors.js'
import {audioFormatOf} from '../../src/core/music-path.js'
import {mapPlaylistTracks, type PlaylistNode, walkPlaylists} from '../../src/core/playlist.js'
import {shiftBetween} from '../../src/core/position-shift.js'
import type {AudioFile} from '../../src/core/track.js'
import {bareTrack} from '../shared/imported-track.js'
import {withMp3Header} from '../shared/mp3-header.js'
import {decodeEntry, decodeParsedEntry} from './codec.js'
import {renderElement} from './edit.js'
import {locationOfEntryText} from './entry-facts.js'
import {locationFromKey, pathFromLocation} from './location.js'
import {attributeOf, parseElement, parseTag} from './markup.js'
import {numberFrom} from './number.js'
import {ENTRY_PATH, type Piece, readablePiecesOf} from './pieces.js'
import {createPlaylistReader} from './playlist.js'
import {inTraktorsTime} from './residue.js'

/** How many audio files are asked for their header at the same time. */
const HEADERS_AT_ONCE = 16

export const importer: Importer = {
  async *import(request, context) {
    const refs = new Set<string>()
    const playlists = createPlaylistReader()
    let expected: number | null = null
    let hasCollection = false
    let damage: string | null = null
    try {
      for await (const pieces of readablePiecesOf(request.source.stream(''))) {
        context.signal.throwIfAborted()
        for (const piece of pieces) {
          if (piece.kind === 'open' && piece.path === 'NML/COLLECTION') {
            hasCollection = true
            expected = numberFrom(attributeOf(piece.text, parseTag(piece.text), 'ENTRIES'))
          } else playlists.push(piece)
        }
        yield* importEntries(pieces, refs, request)
        context.progress.update(refs.size, expected === null ? null : Math.max(expected, refs.size), 'Traktor')
      }
    } catch (error) {
      if (!isCrateError(error) || error.code !== 'FORMAT_INVALID' || (refs.size === 0 && !hasCollection)) throw error
      damage = error.message
    }
    const nodes = playlists.nodes()
    if (damage !== null)
      yield warning(
        request.source.resolve(''),
        `the file is damaged (${damage}): ${refs.size} tracks were read, what follows them in the file is missing`,
      )
    for (const {name, message} of playlists.faults)
      yield warning(name, `this list cannot be read and was left out: ${message}`)
    if (!hasCollection) yield* tracksOfLists(nodes, refs)
    yield* danglingWarnings(nodes, refs)
    yield {kind: 'playlists', nodes: mapPlaylistTracks(nodes, (key) => (refs.has(key) ? key : null))}
  },
}

function warning(subject: string, message: string): ImportItem {
  return {kind: 'warning', subject, message}
}

async function* importEntries(
  pieces: readonly Piece[],
  refs: Set<string>,
  request: ImportRequest,
): AsyncGenerator<ImportItem> {
  const entries = pieces.filter(({kind, path}) => kind === 'element' && path === ENTRY_PATH)
  for (let at = 0; at < entries.length; at += HEADERS_AT_ONCE) {
    const group = entries.slice(at, at + HEADERS_AT_ONCE)
    const headers = await headersOf(group, request)
    for (const [index, {text}] of group.entries())
      yield* importEntry(text, headers === null ? null : (headers[index] ?? 'unknown'), refs)
  }
}

/** What is read from an MP3 itself. */
type Header = Pick<AudioFile, 'mp3HeaderCase' | 'sampleRateHz'>

/** @param header null where positions are not converted, `unknown` where they should be and cannot */
function* importEntry(text: string, header: Header | 'unknown' | null, refs: Set<string>): Generator<ImportItem> {
  try {
    const entry = parseElement(text)
    const known = header === 'unknown' ? null : header
    const shiftMs = known === null ? 0 : shiftBetween('traktor', 'crate', {format: 'mp3', ...known}).shiftMs
    const decoded = decodeParsedEntry(text, entry, shiftMs)
    if (decoded === null) {
      const name = attributeOf(text, entry, 'TITLE') ?? 'an entry without a title'
      return yield warning(name, 'names no file on a disk, and was left out')
    }
    const {track, key, hiddenPads} = decoded
    const {path} = track.file
    if (refs.has(key)) return yield warning(path, 'stands in the collection twice; the first entry counts')
    refs.add(key)
    if (hiddenPads > 0) yield warning(path, `${hiddenPads} marks share a pad with another; the last on each pad counts`)
    const hasPositions = track.cues.length > 0 || track.beatGrid.length > 0
    const isUnmoved = header === 'unknown' && track.file.format === 'mp3' && hasPositions
    const extras = isUnmoved ? inTraktorsTime(track.extras) : track.extras
    yield {kind: 'track', track: {...track, ref: key, extras, file: {...track.file, ...known}}}
  } catch (error) {
    if (!isCrateError(error)) throw error
    yield warning('an entry of the collection', `cannot be read and was left out: ${error.message}`)
  }
}

/** How the MP3s among the entries begin; null where positions are not converted. */
async function headersOf(
  entries: readonly Piece[],
  {audioTags, shiftsPositions}: ImportRequest,
): Promise<(Header | null)[] | null> {
  if (!shiftsPositions || (audioTags.mp3Header ?? audioTags.mp3HeaderCase) === undefined) return null
  return Promise.all(
    entries.map(async ({text}) => {
      try {
        const location = locationOfEntryText(text)
        const path = location === null ? null : pathFromLocation(location)
        if (path === null || audioFormatOf(path) !== 'mp3') return null
        const {mp3HeaderCase, sampleRateHz} = await withMp3Header(bareTrack('', path).file, audioTags)
        return mp3HeaderCase === null ? null : {mp3HeaderCase, sampleRateHz}
      } catch {
        // An entry that cannot be read is told of where it is imported; a file that cannot be read is not there.
        return null
      }
    }),
  )
}

/** A file of playlists alone names tracks by their place and tells nothing else of them. */
function* tracksOfLists(nodes: readonly PlaylistNode<string>[], refs: Set<string>): Generator<ImportItem> {
  for (const {node} of walkPlaylists(nodes)) {
    for (const key of node.kind === 'folder' ? [] : node.tracks) {
      const location = locationFromKey(key)
      if (location === null || refs.has(key)) continue
      const {volume, dir, file} = location
      const place = renderElement('LOCATION', {DIR: dir, FILE: file, VOLUME: volume})
      const decoded = decodeEntry(renderElement('ENTRY', {}, place))
      if (decoded === null) continue
      refs.add(key)
      yield {kind: 'track', track: {...decoded.track, ref: key}}
    }
  }
}

function* danglingWarnings(nodes: readonly PlaylistNode<string>[], refs: ReadonlySet<string>): Generator<ImportItem> {
  for (const {node, folders} of walkPlaylists(nodes)) {
    if (node.kind === 'folder') continue
    const missing = node.tracks.filter((key) => !refs.has(key)).length
    if (missing > 0)
      yield warning(
        [...folders, node.name].join(' / '),
        `${missing} entries name tracks that are not in the collection`,
      )
  }
}

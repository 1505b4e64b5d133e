// Playlists of the library as crates: new ones are made, those that are there get our order and keep what is theirs.
import type {ExportPiece, ExportRequest, ExportWarning} from '../../src/api/format.js'
import {type PlaylistNode, walkPlaylists} from '../../src/core/playlist.js'
import type {TrackId} from '../../src/core/track.js'
import {areEqualBytes} from './bytes.js'
import {decodeRecords, type SeratoRecord} from './container.js'
import {type Crate, decodeCrate, encodeCrate, haveSameRecords, withTracks} from './crate.js'
import {crateFileName, NAME_SEPARATOR, sanitizeCrateName} from './crate-name.js'
import {isOwnListOfFolder} from './crate-tree.js'
import {drivePathKey, type SeratoPlace} from './drive.js'
import type {DriveTracks} from './exporter.js'
import {decodeOrder, encodeOrder, withCrates} from './order.js'
import {smartCrateHead} from './smart-crate.js'
import {rulesOfQuery} from './smart-rules.js'

const ORDER_FILE = 'neworder.pref'

/** A playlist with the name of its file. */
interface NamedPlaylist {
  readonly node: PlaylistNode
  /** As the person wrote them, from the top. */
  readonly names: readonly string[]
  /** The same, as file names allow. */
  readonly levels: readonly string[]
}

export async function* cratePieces(
  request: ExportRequest,
  place: SeratoPlace,
  tracks: DriveTracks,
): AsyncGenerator<ExportPiece> {
  const {target} = request
  const present = fileFinder(await target.list(`${place.prefix}Subcrates`))
  const smart = fileFinder(await target.list(`${place.prefix}SmartCrates`))
  const shown: (readonly string[])[] = []
  for (const playlist of namePlaylists(request.library.playlists())) {
    const {node, names, levels} = playlist
    const smartName = `${levels.join(NAME_SEPARATOR)}.scrate`
    if (node.kind === 'smart' && smart(smartName) !== null) continue
    const rules = smartRecords(node)
    shown.push(names)
    if (node.kind === 'smart' && rules !== null) {
      yield fileOf(
        `${place.prefix}SmartCrates/${smartName}`,
        encodeCrate(withTracks({records: rules}, pathsOf(node, tracks))),
      )
      continue
    }
    const wanted = crateFileName(levels)
    if (wanted === null) {
      yield {
        kind: 'warning',
        subject: names.join(' / '),
        message: 'has a name too long for a file name; it is left out',
      }
      continue
    }
    const fileName = present(wanted) ?? wanted
    const path = `${place.prefix}Subcrates/${fileName}`
    const bytes = present(wanted) === null ? null : await target.read(path)
    // A folder has nothing to say about the tracks of the crate that stands for it.
    if (node.kind === 'folder' && bytes !== null) continue
    yield* crateFilePieces(path, names.join(' / '), bytes, node, tracks)
  }
  const order = await target.read(place.prefix + ORDER_FILE)
  const merged = encodeOrder(withCrates(order === null ? null : decodeOrder(order), shown))
  if (shown.length > 0 && (order === null || !areEqualBytes(order, merged)))
    yield fileOf(place.prefix + ORDER_FILE, merged)
}

function* crateFilePieces(
  path: string,
  subject: string,
  bytes: Uint8Array | null,
  node: PlaylistNode,
  tracks: DriveTracks,
): Generator<ExportPiece> {
  const ours = pathsOf(node, tracks)
  const crate = bytes === null ? null : decodeCrate(bytes)
  if (crate !== null && crate.brokenAt !== null) {
    const message = `is damaged at byte ${crate.brokenAt} and is left as it is`
    yield {kind: 'warning', subject: path, message}
    return
  }
  const removed = crate === null ? 0 : countRemoved(crate, ours, tracks)
  if (removed > 0) yield removal(subject, removed)
  const next = withTracks(crate, crate === null ? ours : withForeign(crate.paths, ours, tracks))
  if (crate === null || !haveSameRecords(crate, next)) yield fileOf(path, encodeCrate(next))
}

/** Every node with a file name that no other has; on the way, names that differ only by refused characters part. */
function* namePlaylists(nodes: readonly PlaylistNode[]): Generator<NamedPlaylist> {
  const levelsOf = new Map<string, readonly string[]>()
  const taken = new Set<string>()
  for (const {node, folders} of walkPlaylists(nodes)) {
    if (isOwnListOfFolder(node, folders)) {
      yield {node, names: folders, levels: levelsOf.get(keyOf(folders)) ?? folders.map(sanitizeCrateName)}
      continue
    }
    const names = [...folders, node.name]
    const above = levelsOf.get(keyOf(folders)) ?? folders.map(sanitizeCrateName)
    const base = sanitizeCrateName(node.name)
    // Smart crates have a folder of files to themselves.
    const keyIn = (last: string) => `${smartRecords(node) === null} ${keyOf([...above, last]).toLowerCase()}`
    let level = base
    for (let n = 2; taken.has(keyIn(level)); n++) level = `${base} (${n})`
    const levels = [...above, level]
    taken.add(keyIn(level))
    if (node.kind === 'folder') levelsOf.set(keyOf(names), levels)
    yield {node, names: level === base ? names : [...folders, level], levels}
  }
}

function keyOf(names: readonly string[]): string {
  return names.join('\0').normalize('NFC')
}

/** Drive-relative paths of the tracks, without those of other drives. */
function pathsOf(node: PlaylistNode, tracks: DriveTracks): string[] {
  const ids: readonly TrackId[] = node.kind === 'folder' ? [] : node.tracks
  return ids.map((id) => tracks.pathOf.get(id)).filter((path) => path !== undefined)
}

/** Our order, and after its predecessor each track of the crate that the library does not have. */
function withForeign(current: readonly string[], ours: readonly string[], tracks: DriveTracks): string[] {
  const kept = new Set(ours.map(drivePathKey))
  const followers = new Map<string | null, string[]>()
  let anchor: string | null = null
  for (const path of current) {
    const key = drivePathKey(path)
    if (kept.has(key)) anchor = key
    else if (!tracks.idOf.has(key)) {
      const list = followers.get(anchor) ?? []
      list.push(path)
      followers.set(anchor, list)
    }
  }
  const merged = [...(followers.get(null) ?? [])]
  for (const path of ours) {
    const key = drivePathKey(path)
    merged.push(path, ...(followers.get(key) ?? []))
    followers.delete(key)
  }
  return merged
}

function countRemoved(crate: Crate, ours: readonly string[], tracks: DriveTracks): number {
  const kept = new Set(ours.map(drivePathKey))
  return crate.paths.filter((path) => tracks.idOf.has(drivePathKey(path)) && !kept.has(drivePathKey(path))).length
}

function removal(subject: string, count: number): ExportWarning {
  const message = `${count} tracks of the crate are not in this playlist and leave the crate`
  return {kind: 'warning', subject, message}
}

/** Whether a playlist becomes a smart crate that Serato keeps up to date itself. */
export function isSmartThere(node: PlaylistNode): boolean {
  return smartRecords(node) !== null
}

/** The rules of a smart playlist, as they came from Serato or as its query says; null where Serato cannot say them. */
function smartRecords(node: PlaylistNode): readonly SeratoRecord[] | null {
  if (node.kind !== 'smart') return null
  const kept = node.extras?.['serato']
  if (typeof kept === 'object' && kept !== null && 'rules' in kept) {
    const {records, brokenAt} = decodeRecords(Buffer.from(String(kept['rules']), 'base64'))
    if (brokenAt === null && records[0]?.tag === 'vrsn') return records
  }
  const rules = node.query === null ? null : rulesOfQuery(node.query)
  return rules === null ? null : smartCrateHead(rules)
}

/** Finds a name as the file system has it: in another Unicode form or, on Windows and macOS, in another case. */
function fileFinder(names: readonly string[]): (wanted: string) => string | null {
  const exact = new Map(names.map((name) => [name.normalize('NFC'), name]))
  const folded = new Map(names.map((name) => [name.normalize('NFC').toLowerCase(), name]))
  return (wanted) => {
    const composed = wanted.normalize('NFC')
    return exact.get(composed) ?? folded.get(composed.toLowerCase()) ?? null
  }
}

function fileOf(path: string, bytes: Uint8Array): ExportPiece {
  return {kind: 'file', path, chunks: [bytes]}
}

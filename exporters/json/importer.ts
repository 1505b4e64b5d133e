// crate's JSON → library: each track is checked against the schema; one bad track is a warning.
import type {Importer, ImportItem} from '../../src/api/format.js'
import {CrateError} from '../../src/core/errors.js'
import type {Extras} from '../../src/core/json.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import {decodeTextStream} from '../shared/text-file.js'
import {FORMAT, trackSchema, VERSION} from './schema.js'
import {splitJson} from './splitter.js'

export const importer: Importer = {
  async *import({source}, context) {
    const nodes: PlaylistNode<string>[] = []
    const refs = new Set<string>()
    const header = new Map<string, unknown>()
    let number = 0
    for await (const {name, text} of splitJson(decodeTextStream(source.stream('')), new Set(['tracks', 'playlists']))) {
      if (number === 0) checkHeader(header, false)
      const value = parse(text, name)
      if (name === 'tracks') {
        yield trackItem(value, ++number, refs)
        if (number % 512 !== 0) continue
        context.signal.throwIfAborted()
        context.progress.update(number, null)
      } else if (name === 'playlists') {
        const node = nodeFrom(value, 0)
        if (node === null) yield {kind: 'warning', subject: 'playlists', message: 'one is damaged and was left out'}
        else nodes.push(node)
      } else header.set(name, value)
    }
    checkHeader(header, true)
    yield {kind: 'playlists', nodes: nodes.map((node) => onlyKnown(node, refs))}
  },
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `the JSON is damaged in ${name}: ${(error as Error).message.slice(0, 120)}`
    throw new CrateError('FORMAT_INVALID', message, {
      hints: ['Make it again: crate export json --to library.json'],
      details: {name},
      cause: error,
    })
  }
}

/**
 * Tools that sort the names put the version behind the tracks: what is not there yet is demanded at the end only.
 *
 * @throws FORMAT_INVALID where it is another JSON, FORMAT_UNSUPPORTED where a newer crate wrote it
 */
function checkHeader(header: ReadonlyMap<string, unknown>, isWhole: boolean): void {
  const isWrong = (name: string, wanted: unknown) => (isWhole || header.has(name)) && header.get(name) !== wanted
  if (isWrong('format', FORMAT))
    throw new CrateError('FORMAT_INVALID', `the JSON is no library of crate: its "format" is not "${FORMAT}"`, {
      hints: ['Make one with: crate export json --to library.json'],
    })
  if (!isWrong('version', VERSION)) return
  const version = header.get('version')
  throw new CrateError(
    'FORMAT_UNSUPPORTED',
    `the JSON has version ${String(version)}, and this crate reads ${VERSION}`,
    {
      hints: ['Update crate.'],
      details: {version},
    },
  )
}

function trackItem(value: unknown, number: number, refs: Set<string>): ImportItem {
  const checked = trackSchema.safeParse(value)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const place = issue?.path.join('.') ?? ''
    return {
      kind: 'warning',
      subject: `track ${number}`,
      message: `${place === '' ? '' : `${place}: `}${issue?.message ?? 'is damaged'}; left out`,
    }
  }
  const {id, ...track} = checked.data
  if (refs.has(id)) return {kind: 'warning', subject: track.file.path, message: `has the id ${id} of another; left out`}
  refs.add(id)
  return {kind: 'track', track: {...track, ref: id}}
}

/** Deeper folders than anyone has; it also ends what was made to go round. */
const FOLDER_DEPTH = 64

function nodeFrom(value: unknown, depth: number): PlaylistNode<string> | null {
  if (typeof value !== 'object' || value === null || depth > FOLDER_DEPTH) return null
  const {kind, name, children, tracks, query, extras} = value as Readonly<Record<string, unknown>>
  if (typeof name !== 'string') return null
  const isExtras = typeof extras === 'object' && extras !== null && !Array.isArray(extras)
  const kept = isExtras ? {extras: extras as Extras} : {}
  if (kind === 'folder') {
    if (!Array.isArray(children)) return null
    const nodes = children.map((child) => nodeFrom(child, depth + 1)).filter((child) => child !== null)
    return {kind, name, children: nodes, ...kept}
  }
  if (!Array.isArray(tracks) || !tracks.every((track) => typeof track === 'string')) return null
  if (kind === 'list') return {kind, name, tracks, ...kept}
  if (kind === 'smart' && (query === null || typeof query === 'string')) return {kind, name, query, tracks, ...kept}
  return null
}

function onlyKnown(node: PlaylistNode<string>, refs: ReadonlySet<string>): PlaylistNode<string> {
  return node.kind === 'folder'
    ? {...node, children: node.children.map((child) => onlyKnown(child, refs))}
    : {...node, tracks: node.tracks.filter((ref) => refs.has(ref))}
}

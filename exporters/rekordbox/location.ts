// Rekordbox's Location: a file address with its own rules of escaping, which no URL parser reads or writes right.
import {isWindowsPath, systemOfPath} from '../../src/core/music-path.js'

const PREFIX = 'file://localhost'

/** All but what stands as it is (FORMATS §1.3; `#` does, which is why a URL parser cuts such paths short). */
const ESCAPED = /[^A-Za-z0-9/:_\-.();,+$!@#]+/g

/**
 * The Location of an absolute path: UTF-8, percent escapes in lower case. Paths of macOS are composed (NFC), as
 * Rekordbox does; others keep their form, because there the two forms are two files.
 */
export function locationFromPath(path: string): string {
  const composed = systemOfPath(path) === 'macos' ? path.normalize('NFC') : path
  const slashed = isWindowsPath(path) ? composed.replace(/\\/g, '/') : composed
  const rooted = slashed.startsWith('/') ? slashed : `/${slashed}`
  return PREFIX + rooted.replace(ESCAPED, escapeBytes)
}

function escapeBytes(characters: string): string {
  let text = ''
  for (const byte of Buffer.from(characters)) text += `%${byte < 16 ? '0' : ''}${byte.toString(16)}`
  return text
}

export type Location =
  | {readonly kind: 'path'; readonly path: string}
  /** A track of a streaming service (`file://localhosttidal:tracks:…`): there is no file. */
  | {readonly kind: 'streaming'; readonly service: string}
  | {readonly kind: 'invalid'; readonly reason: string}

const STREAMING = /^\/*(tidal|soundcloud|beatport|beatsource|spotify|applemusic|amazonmusic|deezer):/i

/** What a Location names. Takes what other tools write as well: `file:///…`, upper-case escapes, a bare path. */
export function parseLocation(location: string): Location {
  const text = location.trim()
  if (text === '') return {kind: 'invalid', reason: 'the Location is empty'}
  const rest = /^file:\/\//i.test(text) ? text.slice('file://'.length).replace(/^localhost/i, '') : text
  const service = STREAMING.exec(rest)?.[1]
  if (service !== undefined) return {kind: 'streaming', service: service.toLowerCase()}
  const isAddress = rest !== text
  const path = isAddress ? unescapePercent(rest) : text
  if (path.includes('\0')) return {kind: 'invalid', reason: 'the path holds a NUL character'}
  if (/^\/[A-Za-z]:(?:[/\\]|$)/.test(path)) return {kind: 'path', path: path.slice(1)}
  if (path.startsWith('/') || isWindowsPath(path)) return {kind: 'path', path}
  if (isAddress && /^[^/:]+\//.test(path)) return {kind: 'path', path: `//${path}`}
  return {kind: 'invalid', reason: `“${shorten(location)}” is no absolute file address`}
}

/** Percent escapes undone; where they make no UTF-8 they are taken as they stand. */
function unescapePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
    const decoded = bytes.toString('utf8')
    return Buffer.from(decoded).equals(bytes) ? decoded : run
  })
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

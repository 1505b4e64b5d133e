// Paths of audio files from any system, handled on any other: a Windows path stays one on Linux.
import type {AudioFormat} from './track.js'

/** Which system a path comes from, as far as its form tells. macOS is known by its /Users and /Volumes. */
export type PathSystem = 'windows' | 'macos' | 'posix'

export function systemOfPath(path: string): PathSystem {
  if (/^[A-Za-z]:(?:[/\\]|$)/.test(path) || /^(?:\\\\|\/\/)[^/\\]/.test(path)) return 'windows'
  return /^\/(?:Users|Volumes)\//.test(path) ? 'macos' : 'posix'
}

export function isWindowsPath(path: string): boolean {
  return systemOfPath(path) === 'windows'
}

/** Whether a path names its place in full on its own system. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || isWindowsPath(path)
}

/** On Windows both kinds of slash part names; elsewhere `\` is a letter like any other. */
function separatorsOf(path: string): RegExp {
  return isWindowsPath(path) || (/^[^/]*\\/.test(path) && !path.includes('/')) ? /[/\\]+/ : /\/+/
}

/**
 * The names along a path, without empty ones. Of `C:/Music/x.mp3` the first is `C:`.
 * A relative path that holds `\` and no `/` is taken for one of Windows.
 */
export function namesOfPath(path: string): string[] {
  return path.split(separatorsOf(path)).filter((name) => name !== '')
}

export function fileNameOf(path: string): string {
  return namesOfPath(path).at(-1) ?? ''
}

/** The folder that holds a file, without a slash at its end; empty for a bare name. */
export function folderOf(path: string): string {
  const name = fileNameOf(path)
  const folder = path.slice(0, path.lastIndexOf(name))
  const bare = folder.replace(isWindowsPath(path) ? /[/\\]+$/ : /\/+$/, '')
  return bare === '' && folder !== '' ? '/' : bare
}

/** In lower case without the dot; empty where there is none. */
export function extensionOf(path: string): string {
  const match = /[^.].*\.([^.]+)$/s.exec(fileNameOf(path))
  return match?.[1]?.toLowerCase() ?? ''
}

const FORMAT_OF_EXTENSION: Readonly<Record<string, AudioFormat>> = {
  wav: 'wav',
  wave: 'wav',
  aif: 'aiff',
  aiff: 'aiff',
  aifc: 'aiff',
  flac: 'flac',
  mp3: 'mp3',
  ogg: 'ogg',
  oga: 'ogg',
  opus: 'opus',
  m4a: 'm4a',
  aac: 'aac',
  wma: 'wma',
  mp4: 'video',
  m4v: 'video',
  mov: 'video',
  avi: 'video',
  mpg: 'video',
  mpeg: 'video',
  mkv: 'video',
  webm: 'video',
}

/** The format that the extension promises; null for one that DJ programs do not play. */
export function audioFormatOf(path: string): AudioFormat | null {
  return FORMAT_OF_EXTENSION[extensionOf(path)] ?? null
}

/** The file name without folder and extension. */
export function stemOf(path: string): string {
  const name = fileNameOf(path)
  const extension = extensionOf(path)
  return extension === '' ? name : name.slice(0, -extension.length - 1)
}

/**
 * A text that is equal for two paths when their systems take them for the same file: NFC (Serato stores NFD on macOS),
 * one kind of slash, and on Windows and macOS without regard to case.
 */
export function pathKey(path: string): string {
  const system = systemOfPath(path)
  const composed = path.normalize('NFC')
  const slashed = system === 'windows' ? composed.replace(/\\/g, '/') : composed
  const joined = slashed.replace(/(?<=.)\/+/g, '/')
  return system === 'posix' ? joined : joined.toLowerCase()
}

/**
 * A path as seen from a folder: absolute ones stay, `.` and `..` are resolved by name alone, and `..` above the root is
 * dropped, as every system does.
 */
export function resolvePath(folder: string, path: string): string {
  const isDriveless = isWindowsPath(folder) && /^[/\\](?![/\\])/.test(path)
  if (isAbsolutePath(path) && !isDriveless) return collapse(path)
  const root = isDriveless ? (namesOfPath(folder)[0] ?? '') : folder
  return collapse(`${root}/${isWindowsPath(folder) ? path.replace(/\\/g, '/') : path}`)
}

function collapse(path: string): string {
  const isWindows = isWindowsPath(path)
  const separator = isWindows && path.includes('\\') && !path.includes('/') ? '\\' : '/'
  const names = namesOfPath(path)
  const isUnc = isWindows && !/^[A-Za-z]:/.test(path)
  const rootLength = isUnc ? 2 : isWindows ? 1 : 0
  const kept: string[] = []
  for (const name of names) {
    if (name === '.') continue
    if (name !== '..') kept.push(name)
    else if (kept.length > rootLength) kept.pop()
  }
  const root = isUnc ? separator.repeat(2) : path.startsWith('/') && !isWindows ? '/' : ''
  return root + kept.join(separator)
}

/** The way from a folder to a file with `/`; null where they share no root, so that only the full path will do. */
export function relativePath(folder: string, path: string): string | null {
  const from = namesOfPath(folder)
  const to = namesOfPath(path)
  if (systemOfPath(folder) !== systemOfPath(path) && isWindowsPath(folder) !== isWindowsPath(path)) return null
  const isSame = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && (isWindowsPath(path) ? a.toLowerCase() === b.toLowerCase() : a === b)
  if (isWindowsPath(path) && !isSame(from[0], to[0])) return null
  let shared = 0
  while (shared < to.length - 1 && isSame(from[shared], to[shared])) shared++
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')
}

/** A prefix of paths on one machine and what stands for it on another. */
export interface PathMapping {
  readonly from: string
  readonly to: string
}

/**
 * `FROM=TO`, as `--map "/Volumes/USB=E:/Music"` gives it; null where it is not that. Both sides are absolute; an equals
 * sign inside a folder name is told from the one between by what follows it.
 */
export function parsePathMapping(text: string): PathMapping | null {
  for (let at = text.indexOf('='); at !== -1; at = text.indexOf('=', at + 1)) {
    const from = trimSlashes(text.slice(0, at).trim())
    const to = trimSlashes(text.slice(at + 1).trim())
    if (isAbsolutePath(from) && isAbsolutePath(to)) return {from, to}
  }
  return null
}

function trimSlashes(path: string): string {
  const trimmed = path.replace(isWindowsPath(path) ? /[/\\]+$/ : /\/+$/, '')
  return trimmed === '' && path.startsWith('/') ? '/' : trimmed
}

/** The path under the mapping with the longest prefix that fits on whole names; the path itself where none fits. */
export function mapPath(path: string, mappings: readonly PathMapping[]): string {
  const names = namesOfPath(path)
  let best: {mapping: PathMapping; length: number} | null = null
  for (const mapping of mappings) {
    const prefix = namesOfPath(mapping.from)
    if (isWindowsPath(mapping.from) !== isWindowsPath(path) || prefix.length > names.length) continue
    const key = (parts: readonly string[]) => pathKey(rebuild(mapping.from, parts))
    if (key(prefix) !== key(names.slice(0, prefix.length))) continue
    if (best === null || prefix.length > best.length) best = {mapping, length: prefix.length}
  }
  if (best === null) return path
  const {to} = best.mapping
  const rest = names.slice(best.length)
  const separator = isWindowsPath(to) && to.includes('\\') && !to.includes('/') ? '\\' : '/'
  return rest.length === 0 ? to : `${to.replace(/[/\\]$/, '')}${separator}${rest.join(separator)}`
}

/** The names put together in the form of the path that they came from, so that its system's rules of case apply. */
function rebuild(form: string, names: readonly string[]): string {
  if (!isWindowsPath(form)) return `/${names.join('/')}`
  return /^[A-Za-z]:/.test(form) ? `${names.join('/')}/` : `//${names.join('/')}`
}

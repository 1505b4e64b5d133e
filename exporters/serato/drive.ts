// Which drive a `_Serato_` folder serves: Serato names tracks by their path below the root of that drive.
import {homedir} from 'node:os'
import {basename} from 'node:path'
import {CrateError} from '../../src/core/errors.js'
import {folderOf, isWindowsPath, namesOfPath, pathKey} from '../../src/core/music-path.js'

export const SERATO_FOLDER = '_Serato_'

export interface SeratoPlace {
  /** What stands before names below `_Serato_`, relative to the folder that the person gave: `_Serato_/` or empty. */
  readonly prefix: string
  /** Absolute path of the folder that holds `_Serato_`. */
  readonly parent: string
}

/** @param folder absolute path that the person gave: `_Serato_` itself, or the drive or folder that holds it */
export function seratoPlace(folder: string): SeratoPlace {
  const isItself = basename(folder.replaceAll('\\', '/')) === SERATO_FOLDER
  return isItself ? {prefix: '', parent: folderOf(folder)} : {prefix: `${SERATO_FOLDER}/`, parent: folder}
}

/**
 * The root of the drive as far as the place alone tells it: drive letters and volumes of macOS are roots, mount points
 * of Linux are taken as given, and the library in a person's Music folder serves the system's drive. Null elsewhere.
 */
export function knownDriveRoot(parent: string, homeFolder: string = homedir()): string | null {
  if (driveRootOfPath(parent) !== '/') return driveRootOfPath(parent)
  if (/^\/(?:run\/media|media|mnt)\//.test(parent)) return parent
  const isHomeLibrary = /^\/(?:Users|home)\/[^/]+\/Music$/.test(parent) || parent === `${homeFolder}/Music`
  return isHomeLibrary ? '/' : null
}

/** The root of the drive that a file is on, as far as its path tells. */
export function driveRootOfPath(path: string): string {
  if (isWindowsPath(path)) return `${namesOfPath(path)[0] ?? ''}\\`
  return /^\/Volumes\/[^/]+/.exec(path)?.[0] ?? '/'
}

/** Options of both directions: `root=PATH` names the root of the drive where it cannot be told. */
export function driveRootOption(options: Readonly<Record<string, string>>): string | null {
  const root = options['root']
  if (root === undefined) return null
  if (root.startsWith('/') || isWindowsPath(root)) return root
  throw new CrateError('USAGE', `option root="${root}" is not an absolute path`, {
    hints: ['Give the root of the drive: --option root=/Volumes/USB'],
  })
}

/** The path below the root with `/` between names, as Serato writes it; null for a file on another drive. */
export function drivePathOf(root: string, path: string): string | null {
  if (isWindowsPath(root) !== isWindowsPath(path)) return null
  // A volume of macOS is a drive of its own, although its path goes through the system's.
  if (root === '/' && driveRootOfPath(path) !== '/') return null
  const rootNames = namesOfPath(root)
  const names = namesOfPath(path)
  if (names.length <= rootNames.length) return null
  const isBelow = rootNames.every(
    (name, index) => pathKey(name) === pathKey(names[index] ?? '') || isSameDrive(name, names[index]),
  )
  return isBelow ? names.slice(rootNames.length).join('/') : null
}

function isSameDrive(a: string, b: string | undefined): boolean {
  return /^[A-Za-z]:$/.test(a) && a.toLowerCase() === b?.toLowerCase()
}

/** The absolute path of a drive-relative one; null where it is empty, holds a NUL or leads above the root by `..`. */
export function absolutePathOf(root: string, drivePath: string): string | null {
  const names = drivePath.split('/').filter((name) => name !== '' && name !== '.')
  if (names.length === 0 || names.includes('..') || drivePath.includes('\0')) return null
  if (isWindowsPath(root)) return [root.replace(/[/\\]+$/, ''), ...names].join('\\')
  return `${root.replace(/\/+$/, '')}/${names.join('/')}`
}

/** A text that is equal for two drive-relative paths that name the same file. */
export function drivePathKey(drivePath: string): string {
  return drivePath.normalize('NFC')
}

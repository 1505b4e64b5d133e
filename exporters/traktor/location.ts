// Where a file is: NML's VOLUME, DIR and FILE on one side, a path of its own system on the other.
import {isWindowsPath, namesOfPath} from '../../src/core/music-path.js'

export interface Location {
  readonly volume: string
  /** `/:` before, between and after the folders. */
  readonly dir: string
  readonly file: string
}

/** How PRIMARYKEY names a track. */
export function primaryKey({volume, dir, file}: Location): string {
  return volume + dir + file
}

/** The usual name of a Mac's own disk. */
export const MAC_BOOT_VOLUME = 'Macintosh HD'

/** Folders at the root of a Mac's own disk, by which it is known whatever its name. */
const BOOT_FOLDERS = new Set(['Applications', 'Library', 'System', 'Users', 'Volumes', 'private'])

/**
 * Names of NML part at `/:`. A `/` inside a name is doubled (FORMATS §4.2); on disk, where macOS shows `/`, stands `:`.
 * Without a volume the path is Linux's, where `:` is a letter like any other and nothing is doubled.
 */
function decodeName(name: string, volume: string): string {
  return volume === '' ? name : name.replaceAll('//', ':')
}

function encodeName(name: string, volume: string): string {
  return volume === '' ? name : name.replaceAll(':', '//')
}

/**
 * The path of a location: `D:/…` on Windows, `/…` on a Mac's own disk, `/Volumes/NAME/…` on others (FORMATS §4.2).
 * Null where it names no file: blank, a stream, or with `..` or NUL in it, which no program writes.
 */
export function pathFromLocation({volume, dir, file}: Location): string | null {
  if (file.trim() === '') return null
  const folders = dir.split('/:').filter((name) => name !== '')
  const names = [...folders, file]
  if (names.some((name) => name === '..' || name === '.' || name.includes('\0')) || volume.includes('\0')) return null
  if (/^[A-Za-z]:$/.test(volume)) return [volume, ...names].join('/')
  if (volume.startsWith('\\\\') || volume.startsWith('//')) return [volume.replaceAll('\\', '/'), ...names].join('/')
  if (/[/\\]|^\.\.?$/.test(volume)) return null
  const decoded = names.map((name) => decodeName(name, volume))
  const isBoot = volume === '' || volume === MAC_BOOT_VOLUME || BOOT_FOLDERS.has(folders[0] ?? '')
  return `/${(isBoot ? decoded : ['Volumes', volume, ...decoded]).join('/')}`
}

/** The same for what PRIMARYKEY holds; null where it is none. */
export function locationFromKey(key: string): Location | null {
  const first = key.indexOf('/:')
  const last = key.lastIndexOf('/:')
  if (first === -1) return null
  return {volume: key.slice(0, first), dir: key.slice(first, last + 2), file: key.slice(last + 2)}
}

/**
 * The location of a path.
 *
 * @param bootVolume name of the Mac's own disk; empty leaves VOLUME blank for every POSIX path outside of /Volumes,
 *   which is what Mixxx on Linux needs (it glues VOLUME to the path, FORMATS §14)
 * @returns null for a path that is not absolute
 */
export function locationFromPath(path: string, bootVolume: string): Location | null {
  const names = namesOfPath(path)
  const file = names.at(-1)
  if (file === undefined) return null
  const folders = names.slice(0, -1)
  if (isWindowsPath(path)) {
    const [drive, ...inside] = folders
    if (drive === undefined) return null
    const isUnc = !/^[A-Za-z]:$/.test(drive)
    return {volume: isUnc ? `\\\\${drive}` : drive.toUpperCase(), dir: dirOf(inside), file}
  }
  if (!path.startsWith('/')) return null
  const [first, volume, ...inside] = folders
  if (first === 'Volumes' && volume !== undefined)
    return {volume, dir: dirOf(inside.map((name) => encodeName(name, volume))), file: encodeName(file, volume)}
  const boot = BOOT_FOLDERS.has(first ?? '') ? bootVolume : ''
  return {volume: boot, dir: dirOf(folders.map((name) => encodeName(name, boot))), file: encodeName(file, boot)}
}

function dirOf(folders: readonly string[]): string {
  return `/:${folders.map((folder) => `${folder}/:`).join('')}`
}

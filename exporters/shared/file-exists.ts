// Whether a track's file is there, for formats that tell the person before a DJ program does.
import {existsSync} from 'node:fs'
import {isWindowsPath, namesOfPath} from '../../src/core/music-path.js'

export type FileExists = (path: string) => boolean

/**
 * Looks for files on this machine. True as well for what belongs to another one, where it cannot be looked for: Windows
 * paths elsewhere, and paths whose first folder is not here (`/Users` on Linux). A drive that is not plugged in is
 * noticed all the same: `/Volumes` and `/media` stay.
 */
export function lookForFiles(): FileExists {
  const isFolderHere = new Map<string, boolean>()
  return (path) => {
    if (isWindowsPath(path) !== (process.platform === 'win32')) return true
    if (existsSync(path)) return true
    const first = namesOfPath(path)[0] ?? ''
    const isHere = isFolderHere.get(first) ?? (isWindowsPath(path) || existsSync(`/${first}`))
    isFolderHere.set(first, isHere)
    return !isHere
  }
}

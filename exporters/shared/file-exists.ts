// Whether a track's file is there, for formats that tell the person before a DJ program does.
import {existsSync} from 'node:fs'
import {isWindowsPath} from '../../src/core/music-path.js'

export type FileExists = (path: string) => boolean

/** Whether a file of this machine exists; true for a path of another system, which cannot be looked at from here. */
export const fileExistsHere: FileExists = (path) =>
  isWindowsPath(path) !== (process.platform === 'win32') || existsSync(path)

// What Rekordbox would refuse, told before it does (FORMATS §14; the wish heard most often, PEERS §4 A).
import {audioFormatOf, extensionOf, systemOfPath} from '../../src/core/music-path.js'
import type {Track} from '../../src/core/track.js'
import type {FileExists} from '../shared/file-exists.js'

/** Longer paths are refused by Rekordbox without a word. */
const PATH_LIMIT = 255

/** What Rekordbox plays; Ogg, Opus and WMA are not among it. */
const PLAYED = new Set(['mp3', 'm4a', 'aac', 'wav', 'aiff', 'flac', 'video'])

/** What is wrong with a track's file, as sentences; empty where Rekordbox will take it. */
export function findRefusals({file}: Pick<Track, 'file'>, fileExists: FileExists): string[] {
  const refusals: string[] = []
  const {length} = [...file.path]
  if (length > PATH_LIMIT) refusals.push(`the path has ${length} characters; Rekordbox refuses more than ${PATH_LIMIT}`)
  // Rekordbox names files composed; a file system that keeps the two forms apart has no such file.
  const composed = file.path.normalize('NFC')
  if (composed !== file.path && systemOfPath(file.path) !== 'macos' && !fileExists(composed))
    refusals.push('the name is stored decomposed (NFD), which Rekordbox on Windows may not find; rename the file')
  const format = audioFormatOf(file.path)
  if (format === null || !PLAYED.has(format))
    refusals.push(`Rekordbox does not play .${extensionOf(file.path)} files and will leave the track out`)
  if (!fileExists(file.path)) refusals.push('the file is not there; Rekordbox will show it as missing')
  return refusals
}

// How an MP3 says where its music starts, for converting positions between programs, without reading its frames.
import type {Mp3Header} from '../../api/format.js'
import {crateErrorFrom} from '../../core/errors.js'
import {findMp3Frames} from './containers/mp3.js'
import {withAudioFile} from './open-audio.js'

/** The import of a collection goes on without such a file; anything else is a fault of ours and is told. */
const ABSENT: readonly string[] = ['FILE_NOT_FOUND', 'AUDIO_EMPTY', 'FILE_UNSTABLE', 'FILE_UNREADABLE']

/**
 * Reads a few kilobytes. Null where the file is not there, cannot be read or is no MP3: positions then stay as they are.
 *
 * @param path absolute
 */
export async function readMp3Header(path: string): Promise<Mp3Header | null> {
  try {
    return await withAudioFile(path, ({source}) => {
      const frames = findMp3Frames(source)
      if (frames === null) return null
      return {headerCase: frames.xing?.headerCase ?? 'none', sampleRateHz: frames.first.sampleRateHz}
    })
  } catch (error) {
    if (ABSENT.includes(crateErrorFrom(error).code)) return null
    throw error
  }
}

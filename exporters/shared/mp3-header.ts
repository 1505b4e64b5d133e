// How an MP3 begins, asked of the file itself: positions are converted by it (see core/position-shift).
import type {AudioTagAccess} from '../../src/api/format.js'
import type {AudioFile} from '../../src/core/track.js'

/**
 * The file with what its MP3 header tells. The rate that is read there stands, whatever a program's library says, so
 * that positions go back the way they came; other files, and ones that are not there, are returned as they are.
 */
export async function withMp3Header(file: AudioFile, audioTags: AudioTagAccess): Promise<AudioFile> {
  if (file.format !== 'mp3') return file
  if (audioTags.mp3Header === undefined) {
    if (audioTags.mp3HeaderCase === undefined) return file
    return {...file, mp3HeaderCase: await audioTags.mp3HeaderCase(file.path)}
  }
  const header = await audioTags.mp3Header(file.path)
  return header === null
    ? {...file, mp3HeaderCase: null}
    : {...file, mp3HeaderCase: header.headerCase, sampleRateHz: header.sampleRateHz}
}

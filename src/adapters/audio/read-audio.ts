// An audio file's facts and identity, without decoding it.
import type {AudioFile} from '../../core/track.js'
import {hashAudioPayload} from './hash.js'
import {type AudioLayout, durationMsOf} from './layout.js'
import {type OpenAudio, withAudioFile} from './open-audio.js'
import {layoutOf} from './sniff.js'

export interface AudioIdentity {
  readonly file: AudioFile
  /** See `hashAudioPayload`. */
  readonly audioHash: string
}

/** What the container says of an open file. */
export function audioFileOf(open: OpenAudio, layout: AudioLayout): AudioFile {
  return {
    path: open.path,
    sizeBytes: open.sizeBytes,
    modifiedAtMs: open.modifiedAtMs,
    format: layout.format,
    durationMs: durationMsOf(layout),
    sampleRateHz: layout.sampleRateHz,
    channels: layout.channels,
    bitDepth: layout.bitDepth,
    bitRateKbps: layout.bitRateKbps,
    mp3HeaderCase: layout.mp3HeaderCase,
  }
}

/**
 * Facts from the headers: reads a few kilobytes (an MP3 without a Xing header is walked through).
 *
 * @param path absolute
 * @throws AUDIO_EMPTY, AUDIO_UNDECODABLE, FILE_NOT_FOUND, FILE_UNREADABLE, FILE_UNSTABLE
 */
export function readAudioFile(path: string): Promise<AudioFile> {
  return withAudioFile(path, (open) => audioFileOf(open, layoutOf(open.source)))
}

/**
 * Facts and identity, reading the whole file once in pieces of 256 KiB.
 *
 * @param path absolute
 * @throws as `readAudioFile`; ABORTED
 */
export function identifyAudioFile(path: string, signal?: AbortSignal): Promise<AudioIdentity> {
  return withAudioFile(path, async (open) => {
    const layout = layoutOf(open.source)
    return {file: audioFileOf(open, layout), audioHash: await hashAudioPayload(open.source, layout, signal)}
  })
}

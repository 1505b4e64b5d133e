// Decoding in this process by node-web-audio-api, which wraps the Symphonia decoders.
import {CrateError} from '../../core/errors.js'

export interface DecodedWhole {
  readonly sampleRateHz: number
  readonly channels: Float32Array[]
}

type WebAudio = typeof import('node-web-audio-api')
let webAudio: Promise<WebAudio> | null = null

/**
 * The whole of a coded file as float samples at its own rate, untrimmed.
 *
 * @param sampleRateHz of the file: a context of another rate would resample
 * @throws AUDIO_UNDECODABLE with the decoder's own words as cause
 */
export async function decodeNatively(bytes: Uint8Array<ArrayBuffer>, sampleRateHz: number): Promise<DecodedWhole> {
  webAudio ??= import('node-web-audio-api')
  const {OfflineAudioContext} = await webAudio
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  const buffer = isWhole ? bytes.buffer : bytes.slice().buffer
  try {
    const decoded = await new OfflineAudioContext(1, 1, sampleRateHz).decodeAudioData(buffer)
    const count = Math.min(2, decoded.numberOfChannels)
    const channels = Array.from({length: count}, (_, index) => decoded.getChannelData(index))
    return {sampleRateHz: decoded.sampleRate, channels}
  } catch (cause) {
    throw new CrateError('AUDIO_UNDECODABLE', 'the audio cannot be decoded', {cause})
  }
}

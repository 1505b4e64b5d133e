// Decoding in this process by node-web-audio-api, which wraps the Symphonia decoders.
import {CrateError} from '../../core/errors.js'
import {loadWebAudio, type WebAudio} from './web-audio.js'

export interface DecodedWhole {
  readonly sampleRateHz: number
  readonly channels: Float32Array[]
}

let webAudio: WebAudio | null = null

/**
 * The whole of a coded file as float samples at its own rate, untrimmed.
 *
 * @param sampleRateHz of the file: a context of another rate would resample
 * @throws AUDIO_UNDECODABLE with the decoder's own words as cause, TOOL_FAILED where the decoder cannot be loaded
 */
export async function decodeNatively(bytes: Uint8Array<ArrayBuffer>, sampleRateHz: number): Promise<DecodedWhole> {
  webAudio ??= loadWebAudio()
  const {OfflineAudioContext} = webAudio
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  const buffer = isWhole ? bytes.buffer : bytes.slice().buffer
  try {
    const decoded = await new OfflineAudioContext(1, 1, sampleRateHz).decodeAudioData(buffer)
    const count = Math.min(2, decoded.numberOfChannels)
    // Copied, because `getChannelData` hands out memory that is freed with the AudioBuffer, whoever still looks at it
    // (seen in 1.0.9: after a garbage collection the samples of an older decode turn into those of a newer one).
    const channels = Array.from({length: count}, (_, index) => {
      const samples = new Float32Array(decoded.length)
      decoded.copyFromChannel(samples, index)
      return samples
    })
    return {sampleRateHz: decoded.sampleRate, channels}
  } catch (cause) {
    throw new CrateError('AUDIO_UNDECODABLE', 'the audio cannot be decoded', {cause})
  }
}

// A signal that lies nowhere on itself: kicks at odd distances over noise, so that correlation has one clear peak.
import {writeFileSync} from 'node:fs'

/** Interleaved stereo, 16 bits, the channels different. */
export function makeSignal(sampleRateHz: number, seconds: number): Int16Array {
  const frames = Math.round(sampleRateHz * seconds)
  const out = new Int16Array(frames * 2)
  let state = 1
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  let smooth = 0
  for (let index = 0; index < frames; index++) {
    const time = index / sampleRateHz
    const sinceKick = time % 0.47
    const kick = Math.sin(2 * Math.PI * 55 * sinceKick * (1 + 2 * Math.exp(-sinceKick * 30))) * Math.exp(-sinceKick * 8)
    smooth = smooth * 0.7 + noise() * 0.3
    const hat = smooth * 0.5 * Math.exp(-(time % 0.31) * 20)
    out[index * 2] = 18000 * (0.7 * kick + hat)
    out[index * 2 + 1] = 18000 * (0.5 * kick + hat + 0.1 * Math.sin(2 * Math.PI * 330 * time))
  }
  return out
}

export function writeWav16(path: string, samples: Int16Array, sampleRateHz: number, channels = 2): void {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRateHz, 24)
  header.writeUInt32LE(sampleRateHz * channels * 2, 28)
  header.writeUInt16LE(channels * 2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.byteLength, 40)
  writeFileSync(path, Buffer.concat([header, Buffer.from(samples.buffer)]))
}

/** The shift of `heard` against `original` at which they agree best, within ±`reach` samples, measured over half a second. */
export function lagBetween(original: Float32Array, heard: Float32Array, from: number, reach: number): number {
  const length = 20_000
  let best = {lag: 0, sum: Number.NEGATIVE_INFINITY}
  for (let lag = -reach; lag <= reach; lag++) {
    let sum = 0
    for (let index = from; index < from + length; index++) sum += (original[index] ?? 0) * (heard[index + lag] ?? 0)
    if (sum > best.sum) best = {lag, sum}
  }
  return best.lag
}

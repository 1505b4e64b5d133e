// One channel at the rate that Essentia's algorithms are made for.

export const RATE_HZ = 44_100

/** The mean of the channels at RATE_HZ: by the mean of the samples that fall together, or on lines between them. */
export function monoAtRate(channels: readonly Float32Array[], sampleRateHz: number): Float32Array {
  const mono = meanOf(channels)
  if (sampleRateHz === RATE_HZ) return mono
  const step = sampleRateHz / RATE_HZ
  const out = new Float32Array(Math.floor(mono.length / step))
  for (let n = 0; n < out.length; n++) out[n] = step > 1 ? meanBetween(mono, n * step, step) : valueAt(mono, n * step)
  return out
}

function meanOf(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), second] = channels
  return second === undefined ? first : first.map((value, index) => (value + (second[index] ?? 0)) / 2)
}

function valueAt(samples: Float32Array, position: number): number {
  const before = Math.floor(position)
  const [a = 0, b = a] = [samples[before], samples[before + 1]]
  return a + (b - a) * (position - before)
}

function meanBetween(samples: Float32Array, from: number, length: number): number {
  const [first, last] = [Math.floor(from), Math.min(samples.length - 1, Math.floor(from + length))]
  let sum = 0
  for (let n = first; n <= last; n++) sum += samples[n] ?? 0
  return sum / (last - first + 1)
}

// Peak over RMS in dB, and samples at full scale.
import type {Analyzer} from 'crate-dj/plugin'

const FULL_SCALE = 0.9999

export const analyzer: Analyzer = {
  analyze({channels}) {
    let [peak, sumOfSquares, count, clippedSamples] = [0, 0, 0, 0]
    for (const channel of channels)
      for (const value of channel) {
        const level = Math.abs(value)
        if (level > peak) peak = level
        if (level >= FULL_SCALE) clippedSamples++
        sumOfSquares += value * value
        count++
      }
    const rms = Math.sqrt(sumOfSquares / Math.max(1, count))
    // Silence has no crest factor: an honest null beats a guess.
    const crestDb = rms === 0 ? null : 20 * Math.log10(peak / rms)
    return {fields: {}, extra: {crestDb, clippedSamples}}
  },
}

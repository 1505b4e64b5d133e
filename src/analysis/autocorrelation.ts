// The autocorrelation of a long signal from windows of bounded length, so that two hours cost no more memory than ten minutes.
import {fftOfSize} from './fft.js'

/**
 * Mean autocorrelation at lags 0 … maxLag, mean removed per window, divided by its value at lag 0, each lag weighed by
 * the share of the window that it can be measured on. All zeros for a constant signal.
 */
export function autocorrelation(signal: Float32Array, maxLag: number): Float32Array {
  const windowSize = nextPowerOfTwo(Math.max(4, Math.min(signal.length, 4 * maxLag)))
  const fft = fftOfSize(2 * windowSize)
  const power = new Float64Array(2 * windowSize)
  const re = new Float64Array(2 * windowSize)
  const im = new Float64Array(2 * windowSize)
  for (let start = 0; start < signal.length; start += windowSize) {
    const part = signal.subarray(start, start + windowSize)
    if (part.length < windowSize / 4 && start > 0) break
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length
    re.fill(0)
    im.fill(0)
    for (let i = 0; i < part.length; i++) re[i] = (part[i] as number) - mean
    fft.transform(re, im)
    for (let k = 0; k < power.length; k++)
      power[k] = (power[k] as number) + (re[k] as number) ** 2 + (im[k] as number) ** 2
  }
  re.set(power)
  im.fill(0)
  fft.transform(re, im)
  const result = new Float32Array(maxLag + 1)
  const zero = re[0] as number
  if (!(zero > 1e-9)) return result
  const usual = Math.min(windowSize, signal.length)
  for (let lag = 0; lag <= maxLag && lag < usual; lag++)
    result[lag] = (re[lag] as number) / zero / Math.max(0.25, 1 - lag / usual)
  return result
}

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value))
}

/** The value at a fractional lag, linear between neighbours; 0 beyond the end. */
export function valueAtLag(acf: Float32Array, lag: number): number {
  const index = Math.floor(lag)
  if (index < 0 || index + 1 >= acf.length) return 0
  const share = lag - index
  return (acf[index] as number) * (1 - share) + (acf[index + 1] as number) * share
}

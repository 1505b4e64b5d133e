// The transform against the definition of the discrete Fourier transform.
import {describe, expect, it} from 'vitest'
import {Fft} from '../../src/analysis/fft.js'
import {randomNumbers} from './signals.js'

describe('Fft', () => {
  it.each([3, 0, 48, 2])('refuses the length %s', (size) => {
    expect(() => new Fft(size)).toThrow(RangeError)
  })

  it.each([4, 8, 16, 32, 128, 512])('gives the sum that defines it at length %s', (size) => {
    const random = randomNumbers(size)
    const re = Float64Array.from({length: size}, () => random() - 0.5)
    const im = Float64Array.from({length: size}, () => random() - 0.5)
    const wanted = Array.from({length: size}, (_, k) => {
      let sumRe = 0
      let sumIm = 0
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * k * n) / size
        sumRe += (re[n] ?? 0) * Math.cos(angle) - (im[n] ?? 0) * Math.sin(angle)
        sumIm += (re[n] ?? 0) * Math.sin(angle) + (im[n] ?? 0) * Math.cos(angle)
      }
      return [sumRe, sumIm] as const
    })
    new Fft(size).transform(re, im)
    for (const [k, [sumRe, sumIm]] of wanted.entries()) {
      expect(re[k]).toBeCloseTo(sumRe, 9)
      expect(im[k]).toBeCloseTo(sumIm, 9)
    }
  })
})

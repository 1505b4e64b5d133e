// The decimator keeps what lies below its edge where it stood, and nothing of what lies above.
import {describe, expect, it} from 'vitest'
import {Decimator} from '../../src/analysis/decimator.js'
import {sine} from './signals.js'

function decimate(decimator: Decimator, input: Float32Array, blockLength: number): number[] {
  const out: number[] = []
  for (let at = 0; at < input.length; at += blockLength)
    out.push(...decimator.pushRest(decimator.pushFirst(input.subarray(at, at + blockLength))))
  out.push(...decimator.pushRest(decimator.finishFirst()), ...decimator.finishRest())
  return out
}

describe('Decimator', () => {
  it.each([
    [8000, 8000],
    [11_025, 11_025],
    [22_050, 11_025],
    [32_000, 8000],
    [44_100, 11_025],
    [48_000, 12_000],
    [96_000, 12_000],
    [192_000, 12_000],
  ])('brings %s Hz to %s Hz', (from, to) => {
    expect(new Decimator(from).outputRateHz).toBe(to)
  })

  it.each([44_100, 96_000])('moves a low tone by nothing at %s Hz', (rateHz) => {
    const decimator = new Decimator(rateHz)
    const out = decimate(decimator, sine(300, 0.5, 0.5, rateHz).channels[0], 1000)
    const wanted = sine(300, 0.5, 0.5, decimator.outputRateHz).channels[0]
    for (let i = 100; i < wanted.length - 100; i++)
      expect(Math.abs((out[i] ?? 0) - (wanted[i] ?? 0))).toBeLessThan(0.002)
  })

  it('lets nothing of 8 kHz fold into 11 kHz', () => {
    const out = decimate(new Decimator(44_100), sine(8000, 1, 0.5).channels[0], 4096)
    expect(Math.max(...out.slice(200, -200).map(Math.abs))).toBeLessThan(0.003)
  })

  it('gives the same whatever the length of the blocks', () => {
    const input = sine(1000, 0.8, 0.2).channels[0]
    expect(decimate(new Decimator(44_100), input, 13)).toEqual(decimate(new Decimator(44_100), input, 5000))
  })
})

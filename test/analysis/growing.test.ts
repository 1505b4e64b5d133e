// Values that arrive one by one come out as they went in, also across the parts in which they are kept.
import {describe, expect, it} from 'vitest'
import {GrowingFloats} from '../../src/analysis/growing.js'

function filled(count: number): GrowingFloats {
  const values = new GrowingFloats()
  for (let i = 0; i < count; i++) values.push(i)
  return values
}

describe('GrowingFloats', () => {
  it.each([0, 1, 16_383, 16_384, 16_385, 50_000])('gives back %i values', (count) => {
    const values = filled(count)
    expect(values.length).toBe(count)
    expect([...values.take(count)]).toEqual(Array.from({length: count}, (_, i) => i))
  })

  it('gives the first ones where fewer are asked for, and all where more are', () => {
    expect([...filled(40_000).take(20_000)].at(-1)).toBe(19_999)
    expect(filled(7).take(100)).toHaveLength(7)
  })

  it('keeps nothing of what was taken, and starts anew', () => {
    const values = filled(20_000)
    values.take(20_000)
    expect(values.length).toBe(0)
    values.push(3)
    expect([...values.take(1)]).toEqual([3])
  })
})

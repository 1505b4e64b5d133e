// How long a service is left alone, and when it is left for another day.
import {describe, expect, it} from 'vitest'
import {MOST_TRIES, pauseBefore, pauseOfHost} from '../../../src/core/download/back-off.js'

describe('pauseBefore', () => {
  it('doubles with each try and ends after the last', () => {
    expect([2, 3, 4, 5].map((attempt) => pauseBefore(attempt, 1000, 0.5))).toEqual([1000, 2000, 4000, 8000])
    expect(pauseBefore(MOST_TRIES + 1, 1000, 0.5)).toBeNull()
  })
})

describe('pauseOfHost', () => {
  it('grows with the answers in a row, not only with the tries of one piece', () => {
    expect([1, 4, 10, 15, 20, 400].map((inARow) => pauseOfHost(inARow, 2, 1000, 0.5))).toEqual([
      1000, 1000, 2000, 4000, 8000, 8000,
    ])
  })

  it('is nothing where the person wants none', () => {
    expect(pauseOfHost(50, 5, 0, 1)).toBe(0)
  })
})

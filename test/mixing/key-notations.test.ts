import {describe, expect, it} from 'vitest'
import {camelotFromKey, parseKey} from '../../src/core/key.js'

describe('parseKey', () => {
  it.each([
    ['8A', '8A'],
    ['02A', '2A'],
    ['12b', '12B'],
    ['1m', '8A'],
    ['1d', '8B'],
    ['11m', '6A'],
    ['Am', '8A'],
    ['f♯', '11A'],
    ['e♭', '2A'],
    ['B♭', '6B'],
    ['Ebm', '2A'],
    ['D♯ minor', '2A'],
    ['A Minor', '8A'],
    ['C MAJOR', '8B'],
    ['c♯/g♯', '12A'],
    ['d/A', '7A'],
    ['7A/8A', '7A'],
    ['12A/2A', '12A'],
    ['8A - Energy 6', '8A'],
    ['H moll', '10A'],
    ['Cb', '1B'],
  ])('reads %s', (text, camelot) => {
    const key = parseKey(text)
    expect(key === null ? null : camelotFromKey(key)).toBe(camelot)
  })

  it.each(['off', 'o', '', '  ', '0A', '13A', '8C', 'All', 'Ambient', 'Am7', '128', 'Bass', 'A really long remark'])(
    'finds no key in %s',
    (text) => {
      expect(parseKey(text)).toBeNull()
    },
  )
})

// Folded text: what must be the same for a search, and what must not.
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {compareText, fold} from '../../../src/core/query/fold.js'

describe('fold', () => {
  it.each([
    ['Beyoncé', 'beyonce'],
    ['BEYONCE\u0301', 'beyonce'],
    ['Røyksopp', 'Royksopp'],
    ['Ärzte Straße', 'arzte STRASSE'],
    ['Дай ёлку', 'даи елку'],
    ['ΟΔΟΣ', 'οδός'],
    ['Ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
    ['Don’t – Stop', "don't - stop"],
    ['a \t\n b', 'a b'],
    ['İstanbul', 'istanbul'],
  ])('%s is %s', (a, b) => {
    expect(fold(a)).toBe(fold(b))
  })

  it.each([
    ['が', 'か'],
    ['각', '가'],
    ['a', 'b'],
  ])('%s does not contain %s', (a, b) => {
    expect(fold(a)).not.toContain(fold(b))
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 30}), (text) => fold(fold(text)) === fold(text)),
      {numRuns: 2000},
    )
  })
})

describe('compareText', () => {
  it('orders by code point, as the bytes of UTF-8 do', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), fc.string({unit: 'binary'}), (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b))
        return Math.sign(compareText(a, b)) === expected
      }),
      {numRuns: 2000},
    )
  })
})

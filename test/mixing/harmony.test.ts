import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {keyFromIndex, type MusicalKey, parseKey, transposeKey} from '../../src/core/key.js'
import {describeMove, harmonicMove, heardKey, type MoveKind, pitchedScore} from '../../src/mixing/harmony.js'

function key(name: string): MusicalKey {
  const parsed = parseKey(name)
  if (parsed === null) throw new Error(`${name} is no key`)
  return parsed
}

/** A fifth up is a fourth down on the way back, and so on; all other moves are their own way back. */
const INVERSES: Partial<Record<MoveKind, MoveKind>> = {
  'fifth-up': 'fifth-down',
  'fifth-down': 'fifth-up',
  'energy-boost': 'energy-drop',
  'energy-drop': 'energy-boost',
  'semitone-up': 'semitone-down',
  'semitone-down': 'semitone-up',
}

const anyKey = fc.integer({min: 0, max: 23}).map(keyFromIndex)

/** Scale notes by interval, from any theory book: the count of shared notes is an independent measure of nearness. */
function notesOf({tonic, mode}: MusicalKey): Set<number> {
  const pitch = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'].indexOf(tonic)
  const steps = mode === 'major' ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10]
  return new Set(steps.map((step) => (pitch + step) % 12))
}

function sharedNotes(a: MusicalKey, b: MusicalKey): number {
  const other = notesOf(b)
  return [...notesOf(a)].filter((note) => other.has(note)).length
}

describe('harmonicMove', () => {
  it.each([
    ['Am', 'Am', 'same'],
    ['Am', 'Em', 'fifth-up'],
    ['Am', 'Dm', 'fifth-down'],
    ['C', 'G', 'fifth-up'],
    ['C', 'F', 'fifth-down'],
    ['Am', 'C', 'relative'],
    ['C', 'Am', 'relative'],
    ['Am', 'Bm', 'energy-boost'],
    ['Am', 'Gm', 'energy-drop'],
    ['Am', 'Bbm', 'semitone-up'],
    ['C', 'C#', 'semitone-up'],
    ['Am', 'G#m', 'semitone-down'],
    ['Am', 'F', 'mediant'],
    ['C', 'Em', 'mediant'],
    ['Am', 'G', 'diagonal'],
    ['C', 'Dm', 'diagonal'],
    ['Am', 'A', 'parallel'],
    ['A', 'Am', 'parallel'],
    ['Cm', 'C', 'parallel'],
    ['Am', 'Cm', 'minor-third'],
    ['Am', 'C#m', 'major-third'],
    ['Am', 'Ebm', 'tritone'],
    ['C', 'F#', 'tritone'],
  ])('%s to %s is %s', (from, to, kind) => {
    expect(harmonicMove(key(from), key(to)).kind).toBe(kind)
  })

  it('scores the same whatever the pitch: transposing both keys changes nothing', () => {
    fc.assert(
      fc.property(anyKey, anyKey, fc.integer({min: -24, max: 24}), (from, to, semitones) => {
        const moved = harmonicMove(transposeKey(from, semitones), transposeKey(to, semitones))
        expect(moved).toEqual(harmonicMove(from, to))
      }),
    )
  })

  it('stays between 0 and 1, and only the same key is perfect', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (from, to) => {
        const {score, lift} = harmonicMove(from, to)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
        expect(Math.abs(lift)).toBeLessThanOrEqual(1)
        expect(score === 1).toBe(from.tonic === to.tonic && from.mode === to.mode)
      }),
    )
  })

  it('goes back by the inverse move, with the opposite lift within a mode', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (from, to) => {
        const there = harmonicMove(from, to)
        const back = harmonicMove(to, from)
        expect(back.kind).toBe(INVERSES[there.kind] ?? there.kind)
        expect(back.lift + there.lift).toBeCloseTo(0)
      }),
    )
  })

  it('grades no move that shares six or seven notes below one that shares three or fewer', () => {
    for (let a = 0; a < 24; a++)
      for (let b = 0; b < 24; b++)
        for (let c = 0; c < 24; c++) {
          const [from, near, far] = [keyFromIndex(a), keyFromIndex(b), keyFromIndex(c)]
          if (sharedNotes(from, near) >= 6 && sharedNotes(from, far) <= 3)
            expect(harmonicMove(from, near).score).toBeGreaterThan(harmonicMove(from, far).score)
        }
  })

  it('puts the tritone last', () => {
    const scores = Array.from({length: 24}, (_, to) => harmonicMove(key('Am'), keyFromIndex(to)).score)
    expect(Math.min(...scores)).toBe(harmonicMove(key('Am'), key('Ebm')).score)
  })
})

describe('describeMove', () => {
  it.each([
    ['Am', 'Em', 'camelot', '8A → 9A, up a fifth'],
    ['Am', 'C', 'open-key', '1m → 1d, relative major'],
    ['Ebm', 'Bbm', 'musical', 'Ebm → Bbm, up a fifth'],
    ['A', 'Am', 'camelot', '11B → 8A, parallel minor'],
  ] as const)('says %s to %s in %s', (from, to, notation, text) => {
    expect(describeMove(key(from), key(to), notation)).toBe(text)
  })
})

describe('heardKey', () => {
  it.each([
    [0, 'Am', 0],
    [5.9463, 'Bbm', 0],
    [-5.6126, 'G#m', 0],
    [2.9302, 'Bbm', -50],
    [100, 'Am', 0],
  ])('pitched by %f %% Am sounds as %s', (pitchPercent, name, offCents) => {
    const heard = heardKey(key('Am'), pitchPercent)
    if (Math.abs(offCents) < 50) expect(heard.key).toEqual(key(name))
    expect(Math.abs(heard.offCents)).toBeCloseTo(Math.abs(offCents), 1)
  })

  it('is +7 on the wheel for a semitone up', () => {
    expect(heardKey(key('8A'), 5.9463).key).toEqual(key('3A'))
  })
})

describe('pitchedScore', () => {
  it('falls as a track goes out of tune, and is the plain score in tune', () => {
    expect(pitchedScore(key('Am'), key('Am'), 0)).toBe(1)
    expect(pitchedScore(key('Am'), key('Am'), 2.5)).toBeLessThan(0.8)
    expect(pitchedScore(key('Bbm'), key('Am'), 5.9463)).toBeCloseTo(1)
  })
})

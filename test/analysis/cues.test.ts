// Cues and mix points from sections: which pads, which names, and never more than asked for.
import {describe, expect, it} from 'vitest'
import {cuesFromSections, findMixPoints} from '../../src/analysis/cues.js'
import {DEFAULT_CUE_SCHEME} from '../../src/core/cue-scheme.js'
import type {Section, SectionLabel} from '../../src/core/track.js'

const NO_MIX = {mixInMs: null, mixOutMs: null}

function sectionsOf(...labels: readonly SectionLabel[]): Section[] {
  return labels.map((label, i) => ({label, startMs: i * 30_000, endMs: (i + 1) * 30_000, bars: 16}))
}

describe('cuesFromSections', () => {
  it('makes none without sections', () => {
    expect(cuesFromSections([], NO_MIX, DEFAULT_CUE_SCHEME)).toEqual([])
  })

  it('puts the starts on pads in order of time, numbered where a name comes twice', () => {
    const cues = cuesFromSections(sectionsOf('intro', 'drop', 'break', 'drop', 'outro'), NO_MIX, DEFAULT_CUE_SCHEME)
    expect(cues.map(({slot, name, positionMs}) => [slot, name, positionMs])).toEqual([
      [0, 'Intro', 0],
      [1, 'Drop 1', 30_000],
      [2, 'Break', 60_000],
      [3, 'Drop 2', 90_000],
      [4, 'Outro', 120_000],
    ])
  })

  it('keeps the drops, the intro and the outro where there are more sections than pads', () => {
    const sections = sectionsOf('intro', 'verse', 'build', 'drop', 'break', 'verse', 'build', 'drop', 'break', 'outro')
    const cues = cuesFromSections(sections, NO_MIX, {...DEFAULT_CUE_SCHEME, hotCues: 4})
    expect(cues.map(({name}) => name)).toEqual(['Intro', 'Drop 1', 'Drop 2', 'Outro'])
  })

  it('never fills more than eight pads', () => {
    const many = sectionsOf(...Array.from({length: 20}, (): SectionLabel => 'verse'))
    expect(cuesFromSections(many, NO_MIX, {...DEFAULT_CUE_SCHEME, hotCues: 99})).toHaveLength(8)
  })

  it('takes names and colours from the scheme and says that analysis made them', () => {
    const looks = {...DEFAULT_CUE_SCHEME.looks, drop: {name: 'Ab geht’s', colorRgb: null}}
    const [cue] = cuesFromSections(sectionsOf('drop'), NO_MIX, {...DEFAULT_CUE_SCHEME, looks})
    expect(cue).toMatchObject({kind: 'hot', name: 'Ab geht’s', colorRgb: null, origin: 'analysis', lengthMs: null})
  })

  it('adds memory cues for mixing unless the scheme says no', () => {
    const mix = {mixInMs: 0, mixOutMs: 90_000}
    const kinds = cuesFromSections([], mix, DEFAULT_CUE_SCHEME).map(({kind, slot, name}) => [kind, slot, name])
    expect(kinds).toEqual([
      ['memory', null, 'Mix in'],
      ['memory', null, 'Mix out'],
    ])
    expect(cuesFromSections([], mix, {...DEFAULT_CUE_SCHEME, hasMemoryCues: false})).toEqual([])
  })
})

describe('findMixPoints', () => {
  const downbeatsMs = Array.from({length: 100}, (_, bar) => 250 + bar * 2000)

  it('has none without a grid', () => {
    expect(findMixPoints([], [], null)).toEqual(NO_MIX)
  })

  it('leaves at the outro', () => {
    expect(findMixPoints(sectionsOf('drop', 'outro'), downbeatsMs, 500)).toEqual({mixInMs: 250, mixOutMs: 30_000})
  })

  it('leaves 16 bars before the last downbeat where there is no outro', () => {
    expect(findMixPoints(sectionsOf('drop'), downbeatsMs, 500).mixOutMs).toBe(250 + 83 * 2000)
  })
})

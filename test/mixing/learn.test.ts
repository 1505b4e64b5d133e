import {describe, expect, it} from 'vitest'
import {keyFromIndex} from '../../src/core/key.js'
import {prepareCandidates} from '../../src/mixing/candidates.js'
import {setsFromPlays} from '../../src/mixing/history.js'
import {explainLearnt, learnModel} from '../../src/mixing/learn.js'
import {blankTrack} from '../../src/mixing/mix-track.js'
import {DEFAULT_MODEL, DEFAULT_WEIGHTS} from '../../src/mixing/model.js'

let state = 1
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 4_294_967_296
}
const TABLE = prepareCandidates(
  Array.from({length: 400}, (_, n) => ({
    ...blankTrack(`t${n}`),
    tempoBpm: 90 + random() * 60,
    key: keyFromIndex(Math.floor(random() * 24)),
  })),
)

/** Sets of a made-up DJ who always goes on to the nearest tempo, or to the same key, among what is not played yet. */
function setsBy(rule: 'tempo' | 'key', count: number): string[][] {
  const left = new Set(TABLE.tracks)
  return Array.from({length: count}, () => {
    let current = [...left][Math.floor(random() * left.size)]
    const set: string[] = []
    for (let n = 0; n < 12 && current !== undefined; n++) {
      const {id, tempoBpm, key} = current
      set.push(id)
      left.delete(current)
      current = [...left].find((one) =>
        rule === 'tempo'
          ? Math.abs((one.tempoBpm ?? 0) - (tempoBpm ?? 0)) < 1.5
          : one.key?.tonic === key?.tonic && one.key?.mode === key?.mode,
      )
    }
    return set
  })
}

describe('learnModel', () => {
  it('falls back to the defaults with little or no history, and says so', () => {
    for (const sets of [[], [['t1', 't2', 't3']], [['nobody', 'nowhere']]]) {
      const learnt = learnModel(TABLE, sets)
      expect(learnt.model).toEqual(DEFAULT_MODEL)
      expect(explainLearnt(learnt)[0]).toMatch(/too little/i)
    }
    expect(learnModel(prepareCandidates([]), [['a', 'b']]).model).toEqual(DEFAULT_MODEL)
  })

  it('tells a DJ who mixes by tempo from one who mixes by key', () => {
    const byTempo = learnModel(TABLE, setsBy('tempo', 25)).model.weights
    const byKey = learnModel(TABLE, setsBy('key', 25)).model.weights
    expect(byTempo.tempoTight + byTempo.tempo).toBeGreaterThan(byKey.tempoTight + byKey.tempo + 0.5)
    expect(byKey.key).toBeGreaterThan(byTempo.key + 0.5)
  })

  it('stays at the defaults for what the history says nothing about', () => {
    const {weights} = learnModel(TABLE, setsBy('key', 25)).model
    expect(weights.energy).toBeCloseTo(DEFAULT_WEIGHTS.energy, 3)
    expect(weights.sound).toBeCloseTo(DEFAULT_WEIGHTS.sound, 3)
  })

  it('gives the same model each time, small, and alive after JSON', () => {
    const sets = setsBy('key', 20)
    const {model} = learnModel(TABLE, sets)
    expect(learnModel(TABLE, sets).model).toEqual(model)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
    expect(JSON.stringify(model).length).toBeLessThan(1000)
  })
})

describe('setsFromPlays', () => {
  it('cuts by the gap, drops what was only cued, and counts a reload once', () => {
    const minute = 60_000
    const play = (id: string, at: number, played: number | null) => ({
      id,
      startedAtMs: at * minute,
      playedMs: played === null ? null : played * 1000,
    })
    expect(
      setsFromPlays([play('c', 600, null), play('a', 0, 200), play('cue', 3, 5), play('a', 4, 100), play('b', 8, 180)]),
    ).toEqual([['a', 'b'], ['c']])
    expect(setsFromPlays([])).toEqual([])
  })
})

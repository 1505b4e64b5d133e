// The parts of the beat search on signals made for them.
import {describe, expect, it} from 'vitest'
import {autocorrelation} from '../../src/analysis/autocorrelation.js'
import {beatsOfClock, bentClock, constantClock} from '../../src/analysis/beat-clock.js'
import {gridOfBeats} from '../../src/analysis/grid-segments.js'
import {analyzePcm} from '../../src/analysis/track-analyzer.js'
import {beatsOfGrid} from '../../src/core/beat-grid.js'
import {addHit, drumLoop, type Stereo, silence} from './signals.js'

describe('autocorrelation', () => {
  it('is all zeros for a constant signal', () => {
    expect([...autocorrelation(new Float32Array(1000).fill(3), 50)].every((value) => value === 0)).toBe(true)
  })

  it('is 1 at the period of a pulse train, also over several windows', () => {
    const pulses = Float32Array.from({length: 40_000}, (_, i) => (i % 50 === 0 ? 1 : 0))
    const acf = autocorrelation(pulses, 200)
    for (const lag of [0, 50, 100, 150]) expect(acf[lag]).toBeCloseTo(1, 1)
    for (const lag of [25, 75, 120]) expect(acf[lag]).toBeLessThan(0.05)
  })
})

describe('beat clocks', () => {
  it.each([
    ['constant', constantClock(80)],
    ['bent', bentClock([0, 80, 165, 255, 350])],
  ])('the %s one turns frames into turns and back', (_name, clock) => {
    for (const turns of [-1.5, 0, 0.25, 2, 3.9, 6]) expect(clock.turnsAt(clock.frameAt(turns))).toBeCloseTo(turns, 6)
  })

  it('lists the beats at an offset', () => {
    expect(beatsOfClock(constantClock(100), 0.25, 0, 330)).toEqual([25, 125, 225, 325])
  })
})

describe('gridOfBeats', () => {
  it('needs one marker for a constant tempo', () => {
    const beats = Array.from({length: 129}, (_, n) => 500 + n * 480)
    expect(gridOfBeats(beats, 0)).toHaveLength(1)
    expect(gridOfBeats(beats, 0)[0]).toMatchObject({positionMs: 500, beatInBar: 1})
    expect(gridOfBeats(beats, 0)[0]?.tempoBpm).toBeCloseTo(125, 6)
  })

  it('follows a tempo that rises within 10 ms with few markers, and keeps counting the beats', () => {
    const beats = [0]
    for (let n = 1; n < 257; n++) beats.push((beats[n - 1] ?? 0) + 500 - 0.28 * n)
    const grid = gridOfBeats(beats, 0)
    expect(grid.length).toBeLessThan(30)
    const found = beatsOfGrid(grid, (beats.at(-1) ?? 0) + 1).map((beat) => beat.positionMs)
    for (const [n, beat] of beats.slice(0, 250).entries()) expect(Math.abs((found[n] ?? 0) - beat)).toBeLessThan(10)
  })

  it('has no marker for less than a bar', () => {
    expect(gridOfBeats([0, 500, 1000], 0)).toEqual([])
  })
})

describe('tempo and octave', () => {
  it('counts a row of equal clicks at 174 as 174, and gives the half as the other octave', () => {
    const sound = silence(40)
    for (let atMs = 100; atMs < 40_000; atMs += 60_000 / 174) addHit(sound, atMs, 1500, 0.5, 15)
    const {analysis} = analyzePcm(sound)
    expect(analysis.tempoBpm).toBeCloseTo(174, 2)
    expect(analysis.tempoAlternativesBpm[0]).toBeCloseTo(87, 2)
  })

  it('does not read a swung hip-hop beat of 86 BPM as 172', () => {
    const sound = silence(60)
    const periodMs = 60_000 / 86
    for (let beat = 0; beat * periodMs < 59_000; beat++) {
      const atMs = 200 + beat * periodMs
      if (beat % 4 === 0 || beat % 4 === 2) addHit(sound, atMs, 55, 0.6, 90)
      if (beat % 4 === 1) addHit(sound, atMs + periodMs * 0.5, 55, 0.4, 90)
      if (beat % 2 === 1) addHit(sound, atMs, 1800, 0.4, 50)
      addHit(sound, atMs, 6000, 0.1, 10)
      addHit(sound, atMs + periodMs * 0.5, 6000, 0.08, 10)
    }
    expect(analyzePcm(sound).analysis.tempoBpm).toBeCloseTo(86, 1)
  })

  it('tells two songs of different tempo apart from one', () => {
    const [first, second] = [drumLoop(122, 90, 0), drumLoop(134, 90, 0)]
    const channels = [0, 1].map((channel) => {
      const joined = new Float32Array(180 * 44_100)
      joined.set(first.channels[channel as 0 | 1])
      joined.set(second.channels[channel as 0 | 1], 90 * 44_100)
      return joined
    })
    const {analysis, durationMs} = analyzePcm({sampleRateHz: 44_100, channels})
    expect(analysis.isTempoVariable).toBe(true)
    const beats = beatsOfGrid(analysis.beatGrid, durationMs).map((beat) => beat.positionMs)
    const near = (ms: number): number => Math.min(...beats.map((beat) => Math.abs(beat - ms)))
    for (let n = 20; n < 150; n += 10) expect(near((n * 60_000) / 122)).toBeLessThan(30)
    for (let n = 20; n < 150; n += 10) expect(near(90_000 + (n * 60_000) / 134)).toBeLessThan(30)
  })
})

/** Kick, snare and hats whose beats stand where a tempo curve puts them. */
function drumsAt(beatsMs: readonly number[]): Stereo {
  const sound = silence((beatsMs.at(-1) ?? 0) / 1000 + 1)
  for (const [beat, atMs] of beatsMs.entries()) {
    const next = beatsMs[beat + 1] ?? atMs + 500
    addHit(sound, atMs, 55, 0.6, 80)
    addHit(sound, atMs, 3000, 0.1, 4)
    if (beat % 2 === 1) addHit(sound, atMs, 1800, 0.25, 40)
    addHit(sound, (atMs + next) / 2, 5000, 0.2, 30)
  }
  return sound
}

function beatsAtTempo(seconds: number, bpmAt: (seconds: number) => number): number[] {
  const beatsMs = [500]
  for (let at = 0.5; at < seconds; beatsMs.push(at * 1000)) at += 60 / bpmAt(at)
  return beatsMs
}

describe('tempo that moves', () => {
  it.each([
    ['wanders by 2 %', beatsAtTempo(80, (at) => 118 * (1 + 0.02 * Math.sin((2 * Math.PI * at) / 45)))],
    ['steps by 4 %', beatsAtTempo(80, (at) => (at < 40 ? 122 : 126.88))],
    ['goes from 100 to 128', beatsAtTempo(90, (at) => (at < 40 ? 100 : 128))],
  ])('is followed beat by beat where it %s', (_name, beatsMs) => {
    const {analysis, durationMs} = analyzePcm(drumsAt(beatsMs))
    expect(analysis.isTempoVariable).toBe(true)
    const found = beatsOfGrid(analysis.beatGrid, durationMs).map((beat) => beat.positionMs)
    const near = beatsMs.filter((ms) => found.some((other) => Math.abs(other - ms) < 30))
    expect(near.length / beatsMs.length).toBeGreaterThan(0.93)
  })

  it('stays one where the beat only rests for half a minute', () => {
    const beatsMs = Array.from({length: 160}, (_, n) => 500 + n * 480).filter((_, n) => n < 64 || n >= 128)
    const {analysis} = analyzePcm(drumsAt(beatsMs))
    expect(analysis.isTempoVariable).toBe(false)
    expect(analysis.tempoBpm).toBeCloseTo(125, 1)
    expect(analysis.beatGrid).toHaveLength(1)
  })
})

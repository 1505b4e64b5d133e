// Beat grids between crate and Serato: every beat stands where it stood, and nothing stands before the start.
import {describe, expect, it} from 'vitest'
import {gridFromSerato, gridToSerato} from '../../../exporters/serato/tags/grid.js'
import {type BeatGrid, beatsOfGrid} from '../../../src/core/beat-grid.js'

const marker = (positionMs: number, tempoBpm: number, beatInBar = 1) => ({positionMs, tempoBpm, beatInBar})

/** Positions of all beats of Serato's grid, counted here by hand: evenly between markers, by tempo after the last. */
function seratoBeatsMs(grid: ReturnType<typeof gridToSerato>, endMs: number): number[] {
  if (grid === null || grid.last === null) return []
  const beats: number[] = []
  for (const [index, {positionSeconds, beatsToNext}] of grid.markers.entries()) {
    const next = grid.markers[index + 1] ?? grid.last
    const step = (next.positionSeconds - positionSeconds) / beatsToNext
    for (let n = 0; n < beatsToNext; n++) beats.push((positionSeconds + n * step) * 1000)
  }
  const step = 60 / grid.last.tempoBpm
  for (let at = grid.last.positionSeconds; at * 1000 < endMs; at += step) beats.push(at * 1000)
  return beats
}

describe('gridToSerato', () => {
  it.each<[string, BeatGrid, number, unknown]>([
    ['a constant grid', [marker(250, 115)], 0, {markers: [], last: {positionSeconds: 0.25, tempoBpm: 115}}],
    ['a shift', [marker(255, 115)], 50, {markers: [], last: {positionSeconds: 0.305, tempoBpm: 115}}],
    // 120 BPM: beats every 500 ms; −1600 ms is a downbeat, so are 400 and every 2000 ms on.
    [
      'a negative start, moved by whole bars',
      [marker(-1600, 120)],
      0,
      {markers: [], last: {positionSeconds: 0.4, tempoBpm: 120}},
    ],
    [
      'a start on beat 3, moved to the downbeat',
      [marker(100, 120, 3)],
      0,
      {markers: [], last: {positionSeconds: 1.1, tempoBpm: 120}},
    ],
    [
      'a tempo change after whole beats',
      [marker(0, 120), marker(8000, 125)],
      0,
      {markers: [{positionSeconds: 0, beatsToNext: 16}], last: {positionSeconds: 8, tempoBpm: 125}},
    ],
    [
      // The last beat that is 0.4 or more before the new marker is the 15th at 7500; one beat stretches over 750 ms.
      'a jump by half a beat',
      [marker(0, 120), marker(8250, 120)],
      0,
      {
        markers: [
          {positionSeconds: 0, beatsToNext: 16},
          {positionSeconds: 8, beatsToNext: 1},
        ],
        last: {positionSeconds: 8.25, tempoBpm: 120},
      },
    ],
    [
      // 300 beats of 128 BPM written as 127.99: the end is 11 ms off, which rounding explains.
      'rounded tempos over many beats',
      [marker(0, 127.996), marker(140_625, 128)],
      0,
      {markers: [{positionSeconds: 0, beatsToNext: 300}], last: {positionSeconds: 140.625, tempoBpm: 128}},
    ],
  ])('%s', (_name, grid, shiftMs, expected) => {
    expect(gridToSerato(grid, shiftMs)).toEqual(expected)
  })

  it('has nothing for a grid without tempo', () => {
    expect(gridToSerato([], 0)).toBeNull()
    expect(gridToSerato([marker(0, 0)], 0)).toBeNull()
    expect(gridToSerato([marker(Number.NaN, 120)], 0)).toBeNull()
  })

  it('keeps every beat of a played track within the rounding of its markers', () => {
    const grid: BeatGrid = [
      marker(320, 118.2),
      marker(320 + 32 * 507.614, 121.7),
      marker(45_120.5, 119, 1),
      marker(90_001, 140),
    ]
    const ours = beatsOfGrid(grid, 120_000)
      .map(({positionMs}) => positionMs)
      .filter((ms) => ms >= 319)
    const theirs = seratoBeatsMs(gridToSerato(grid, 0), 120_000)
    expect(theirs).toHaveLength(ours.length)
    for (const [index, ms] of ours.entries()) expect(Math.abs((theirs[index] ?? Number.NaN) - ms)).toBeLessThan(4)
  })

  it('drops a first marker that lies whole before the start', () => {
    expect(
      gridToSerato([marker(-4000, 120), marker(-100, 125), marker(30_000, 126)], 0)?.markers[0]?.positionSeconds,
    ).toBeCloseTo(1.82)
  })
})

describe('gridFromSerato', () => {
  it('counts beats of the bar from the first marker on', () => {
    const grid = gridFromSerato(
      {markers: [{positionSeconds: 0.5, beatsToNext: 6}], last: {positionSeconds: 3.5, tempoBpm: 100}},
      -50,
    )
    expect(grid).toEqual([marker(450, 120), marker(3450, 100, 3)])
  })

  it('leaves out markers without a tempo', () => {
    const last = {positionSeconds: 1, tempoBpm: 120}
    expect(gridFromSerato({markers: [{positionSeconds: 1, beatsToNext: 4}], last}, 0)).toEqual([marker(1000, 120)])
    expect(gridFromSerato({markers: [], last: null}, 0)).toEqual([])
    expect(gridFromSerato({markers: [], last: {positionSeconds: Number.NaN, tempoBpm: 1}}, 0)).toEqual([])
  })
})

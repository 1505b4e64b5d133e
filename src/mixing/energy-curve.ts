// The course of energy that a set is meant to take.
import {CrateError} from '../core/errors.js'

export interface CurvePoint {
  /** Share of the set, 0 to 1. */
  readonly at: number
  /** 1 to 10. */
  readonly energy: number
}

export type EnergyCurve = 'warm-up' | 'peak' | 'journey' | readonly CurvePoint[]

const SHAPES: Readonly<Record<'warm-up' | 'peak' | 'journey', readonly CurvePoint[]>> = {
  'warm-up': [
    {at: 0, energy: 3},
    {at: 1, energy: 6.5},
  ],
  peak: [
    {at: 0, energy: 6.5},
    {at: 0.7, energy: 9},
    {at: 1, energy: 8},
  ],
  journey: [
    {at: 0, energy: 3.5},
    {at: 0.35, energy: 6.5},
    {at: 0.5, energy: 5.5},
    {at: 0.8, energy: 9},
    {at: 1, energy: 5},
  ],
}

/**
 * The points of a curve in order.
 *
 * @throws CrateError USAGE for no points, or a point outside 0 to 1 or 1 to 10
 */
export function curvePoints(curve: EnergyCurve): readonly CurvePoint[] {
  if (typeof curve === 'string') return SHAPES[curve]
  const wrong = curve.find(({at, energy}) => !(at >= 0 && at <= 1 && energy >= 1 && energy <= 10))
  if (curve.length === 0 || wrong !== undefined)
    throw new CrateError(
      'USAGE',
      wrong === undefined
        ? 'the energy curve has no points'
        : `the energy curve has a point at ${wrong.at} with energy ${wrong.energy}`,
      {hints: ['Each point has a place from 0 (start) to 1 (end) and an energy from 1 to 10.'], details: {curve}},
    )
  return [...curve].sort((a, b) => a.at - b.at)
}

/** The energy wanted at a share of the set, straight lines between the points. */
export function energyAt(points: readonly CurvePoint[], at: number): number {
  let before = points[0]
  for (const point of points) {
    if (point.at >= at) {
      if (before === undefined || point.at === before.at) return point.energy
      return before.energy + ((point.energy - before.energy) * (at - before.at)) / (point.at - before.at)
    }
    before = point
  }
  return before?.energy ?? 5
}

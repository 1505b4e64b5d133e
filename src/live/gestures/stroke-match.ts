// How well a movement, or a whole take of several, fits each gesture that was learnt.
import type {MotionFrame} from '../../core/motion.js'
import {splitAtBreaks, trimRest} from './activity.js'
import {CURVE_BAND, comparable, pathFromFrames} from './curve.js'
import {type Curve, warpedDistance} from './dtw.js'
import {PARTS, type Part, type StrokeClass, type StrokeModel} from './stroke-model.js'

/** Ratio of distances that counts as e times likelier. */
const SHARPNESS = 0.4
/** One part alone never counts a gesture out: its take may have been cut elsewhere. */
const LEAST_LOG = -8

export interface StrokeMatch {
  readonly gesture: string
  readonly distance: number
  /** Distance over the threshold of its class: accepted below 1. */
  readonly ratio: number
  /** Distance over that of the next best gesture; 0 where there is no other. */
  readonly margin: number
}

/** Infinite where it is beyond `limit`. */
export function nearestDistance(
  curve: Curve,
  entry: StrokeClass,
  part: Part | null,
  limit = Number.POSITIVE_INFINITY,
): number {
  let best = limit
  for (const template of entry.templates) {
    if (part !== null && template.part !== part) continue
    if (template.curve.channels !== curve.channels) continue
    best = Math.min(best, warpedDistance(curve, template.curve, CURVE_BAND, best))
  }
  return best < limit ? best : Number.POSITIVE_INFINITY
}

/** The best gesture for one movement; null where nothing can be compared. */
export function matchCurve(model: StrokeModel, curve: Curve): StrokeMatch | null {
  let best: {entry: StrokeClass; distance: number} | null = null
  let second = Number.POSITIVE_INFINITY
  for (const entry of model.classes) {
    const distance = nearestDistance(curve, entry, null, second)
    if (best === null || distance < best.distance) {
      second = best?.distance ?? second
      best = {entry, distance}
    } else if (distance < second) second = distance
  }
  if (best === null || !Number.isFinite(best.distance)) return null
  const {entry, distance} = best
  return {gesture: entry.gesture, distance, ratio: distance / entry.threshold, margin: distance / second}
}

/** A take's first and last movement and the whole of it; where it has a single movement, that as first only. */
export function partsOfTake(frames: readonly MotionFrame[]): ReadonlyMap<Part, readonly MotionFrame[]> {
  const movements = splitAtBreaks(frames)
  const parts = new Map<Part, readonly MotionFrame[]>()
  parts.set('first', trimRest(movements[0] ?? frames))
  if (movements.length > 1) {
    parts.set('last', trimRest(movements.at(-1) ?? frames))
    parts.set('whole', frames)
  }
  return parts
}

export function curvesOfTake(frames: readonly MotionFrame[]): ReadonlyMap<Part, Curve> {
  return new Map([...partsOfTake(frames)].map(([part, of]) => [part, comparable(pathFromFrames(of))]))
}

/** Log probability of each gesture by its nearest distance; null where no gesture has that part. */
export function logLikelihoods(distances: readonly number[]): number[] | null {
  if (!distances.some(Number.isFinite)) return null
  const scores = distances.map((distance) => (Number.isFinite(distance) ? -Math.log(distance + 1e-4) / SHARPNESS : -20))
  const top = Math.max(...scores)
  const total = top + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0))
  return scores.map((score) => Math.max(score - total, LEAST_LOG))
}

/** Which gesture a whole take is: cut by hand, or by holding a button. */
export function classifyTake(model: StrokeModel, frames: readonly MotionFrame[]): StrokeMatch | null {
  const curves = curvesOfTake(frames)
  const scores = model.classes.map(() => 0)
  let nearest: readonly number[] = []
  for (const part of PARTS) {
    const curve = curves.get(part)
    if (curve === undefined) continue
    const distances = model.classes.map((entry) => nearestDistance(curve, entry, part))
    const logs = logLikelihoods(distances)
    if (logs === null) continue
    logs.forEach((log, index) => {
      scores[index] = (scores[index] ?? 0) + model.weights[part] * log
    })
    if (nearest.length === 0 || model.weights[part] > model.weights.first) nearest = distances
  }
  if (nearest.length === 0) return null
  const order = scores.map((_, index) => index).sort((a, b) => (scores[b] as number) - (scores[a] as number))
  const [first = 0, second] = order
  const entry = model.classes[first] as StrokeClass
  const distance = nearest[first] as number
  const margin =
    second === undefined ? 0 : Math.exp(SHARPNESS * ((scores[second] as number) - (scores[first] as number)))
  return {gesture: entry.gesture, distance, ratio: distance / entry.threshold, margin}
}

/** 0 to 1, one half at the threshold. */
export function confidenceOf(ratio: number): number {
  return 1 / (1 + ratio * ratio)
}

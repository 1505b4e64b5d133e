// How well a movement, or a whole take of several, fits each gesture that was learnt.
import type {MotionFrame} from '../../core/motion.js'
import {splitAtBreaks, trimRest} from './activity.js'
import {CURVE_BAND, pathFromFrames, turnedRound} from './curve.js'
import {type Curve, warpedDistance} from './dtw.js'
import {
  MOVEMENT_PARTS,
  type MovementPart,
  type Part,
  type StrokeClass,
  type StrokeModel,
  type StrokeTemplate,
  strokeTemplate,
} from './stroke-model.js'

/** What each part of a take weighs; chosen on half of the people. */
const PART_WEIGHTS: Readonly<Record<Part, number>> = {first: 0.5, last: 1, whole: 0.5}
/** In units of the distance at which likeness has fallen to 1/e: beyond it two parts have nothing to say to each other. */
const FAR = 7

export interface StrokeMatch {
  readonly gesture: string
  readonly distance: number
  /** Distance over the threshold of its class: accepted below 1. */
  readonly ratio: number
  /** How near the next best gesture comes: 0 where there is no other, 1 where it is as good. */
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

/** A take's first and last movement, without the rest around them; where it has a single one, that as first only. */
export function movementsOfTake(frames: readonly MotionFrame[]): ReadonlyMap<MovementPart, readonly MotionFrame[]> {
  const movements = splitAtBreaks(frames)
  const parts = new Map<MovementPart, readonly MotionFrame[]>([['first', trimRest(movements[0] ?? frames)]])
  if (movements.length > 1) parts.set('last', trimRest(movements.at(-1) ?? frames))
  return parts
}

export function templatesOfTake(frames: readonly MotionFrame[], isUpright: boolean): ReadonlyMap<Part, StrokeTemplate> {
  const templates = new Map<Part, StrokeTemplate>()
  for (const [part, movement] of movementsOfTake(frames))
    templates.set(part, strokeTemplate(part, pathFromFrames(movement), isUpright))
  const paced = frames.map((frame, index) => ({...frame, atMs: index}))
  templates.set('whole', strokeTemplate('whole', pathFromFrames(paced), isUpright))
  return templates
}

/**
 * How alike two parts are by their distance: what the part weighs at 0, nothing far away.
 *
 * @param scale distance at which it has fallen to 1/e
 */
export function likeness(part: Part, distance: number, scale: number): number {
  return PART_WEIGHTS[part] * Math.exp(-distance / scale)
}

/**
 * What a score counts of a take as if the sensor had been worn the other way round. Chosen on half of the people, whose
 * takes were turned round for it: they lost 1 % by it, and turned round were told as often instead of one time in five.
 */
const TURNED_TRUST = 0.8

function scoresOf(model: StrokeModel, curves: ReadonlyMap<Part, Curve>): number[] {
  const scores = model.classes.map(() => 0)
  for (const {part, curve, votes} of model.voters) {
    const own = curves.get(part)
    if (own === undefined || own.channels !== curve.channels) continue
    const scale = model.scales[part]
    const alike = likeness(part, warpedDistance(own, curve, CURVE_BAND, FAR * scale), scale)
    for (const [entry, vote] of votes.entries()) scores[entry] = (scores[entry] as number) + alike * vote
  }
  return scores
}

/** Which gesture a whole take is: cut by hand, or by holding a button. Null where nothing is like it at all. */
export function classifyTake(model: StrokeModel, frames: readonly MotionFrame[]): StrokeMatch | null {
  const worn = new Map([...templatesOfTake(frames, model.isUpright)].map(([part, {curve}]) => [part, curve]))
  const wornScores = scoresOf(model, worn)
  const turned = new Map([...worn].map(([part, curve]) => [part, turnedRound(curve)]))
  const turnedScores = model.isUpright ? scoresOf(model, turned) : null
  const isTurned = turnedScores !== null && TURNED_TRUST * Math.max(...turnedScores) > Math.max(...wornScores)
  const [scores, curves] = isTurned ? [turnedScores, turned] : [wornScores, worn]
  const order = scores.map((_, index) => index).sort((a, b) => (scores[b] as number) - (scores[a] as number))
  const [first = 0, second] = order
  const entry = model.classes[first]
  if (entry === undefined) return null
  const distance = Math.min(
    ...MOVEMENT_PARTS.map((part) => {
      const curve = curves.get(part)
      return curve === undefined ? Number.POSITIVE_INFINITY : nearestDistance(curve, entry, part)
    }),
  )
  if (!Number.isFinite(distance)) return null
  // Scores lie about a share of each class below zero.
  const share = (index: number) => Math.max(1e-9, (scores[index] as number) + 1 / scores.length)
  const margin = second === undefined ? 0 : Math.min(1, share(second) / share(first))
  return {gesture: entry.gesture, distance, ratio: distance / entry.threshold, margin}
}

/** 0 to 1, one half at the threshold. */
export function confidenceOf(ratio: number): number {
  return 1 / (1 + ratio * ratio)
}

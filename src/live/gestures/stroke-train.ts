// Learning strokes from three to five takes each: templates, how near a match must be, and what is too alike.
import {CrateError} from '../../core/errors.js'
import type {GestureLesson, GestureTake, GestureWarning} from '../../core/lesson.js'
import type {MotionFrame} from '../../core/motion.js'
import {activityOf, quantile} from './activity.js'
import {CURVE_BAND, comparable, pathFromFrames} from './curve.js'
import {warpedDistance} from './dtw.js'
import {fitRidge, type RidgeFit} from './kernel-ridge.js'
import {likeness, templatesOfTake} from './stroke-match.js'
import {
  MOVEMENT_PARTS,
  type MovementPart,
  PARTS,
  type Part,
  type StrokeClass,
  type StrokeModel,
  type StrokeTemplate,
  type StrokeVoter,
} from './stroke-model.js'

export const LEAST_TAKES = 3
/** Takes made in a row are more alike than a show will be: no spread is believed to be smaller. */
const LEAST_SPREAD = 0.03
/** How much a take may be wrong: it may hold the end of what was done before, or a slip. */
const PENALTY = 0.5
/** Share of the usual distance between two takes at which they are alike. */
const ALIKE = 0.3
/** Gestures whose takes mistake each other this often, left out in turn, are told to the person. */
const CONFUSED_SHARE = 0.2

interface Example {
  readonly gesture: string
  readonly templates: ReadonlyMap<Part, StrokeTemplate>
  readonly frames: readonly MotionFrame[]
  readonly performer: string | null
}

/** @throws USAGE where a gesture has fewer than three takes, or takes of sensors with and without rotation are mixed */
export function trainStrokes(lesson: GestureLesson): {model: StrokeModel; warnings: readonly GestureWarning[]} {
  // Takes that name nobody count as one person's.
  const isUpright = new Set(lesson.takes.map(({performer}) => performer ?? null)).size > 1
  const recorded = lesson.takes.map((take) => exampleOf(take, isUpright))
  const gestures = [...new Set(recorded.map(({gesture}) => gesture))]
  const channels = checkLesson(gestures, recorded)
  const distances = distancesBetween(recorded)
  const {examples, dropped} = withoutStrangers(recorded, gestures, nearestTable(recorded, gestures, distances))
  const table = nearestTable(examples, gestures, distances)
  // With the strange takes in: among all others they are outvoted, and what they are like is known.
  const scales = scalesOf(distances)
  const fit = fitVotes(recorded, gestures, distances, scales)
  const negatives = lesson.negatives.flatMap((frames) => windowsOf(frames, examples, isUpright))
  const classes = gestures.map((gesture, index): StrokeClass => {
    const own = examples.filter((example) => example.gesture === gesture)
    const templates = own.flatMap(movementsOf)
    return {gesture, templates, threshold: thresholdOf(index, gestures, examples, table, negatives, templates)}
  })
  const model: StrokeModel = {
    channels,
    isUpright,
    followed: betterFollowed(examples, gestures, table),
    activityThreshold: activityThresholdOf(examples),
    classes,
    scales,
    voters: recorded.flatMap(({templates}, index) =>
      [...templates.values()].map((template): StrokeVoter => ({...template, votes: fit.votes[index] as Float64Array})),
    ),
  }
  return {model, warnings: [...warnAlike(recorded, gestures, fit), ...dropped]}
}

function exampleOf({gesture, frames, performer}: GestureTake, isUpright: boolean): Example {
  return {gesture, templates: templatesOfTake(frames, isUpright), frames, performer: performer ?? null}
}

function movementsOf({templates}: Example): StrokeTemplate[] {
  return MOVEMENT_PARTS.flatMap((part) => templates.get(part) ?? [])
}

function checkLesson(gestures: readonly string[], examples: readonly Example[]): 3 | 6 {
  if (gestures.length === 0) throw new CrateError('USAGE', 'there is no take to learn from')
  for (const gesture of gestures) {
    const count = examples.filter((example) => example.gesture === gesture).length
    if (count < LEAST_TAKES)
      throw new CrateError(
        'USAGE',
        `"${gesture}" has ${count} ${count === 1 ? 'take' : 'takes'}, ${LEAST_TAKES} are needed`,
        {
          hints: [`Record more: crate gestures train ${gesture}`],
          details: {gesture, count},
        },
      )
  }
  const channels = new Set(examples.flatMap(({templates}) => [...templates.values()].map(({path}) => path.channels)))
  if (channels.size > 1)
    throw new CrateError('USAGE', 'some takes have rotation and others have not: they come from different sensors', {
      hints: ['Train all gestures of one set with the same sensor'],
    })
  return channels.has(6) ? 6 : 3
}

/** Per part: how far each take lies from each other one; infinite where one of them has no such part. */
type Distances = Readonly<Record<Part, readonly Float64Array[]>>

function distancesBetween(examples: readonly Example[]): Distances {
  const tableOf = (part: Part) => {
    const curves = examples.map(({templates}) => templates.get(part)?.curve ?? null)
    const rows = curves.map((curve) =>
      new Float64Array(curves.length).fill(curve === null ? Number.POSITIVE_INFINITY : 0),
    )
    for (const [a, first] of curves.entries())
      for (let b = 0; b < a; b++) {
        const second = curves[b]
        const distance = first && second ? warpedDistance(first, second, CURVE_BAND) : Number.POSITIVE_INFINITY
        ;(rows[a] as Float64Array)[b] = distance
        ;(rows[b] as Float64Array)[a] = distance
      }
    return rows
  }
  return {first: tableOf('first'), last: tableOf('last'), whole: tableOf('whole')}
}

/** Per movement: the nearest distance of each take to each gesture, itself left out; null where it has no such part. */
type NearestTable = Readonly<Record<MovementPart, readonly (readonly number[] | null)[]>>

function nearestTable(examples: readonly Example[], gestures: readonly string[], distances: Distances): NearestTable {
  const isShared = new Set(examples.map(({performer}) => performer)).size > 1
  const rowsOf = (part: MovementPart) =>
    examples.map(({templates, performer}, index) => {
      if (!templates.has(part)) return null
      const row = gestures.map(() => Number.POSITIVE_INFINITY)
      for (const [at, other] of examples.entries()) {
        if (at === index || !other.templates.has(part) || (isShared && other.performer === performer)) continue
        const entry = gestures.indexOf(other.gesture)
        row[entry] = Math.min(row[entry] as number, distances[part][index]?.[at] as number)
      }
      return row
    })
  return {first: rowsOf('first'), last: rowsOf('last')}
}

function scalesOf(distances: Distances): StrokeModel['scales'] {
  const scaleOf = (part: Part) => {
    const apart = distances[part].flatMap((row, index) => [...row.subarray(0, index)].filter(Number.isFinite))
    return ALIKE * Math.max(LEAST_SPREAD, apart.length === 0 ? 1 : quantile(apart, 0.5))
  }
  return {first: scaleOf('first'), last: scaleOf('last'), whole: scaleOf('whole')}
}

function fitVotes(
  examples: readonly Example[],
  gestures: readonly string[],
  distances: Distances,
  scales: StrokeModel['scales'],
): RidgeFit {
  const alike = examples.map((_, index) =>
    Float64Array.from(examples, (__, at) =>
      PARTS.reduce((sum, part) => sum + likeness(part, distances[part][index]?.[at] as number, scales[part]), 0),
    ),
  )
  const targets = examples.map(({gesture}) =>
    gestures.map((entry) => (entry === gesture ? 1 : 0) - 1 / gestures.length),
  )
  return fitRidge(alike, targets, PENALTY)
}

/** The movement by which the takes, each left out in turn, are the oftener told right. */
function betterFollowed(examples: readonly Example[], gestures: readonly string[], table: NearestTable): MovementPart {
  const rightBy = (part: MovementPart) =>
    examples.filter(({gesture}, index) => {
      const row = table[part][index]
      return row && gestures[row.indexOf(Math.min(...row))] === gesture
    }).length
  return rightBy('last') > rightBy('first') ? 'last' : 'first'
}

/**
 * Between the takes' own spread and the nearest thing that is not the gesture: other gestures' takes and the windows of
 * "just dancing". Own takes left out in turn give the spread.
 */
function thresholdOf(
  index: number,
  gestures: readonly string[],
  examples: readonly Example[],
  table: NearestTable,
  negatives: readonly ReturnType<typeof comparable>[],
  templates: readonly StrokeTemplate[],
): number {
  const own: number[] = []
  let other = Number.POSITIVE_INFINITY
  examples.forEach(({gesture}, example) => {
    for (const part of MOVEMENT_PARTS) {
      const distance = table[part][example]?.[index]
      if (distance === undefined || !Number.isFinite(distance)) continue
      if (gesture === gestures[index]) own.push(distance)
      else other = Math.min(other, distance)
    }
  })
  for (const curve of negatives)
    for (const template of templates) other = Math.min(other, warpedDistance(curve, template.curve, CURVE_BAND, other))
  const typical = Math.max(quantile(own, 0.5), LEAST_SPREAD)
  const loose = Math.max(4 * typical, 2 * quantile(own, 0.99))
  // Takes of the person's own that lie beyond the nearest stranger do not drag the threshold out to the stranger.
  return Number.isFinite(other) ? Math.max(2 * typical, Math.min(loose, 1.6 * Math.sqrt(typical * other))) : loose
}

/** Windows of a negative recording as long as the takes, half overlapping. */
function windowsOf(frames: readonly MotionFrame[], examples: readonly Example[], isUpright: boolean) {
  const durations = examples.flatMap((example) => movementsOf(example).map(({path}) => path.durationMs))
  const windows: ReturnType<typeof comparable>[] = []
  for (const lengthMs of new Set([quantile(durations, 0.25), quantile(durations, 0.75)])) {
    let start = 0
    while (start < frames.length) {
      const startMs = (frames[start] as MotionFrame).atMs
      let end = start
      while (end < frames.length && (frames[end] as MotionFrame).atMs - startMs <= lengthMs) end++
      if (end === frames.length) break
      windows.push(comparable(pathFromFrames(frames.slice(start, end)), isUpright))
      while (start < frames.length && (frames[start] as MotionFrame).atMs - startMs < lengthMs / 2) start++
    }
  }
  return windows
}

function activityThresholdOf(examples: readonly Example[]): number {
  const activities = examples.map(({frames}) => activityOf(frames))
  const rest = quantile(
    activities.map((activity) => quantile(activity, 0.05)),
    0.5,
  )
  const peak = quantile(
    activities.map((activity) => quantile(activity, 0.9)),
    0.25,
  )
  return rest + 0.2 * (peak - rest)
}

/** Judged by what the other takes say of each. */
function warnAlike(examples: readonly Example[], gestures: readonly string[], {leftOut}: RidgeFit): GestureWarning[] {
  const mistaken = new Map<string, number>()
  examples.forEach(({gesture}, index) => {
    const scores = leftOut[index] as Float64Array
    const best = gestures[scores.indexOf(Math.max(...scores))]
    if (best === undefined || best === gesture) return
    const pair = [gesture, best].sort().join('\u0000')
    mistaken.set(pair, (mistaken.get(pair) ?? 0) + 1)
  })
  return [...mistaken].flatMap(([pair, count]) => {
    const [a = '', b = ''] = pair.split('\u0000')
    const takes = examples.filter(({gesture}) => gesture === a || gesture === b).length
    if (count / takes < CONFUSED_SHARE) return []
    return {
      gestures: [a, b],
      message: `"${a}" and "${b}" are alike: ${count} of ${takes} takes were mistaken for the other`,
    }
  })
}

/** Beyond this ratio, and nothing of its own near, a movement belongs to another gesture. */
const STRANGE = 4

/**
 * Leaves out movements that lie with another gesture's takes and far from all others of their own: a take begun too late
 * holds the end of what was done before. One such movement as a template would call the other gesture by this name.
 *
 * @see Wilson, Asymptotic properties of nearest neighbor rules using edited data, 1972
 */
function withoutStrangers(
  examples: readonly Example[],
  gestures: readonly string[],
  table: NearestTable,
): {examples: Example[]; dropped: GestureWarning[]} {
  const dropped: GestureWarning[] = []
  const kept = examples.map((example, index): Example => {
    const own = gestures.indexOf(example.gesture)
    const templates = new Map(example.templates)
    for (const part of MOVEMENT_PARTS) {
      const row = table[part][index]
      const other = row ? Math.min(...row.filter((_, entry) => entry !== own)) : Number.POSITIVE_INFINITY
      if (!row || (row[own] as number) <= STRANGE * other || movementsOf({...example, templates}).length === 0) continue
      templates.delete(part)
      const number = examples.slice(0, index + 1).filter(({gesture}) => gesture === example.gesture).length
      const like = gestures[row.indexOf(other)] ?? ''
      dropped.push({
        gestures: [example.gesture, like],
        message: `take ${number} of "${example.gesture}" is more like "${like}" and was left out: record it again`,
      })
    }
    return {...example, templates}
  })
  // A gesture keeps its takes where all of them are strange: then it is the other that it cannot be told from.
  const examplesKept = kept.map((example, index) => {
    const isLeft = kept.some((other) => other.gesture === example.gesture && movementsOf(other).length > 0)
    return isLeft ? example : (examples[index] as Example)
  })
  return {examples: examplesKept, dropped}
}

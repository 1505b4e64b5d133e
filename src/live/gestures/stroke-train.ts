// Learning strokes from three to five takes each: templates, how near a match must be, and what is too alike.
import {CrateError} from '../../core/errors.js'
import type {GestureLesson, GestureTake, GestureWarning} from '../../core/lesson.js'
import type {MotionFrame} from '../../core/motion.js'
import {activityOf, quantile} from './activity.js'
import {CURVE_BAND, comparable, pathFromFrames} from './curve.js'
import {warpedDistance} from './dtw.js'
import {logLikelihoods, partsOfTake} from './stroke-match.js'
import {
  PARTS,
  type Part,
  type StrokeClass,
  type StrokeModel,
  type StrokeTemplate,
  strokeTemplate,
} from './stroke-model.js'

export const LEAST_TAKES = 3
/** Takes made in a row are more alike than a show will be: no spread is believed to be smaller. */
const LEAST_SPREAD = 0.03
const WEIGHTS = [0, 0.15, 0.3, 0.5, 0.75, 1] as const
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
  const recorded = lesson.takes.map(exampleOf)
  const gestures = [...new Set(recorded.map(({gesture}) => gesture))]
  const channels = checkLesson(gestures, recorded)
  const recordedTable = distanceTable(recorded, gestures)
  const {examples, dropped} = withoutStrangers(recorded, gestures, recordedTable)
  const table = distanceTable(examples, gestures)
  // With the strange takes in: how often a part misleads is what its weight must tell.
  const weights = chooseWeights(recorded, gestures, recordedTable)
  const negatives = lesson.negatives.flatMap((frames) => windowsOf(frames, examples))
  const classes = gestures.map((gesture, index): StrokeClass => {
    const own = examples.filter((example) => example.gesture === gesture)
    const templates = own.flatMap((example) => [...example.templates.values()])
    return {gesture, templates, threshold: thresholdOf(index, gestures, examples, table, negatives, templates)}
  })
  const model: StrokeModel = {channels, weights, classes, activityThreshold: activityThresholdOf(examples)}
  return {
    model,
    warnings: [...warnAlike(examples, gestures, table, weights), ...dropped],
  }
}

function exampleOf({gesture, frames, performer}: GestureTake): Example {
  const templates = new Map<Part, StrokeTemplate>()
  for (const [part, movement] of partsOfTake(frames))
    templates.set(part, strokeTemplate(part, pathFromFrames(movement)))
  return {gesture, templates, frames, performer: performer ?? null}
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

/** Per part: the nearest distance of each take to each gesture, itself left out. */
type DistanceTable = Readonly<Record<Part, readonly (readonly number[] | null)[]>>

function distanceTable(examples: readonly Example[], gestures: readonly string[]): DistanceTable {
  const isShared = new Set(examples.map(({performer}) => performer)).size > 1
  const isSamePerformer = (a: number, b: number) => isShared && examples[a]?.performer === examples[b]?.performer
  const rowsOf = (part: Part) => {
    const curves = examples.map(({templates}) => templates.get(part)?.curve ?? null)
    const rows = examples.map((_, index) =>
      curves[index] === null ? null : gestures.map(() => Number.POSITIVE_INFINITY),
    )
    for (let a = 0; a < examples.length; a++)
      for (let b = a + 1; b < examples.length; b++) {
        const [first, second, rowA, rowB] = [curves[a], curves[b], rows[a], rows[b]]
        if (!first || !second || !rowA || !rowB || isSamePerformer(a, b)) continue
        const [classA, classB] = [
          gestures.indexOf((examples[a] as Example).gesture),
          gestures.indexOf((examples[b] as Example).gesture),
        ]
        const limit = Math.max(rowA[classB] as number, rowB[classA] as number)
        const distance = warpedDistance(first, second, CURVE_BAND, limit)
        rowA[classB] = Math.min(rowA[classB] as number, distance)
        rowB[classA] = Math.min(rowB[classA] as number, distance)
      }
    return rows
  }
  return {first: rowsOf('first'), last: rowsOf('last'), whole: rowsOf('whole')}
}

/** Weights under which the takes, each left out in turn, are the likeliest to be told right. */
function chooseWeights(
  examples: readonly Example[],
  gestures: readonly string[],
  table: DistanceTable,
): Record<Part, number> {
  if (examples.every(({templates}) => !templates.has('last'))) return {first: 1, last: 0, whole: 0}
  const logs = examples.map(({gesture}, index) => ({
    right: gestures.indexOf(gesture),
    parts: PARTS.map((part) => {
      const row = table[part][index]
      return row ? logLikelihoods(row) : null
    }),
  }))
  let best = {weights: {first: 1, last: 1, whole: 0}, likelihood: Number.NEGATIVE_INFINITY}
  for (const first of WEIGHTS)
    for (const last of WEIGHTS)
      for (const whole of WEIGHTS) {
        if (first + last + whole === 0) continue
        let likelihood = 0
        for (const {right, parts} of logs) {
          const [a, b, c] = parts
          const scores = gestures.map(
            (_, entry) => first * (a?.[entry] ?? 0) + last * (b?.[entry] ?? 0) + whole * (c?.[entry] ?? 0),
          )
          const top = Math.max(...scores)
          const total = top + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0))
          likelihood += (scores[right] as number) - total
        }
        if (likelihood > best.likelihood) best = {weights: {first, last, whole}, likelihood}
      }
  return best.weights
}

/**
 * Between the takes' own spread and the nearest thing that is not the gesture: other gestures' takes and the windows of
 * "just dancing". Own takes left out in turn give the spread.
 */
function thresholdOf(
  index: number,
  gestures: readonly string[],
  examples: readonly Example[],
  table: DistanceTable,
  negatives: readonly ReturnType<typeof comparable>[],
  templates: readonly StrokeTemplate[],
): number {
  const own: number[] = []
  let other = Number.POSITIVE_INFINITY
  examples.forEach(({gesture}, example) => {
    for (const part of PARTS) {
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
function windowsOf(frames: readonly MotionFrame[], examples: readonly Example[]) {
  const durations = examples.flatMap(({templates}) => [...templates.values()].map(({path}) => path.durationMs))
  const windows: ReturnType<typeof comparable>[] = []
  for (const lengthMs of new Set([quantile(durations, 0.25), quantile(durations, 0.75)])) {
    let start = 0
    while (start < frames.length) {
      const startMs = (frames[start] as MotionFrame).atMs
      let end = start
      while (end < frames.length && (frames[end] as MotionFrame).atMs - startMs <= lengthMs) end++
      if (end === frames.length) break
      windows.push(comparable(pathFromFrames(frames.slice(start, end))))
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

function warnAlike(
  examples: readonly Example[],
  gestures: readonly string[],
  table: DistanceTable,
  weights: Readonly<Record<Part, number>>,
): GestureWarning[] {
  const mistaken = new Map<string, number>()
  examples.forEach(({gesture}, index) => {
    const scores = gestures.map(() => 0)
    for (const part of PARTS) {
      const row = table[part][index]
      const logs = row && logLikelihoods(row)
      logs?.forEach((log, entry) => {
        scores[entry] = (scores[entry] as number) + weights[part] * log
      })
    }
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
  table: DistanceTable,
): {examples: Example[]; dropped: GestureWarning[]} {
  const dropped: GestureWarning[] = []
  const kept = examples.map((example, index): Example => {
    const own = gestures.indexOf(example.gesture)
    const templates = new Map(example.templates)
    for (const part of PARTS) {
      const row = table[part][index]
      const other = row ? Math.min(...row.filter((_, entry) => entry !== own)) : Number.POSITIVE_INFINITY
      if (!row || (row[own] as number) <= STRANGE * other || templates.size === 0) continue
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
    const isLeft = kept.some((other) => other.gesture === example.gesture && other.templates.size > 0)
    return isLeft ? example : (examples[index] as Example)
  })
  return {examples: examplesKept, dropped}
}

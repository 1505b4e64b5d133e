// What the oscillation recogniser has learnt: single swings of each gesture. Plain JSON.
import {CrateError} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'
import type {GestureLesson, GestureWarning} from '../../core/lesson.js'
import {quantile} from './activity.js'
import {CYCLE_POINTS, type Cycle, cycleDistance, cyclesOfTake} from './cycle.js'
import {finite, invalid, list, record, rounded} from './model-json.js'

export const OSCILLATION_MODEL_VERSION = 1
/** Swings kept of each take: the rest are like them. */
const KEPT_PER_TAKE = 4

export interface OscillationClass {
  readonly gesture: string
  readonly cycles: readonly Cycle[]
  readonly threshold: number
}

export interface OscillationModel {
  /** Windows that swing less regularly, or weaker in g, are not looked at. */
  readonly leastRegularity: number
  readonly leastStrength: number
  readonly classes: readonly OscillationClass[]
}

interface Example {
  readonly gesture: string
  readonly cycles: readonly Cycle[]
}

/**
 * @throws USAGE where a gesture has no take long enough to swing in
 */
export function trainOscillations(lesson: GestureLesson): {
  model: OscillationModel
  warnings: readonly GestureWarning[]
} {
  const examples = lesson.takes.map(
    ({gesture, frames}): Example => ({gesture, cycles: evenly(cyclesOfTake(frames), KEPT_PER_TAKE)}),
  )
  const gestures = [...new Set(examples.map(({gesture}) => gesture))]
  const cycles = examples.flatMap((example) => example.cycles)
  for (const gesture of gestures)
    if (!examples.some((example) => example.gesture === gesture && example.cycles.length > 0))
      throw new CrateError('USAGE', `no take of "${gesture}" swings for two seconds or longer`, {
        hints: ['Keep the movement going for five seconds in each take'],
        details: {gesture},
      })
  if (cycles.length === 0) throw new CrateError('USAGE', 'there is no take to learn from')
  const negatives = lesson.negatives.flatMap((frames) => cyclesOfTake(frames))
  const classes = gestures.map((gesture): OscillationClass => {
    const own = examples.filter((example) => example.gesture === gesture)
    const others = examples.filter((example) => example.gesture !== gesture).flatMap((example) => example.cycles)
    return {
      gesture,
      cycles: own.flatMap((example) => example.cycles),
      threshold: thresholdOf(own, [...others, ...negatives]),
    }
  })
  return {
    model: {
      leastRegularity:
        0.6 *
        quantile(
          cycles.map(({regularity}) => regularity),
          0.1,
        ),
      leastStrength:
        0.4 *
        quantile(
          cycles.map(({strength}) => strength),
          0.1,
        ),
      classes,
    },
    warnings: warnAlike(classes),
  }
}

function evenly<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items]
  return Array.from({length: count}, (_, index) => items[Math.floor(((index + 0.5) * items.length) / count)] as Item)
}

export function nearestCycle(cycle: Cycle, cycles: readonly Cycle[]): number {
  return cycles.reduce((best, other) => Math.min(best, cycleDistance(cycle, other)), Number.POSITIVE_INFINITY)
}

function thresholdOf(own: readonly Example[], strangers: readonly Cycle[]): number {
  const spread = own.flatMap((example) => {
    const rest = own.filter((other) => other !== example).flatMap((other) => other.cycles)
    return rest.length === 0 ? [] : example.cycles.map((cycle) => nearestCycle(cycle, rest))
  })
  const cycles = own.flatMap((example) => example.cycles)
  const typical = Math.max(0.05, quantile(spread, 0.5))
  const loose = Math.max(4 * typical, 1.5 * quantile(spread, 0.95))
  const nearest = strangers.reduce(
    (best, cycle) => Math.min(best, nearestCycle(cycle, cycles)),
    Number.POSITIVE_INFINITY,
  )
  return Number.isFinite(nearest) ? Math.max(1.5 * typical, Math.min(loose, 1.5 * Math.sqrt(typical * nearest))) : loose
}

function warnAlike(classes: readonly OscillationClass[]): GestureWarning[] {
  return classes.flatMap((entry, index) =>
    classes.slice(index + 1).flatMap((other) => {
      const near = entry.cycles.filter((cycle) => nearestCycle(cycle, other.cycles) < other.threshold).length
      return near > entry.cycles.length / 3
        ? {
            gestures: [entry.gesture, other.gesture],
            message: `"${entry.gesture}" and "${other.gesture}" are alike: ${near} of ${entry.cycles.length} swings fit both`,
          }
        : []
    }),
  )
}

export interface OscillationMatch {
  readonly gesture: string
  readonly distance: number
  /** Accepted below 1. */
  readonly ratio: number
}

export function matchCycle(model: OscillationModel, cycle: Cycle): OscillationMatch {
  let best: OscillationMatch = {gesture: '', distance: Number.POSITIVE_INFINITY, ratio: Number.POSITIVE_INFINITY}
  for (const {gesture, cycles, threshold} of model.classes) {
    const distance = nearestCycle(cycle, cycles)
    if (distance < best.distance) best = {gesture, distance, ratio: distance / threshold}
  }
  return best
}

export function oscillationModelToJson(model: OscillationModel): JsonValue {
  return {
    recognizer: 'oscillations',
    version: OSCILLATION_MODEL_VERSION,
    leastRegularity: rounded(model.leastRegularity, 4),
    leastStrength: rounded(model.leastStrength, 4),
    classes: model.classes.map(({gesture, threshold, cycles}) => ({
      gesture,
      threshold: rounded(threshold, 5),
      cycles: cycles.map((cycle) => ({
        rateHz: rounded(cycle.rateHz, 4),
        regularity: rounded(cycle.regularity, 4),
        strength: rounded(cycle.strength, 4),
        gravity: cycle.gravity.map((value) => rounded(value, 4)),
        shape: Array.from(cycle.shape, (value) => rounded(value, 4)),
      })),
    })),
  }
}

/** @throws FORMAT_INVALID where it is not an oscillation model, or one of a later version */
export function oscillationModelFromJson(json: JsonValue): OscillationModel {
  const root = record(json, 'the model')
  if (root['recognizer'] !== 'oscillations') throw invalid('is not a model of the oscillation recogniser')
  if (root['version'] !== OSCILLATION_MODEL_VERSION)
    throw invalid(`is of version ${String(root['version'])}, which this crate cannot read`)
  return {
    leastRegularity: finite(root['leastRegularity'], 'leastRegularity'),
    leastStrength: finite(root['leastStrength'], 'leastStrength'),
    classes: list(root['classes'], 'classes').map((item, index) => {
      const where = `classes[${index}]`
      const entry = record(item, where)
      const gesture = entry['gesture']
      if (typeof gesture !== 'string' || gesture === '') throw invalid(`has no name in ${where}`)
      const cycles = list(entry['cycles'], `${where}.cycles`).map((value, number) =>
        cycleFromJson(value, `${where}.cycles[${number}]`),
      )
      return {gesture, threshold: finite(entry['threshold'], `${where}.threshold`), cycles}
    }),
  }
}

function cycleFromJson(json: JsonValue, where: string): Cycle {
  const cycle = record(json, where)
  const numbers = (name: string, count: number) => {
    const values = list(cycle[name], `${where}.${name}`).map((value) => finite(value, `${where}.${name}`))
    if (values.length !== count) throw invalid(`has ${values.length} values, not ${count}, at ${where}.${name}`)
    return values
  }
  const [x = 0, y = 0, z = 0] = numbers('gravity', 3)
  return {
    rateHz: finite(cycle['rateHz'], `${where}.rateHz`),
    regularity: finite(cycle['regularity'], `${where}.regularity`),
    strength: finite(cycle['strength'], `${where}.strength`),
    recent: 1,
    gravity: [x, y, z],
    shape: Float32Array.from(numbers('shape', 3 * CYCLE_POINTS)),
  }
}

// What the stroke recogniser has learnt: a few performances of each gesture and how near a match must be. Plain JSON.
import {CrateError} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'
import {comparable, type Path} from './curve.js'
import type {Curve} from './dtw.js'
import {finite, invalid, list, record, rounded} from './model-json.js'

export const STROKE_MODEL_VERSION = 2

/**
 * Of takes that hold several movements, with a break between, the first and the last; and the whole take, frame by frame
 * as if they had come without a break.
 */
export const PARTS = ['first', 'last', 'whole'] as const
export type Part = (typeof PARTS)[number]
export type MovementPart = Exclude<Part, 'whole'>
export const MOVEMENT_PARTS = ['first', 'last'] as const satisfies readonly MovementPart[]

export interface StrokeTemplate {
  readonly part: Part
  readonly path: Path
  readonly curve: Curve
}

/** A part of a take that was learnt from, and how much a take like it speaks for each class, in their order. */
export interface StrokeVoter extends StrokeTemplate {
  readonly votes: Float64Array
}

export interface StrokeClass {
  readonly gesture: string
  /** Single movements, to be found in a stream. */
  readonly templates: readonly StrokeTemplate[]
  /** Distance at which a match is as likely chance as meant. */
  readonly threshold: number
}

export interface StrokeModel {
  readonly channels: 3 | 6
  /** Learnt from several people: curves are compared upright, because each wears the sensor a little differently. */
  readonly isUpright: boolean
  /** Which movement of the takes is looked for in a stream. */
  readonly followed: MovementPart
  /** Activity above which a hand is in a movement. */
  readonly activityThreshold: number
  readonly classes: readonly StrokeClass[]
  /** Distance at which likeness has fallen to 1/e: movements of one sensor differ more than those of another. */
  readonly scales: Readonly<Record<Part, number>>
  /** For whole takes: cut by hand, or by holding a button. */
  readonly voters: readonly StrokeVoter[]
}

export function strokeTemplate<Of extends Part>(
  part: Of,
  path: Path,
  isUpright: boolean,
): StrokeTemplate & {readonly part: Of} {
  return {part, path, curve: comparable(path, isUpright)}
}

export function strokeModelToJson(model: StrokeModel): JsonValue {
  return {
    recognizer: 'strokes',
    version: STROKE_MODEL_VERSION,
    channels: model.channels,
    upright: model.isUpright,
    followed: model.followed,
    activityThreshold: rounded(model.activityThreshold, 4),
    classes: model.classes.map(({gesture, threshold, templates}) => ({
      gesture,
      threshold: rounded(threshold, 5),
      templates: templates.map(templateToJson),
    })),
    scales: {...model.scales},
    voters: model.voters.map((voter) => ({
      ...templateToJson(voter),
      votes: Array.from(voter.votes, (value) => rounded(value, 5)),
    })),
  }
}

function templateToJson({part, path}: StrokeTemplate): {readonly [key: string]: JsonValue} {
  return {
    part,
    points: path.points,
    durationMs: rounded(path.durationMs, 2),
    values: Array.from(path.values, (value) => rounded(value, 4)),
  }
}

/** @throws FORMAT_INVALID where it is not a stroke model, or one of a later version */
export function strokeModelFromJson(json: JsonValue): StrokeModel {
  const root = record(json, 'the model')
  if (root['recognizer'] !== 'strokes') throw invalid('is not a model of the stroke recogniser')
  if (root['version'] !== STROKE_MODEL_VERSION)
    throw new CrateError(
      'FORMAT_INVALID',
      `gesture model of version ${String(root['version'])}, this crate reads ${STROKE_MODEL_VERSION}`,
      {
        hints: ['Learn them again from their takes: crate gestures train --retrain'],
      },
    )
  const channels = root['channels']
  if (channels !== 3 && channels !== 6) throw invalid('has channels other than 3 or 6')
  const followed = MOVEMENT_PARTS.find((name) => name === root['followed'])
  if (followed === undefined) throw invalid('follows an unknown part')
  const shape = {channels, isUpright: root['upright'] === true} as const
  const classes = list(root['classes'], 'classes').map((item, index) => classFromJson(item, shape, `classes[${index}]`))
  const scales = record(root['scales'], 'scales')
  return {
    ...shape,
    followed,
    activityThreshold: finite(root['activityThreshold'], 'activityThreshold'),
    classes,
    scales: {
      first: finite(scales['first'], 'scales.first'),
      last: finite(scales['last'], 'scales.last'),
      whole: finite(scales['whole'], 'scales.whole'),
    },
    voters: list(root['voters'], 'voters').map((item, index) => {
      const at = `voters[${index}]`
      const votes = list(record(item, at)['votes'], `${at}.votes`).map((value) => finite(value, `${at}.votes`))
      if (votes.length !== classes.length)
        throw invalid(`has ${votes.length} votes for ${classes.length} gestures in ${at}`)
      return {...templateFromJson(item, shape, at), votes: Float64Array.from(votes)}
    }),
  }
}

type Shape = Pick<StrokeModel, 'channels' | 'isUpright'>

function classFromJson(json: JsonValue, shape: Shape, where: string): StrokeClass {
  const root = record(json, where)
  const {gesture} = root as {gesture?: JsonValue}
  if (typeof gesture !== 'string' || gesture === '') throw invalid(`has no name in ${where}`)
  const templates = list(root['templates'], `${where}.templates`).map((item, index) =>
    templateFromJson(item, shape, `${where}.templates[${index}]`),
  )
  if (templates.length === 0) throw invalid(`has no takes in ${where}`)
  return {gesture, threshold: finite(root['threshold'], `${where}.threshold`), templates}
}

function templateFromJson(json: JsonValue, {channels, isUpright}: Shape, at: string): StrokeTemplate {
  const template = record(json, at)
  const part = PARTS.find((name) => name === template['part'])
  if (part === undefined) throw invalid(`has an unknown part in ${at}`)
  const points = finite(template['points'], `${at}.points`)
  const values = Float32Array.from(list(template['values'], `${at}.values`), (value) => finite(value, `${at}.values`))
  if (values.length !== points * channels)
    throw invalid(`has ${values.length} values, not ${points} × ${channels}, in ${at}`)
  const durationMs = finite(template['durationMs'], `${at}.durationMs`)
  return strokeTemplate(part, {points, channels, values, durationMs}, isUpright)
}

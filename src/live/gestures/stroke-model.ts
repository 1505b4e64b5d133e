// What the stroke recogniser has learnt: a few performances of each gesture and how near a match must be. Plain JSON.
import {CrateError} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'
import {comparable, type Path} from './curve.js'
import type {Curve} from './dtw.js'
import {finite, invalid, list, record, rounded} from './model-json.js'

export const STROKE_MODEL_VERSION = 1

/** Takes that hold several movements, with a break between, tell the gesture by the first, the last, or all of it. */
export const PARTS = ['first', 'last', 'whole'] as const
export type Part = (typeof PARTS)[number]

export interface StrokeTemplate {
  readonly part: Part
  readonly path: Path
  readonly curve: Curve
}

export interface StrokeClass {
  readonly gesture: string
  readonly templates: readonly StrokeTemplate[]
  /** Distance at which a match is as likely chance as meant. */
  readonly threshold: number
}

export interface StrokeModel {
  readonly channels: 3 | 6
  /** How much each part of a take tells. */
  readonly weights: Readonly<Record<Part, number>>
  /** Activity above which a hand is in a movement. */
  readonly activityThreshold: number
  readonly classes: readonly StrokeClass[]
}

export function strokeTemplate(part: Part, path: Path): StrokeTemplate {
  return {part, path, curve: comparable(path)}
}

export function strokeModelToJson(model: StrokeModel): JsonValue {
  return {
    recognizer: 'strokes',
    version: STROKE_MODEL_VERSION,
    channels: model.channels,
    weights: {...model.weights},
    activityThreshold: rounded(model.activityThreshold, 4),
    classes: model.classes.map(({gesture, threshold, templates}) => ({
      gesture,
      threshold: rounded(threshold, 5),
      templates: templates.map(({part, path}) => ({
        part,
        points: path.points,
        durationMs: rounded(path.durationMs, 2),
        values: Array.from(path.values, (value) => rounded(value, 4)),
      })),
    })),
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
        hints: ['Train the gestures again: crate gestures train NAME'],
      },
    )
  const channels = root['channels']
  if (channels !== 3 && channels !== 6) throw invalid('has channels other than 3 or 6')
  const weights = record(root['weights'], 'weights')
  return {
    channels,
    weights: {
      first: finite(weights['first'], 'weights.first'),
      last: finite(weights['last'], 'weights.last'),
      whole: finite(weights['whole'], 'weights.whole'),
    },
    activityThreshold: finite(root['activityThreshold'], 'activityThreshold'),
    classes: list(root['classes'], 'classes').map((item, index) => classFromJson(item, channels, `classes[${index}]`)),
  }
}

function classFromJson(json: JsonValue, channels: 3 | 6, where: string): StrokeClass {
  const root = record(json, where)
  const {gesture} = root as {gesture?: JsonValue}
  if (typeof gesture !== 'string' || gesture === '') throw invalid(`has no name in ${where}`)
  const templates = list(root['templates'], `${where}.templates`).map((item, index) => {
    const at = `${where}.templates[${index}]`
    const template = record(item, at)
    const part = PARTS.find((name) => name === template['part'])
    if (part === undefined) throw invalid(`has an unknown part in ${at}`)
    const points = finite(template['points'], `${at}.points`)
    const values = Float32Array.from(list(template['values'], `${at}.values`), (value) => finite(value, `${at}.values`))
    if (values.length !== points * channels)
      throw invalid(`has ${values.length} values, not ${points} × ${channels}, in ${at}`)
    return strokeTemplate(part, {
      points,
      channels,
      values,
      durationMs: finite(template['durationMs'], `${at}.durationMs`),
    })
  })
  if (templates.length === 0) throw invalid(`has no takes in ${where}`)
  return {gesture, threshold: finite(root['threshold'], `${where}.threshold`), templates}
}

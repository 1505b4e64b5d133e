// The two recognisers of crate behind the contract that plugins use too.
import type {JsonValue} from '../../core/json.js'
import type {GestureLesson, TrainedGestures} from '../../core/lesson.js'
import type {GestureEvent, MotionFrame} from '../../core/motion.js'
import {oscillationModelFromJson, oscillationModelToJson, trainOscillations} from './oscillation-model.js'
import {OscillationStream} from './oscillation-stream.js'
import {type SpotterOptions, StrokeSpotter} from './spotter.js'
import {strokeModelFromJson, strokeModelToJson} from './stroke-model.js'
import {trainStrokes} from './stroke-train.js'

interface Stream {
  push(frame: MotionFrame): readonly GestureEvent[]
  reset(): readonly GestureEvent[]
}

interface Recognizer {
  train(lesson: GestureLesson): TrainedGestures
  start(model: JsonValue, options?: SpotterOptions): Stream
}

export const strokeRecognizer: Recognizer = {
  train(lesson) {
    const {model, warnings} = trainStrokes(lesson)
    return {model: strokeModelToJson(model), warnings}
  },
  start: (model, options) => new StrokeSpotter(strokeModelFromJson(model), options),
}

export const oscillationRecognizer: Recognizer = {
  train(lesson) {
    const {model, warnings} = trainOscillations(lesson)
    return {model: oscillationModelToJson(model), warnings}
  },
  start: (model, options) => new OscillationStream(oscillationModelFromJson(model), options),
}

// How good what was learnt is, on recordings whose gestures are labelled.
import {labelledSpans} from '../../../sensors/replay/edit.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {watchersFor} from '../../host/live/gestures.js'
import {createRegistry} from '../../host/registry.js'
import {type EvaluatedStream, type Evaluation, evaluateStreams} from '../../live/gestures/evaluate.js'
import {mappingSchema} from '../../live/mapping/schema.js'
import {readRecording} from '../sensors/recordings.js'
import {loadModels} from './gesture-sets.js'

/** @throws USAGE where the set was not trained, FILE_NOT_FOUND */
export async function testGestures(
  environment: Environment,
  {set, recordings}: {readonly set: string; readonly recordings: readonly string[]},
): Promise<Evaluation> {
  const models = (await loadModels(environment.libraryFolder)).filter((model) => model.set === set)
  if (models.length === 0)
    throw new CrateError('USAGE', `the set ${set} was not trained`, {hints: ['crate gestures train NAME --phone']})
  const registry = createRegistry(environment)
  const entry = mappingSchema.shape.sensors.parse({hand: {type: 'replay'}})['hand']
  const streams: EvaluatedStream[] = []
  for (const name of recordings) {
    const {recording} = await readRecording(environment.libraryFolder, name)
    const marks = labelledSpans(recording).filter(({gesture}) => gesture !== 'dancing')
    for (const {id} of recording.header.sensors) {
      const frames = recording.frames.flatMap((item) => (item.sensor === id ? item.frame : []))
      const [first, last] = [frames[0], frames.at(-1)]
      if (entry === undefined || first === undefined || last === undefined) continue
      const watchers = await watchersFor(entry, models, (recognizer) => registry.find('gestures', recognizer))
      const events = frames.flatMap((frame) => watchers.flatMap((watcher) => [...watcher.push(frame)]))
      streams.push({marks, events, durationMs: last.atMs - first.atMs})
    }
  }
  return evaluateStreams(streams)
}

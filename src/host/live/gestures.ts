// The two recognisers of crate as contributions, and a sensor's watchers made of what was trained.
import type {GestureContribution} from '../../api/gesture.js'
import type {GestureWatcher} from '../../live/engine/engine.js'
import type {Mapping} from '../../live/mapping/schema.js'
import type {GestureModel} from './protocol.js'

export const strokeGestures: GestureContribution = {
  id: 'strokes',
  summary: 'Movements with an end: a flick, a circle, a letter in the air',
  recognizes: 'strokes',
  load: async () => (await import('../../live/gestures/recognizers.js')).strokeRecognizer,
}

export const oscillationGestures: GestureContribution = {
  id: 'oscillations',
  summary: 'Movements that go on: shaking, waving, circling, with their rate',
  recognizes: 'oscillations',
  load: async () => (await import('../../live/gestures/recognizers.js')).oscillationRecognizer,
}

/** @throws FORMAT_INVALID where a model is of another version */
export async function watchersFor(
  {gestures, hold}: Mapping['sensors'][string],
  models: readonly GestureModel[],
  find: (id: string) => Promise<GestureContribution>,
): Promise<GestureWatcher[]> {
  const watchers: GestureWatcher[] = []
  for (const {set, recognizer, model} of models) {
    if (gestures !== undefined && !gestures.includes(set)) continue
    if (hold !== undefined && recognizer === strokeGestures.id) {
      const [{HoldRecognizer}, {strokeModelFromJson}] = await Promise.all([
        import('../../live/gestures/hold.js'),
        import('../../live/gestures/stroke-model.js'),
      ])
      watchers.push(new HoldRecognizer(strokeModelFromJson(model), hold))
    } else {
      const contribution = await find(recognizer)
      watchers.push((await contribution.load()).start(model))
    }
  }
  return watchers
}

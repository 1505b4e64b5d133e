// A recording through the recognisers and a mapping, as fast as it goes or at a pace: the same events every time.
import type {Environment} from '../../core/environment.js'
import type {OutputMessage} from '../../core/message.js'
import type {GestureEvent} from '../../core/motion.js'
import {watchersFor} from '../../host/live/gestures.js'
import {messageText} from '../../host/live/message-text.js'
import {outputsOf} from '../../host/live/stage.js'
import {createRegistry} from '../../host/registry.js'
import {type EngineStep, LiveEngine} from '../../live/engine/engine.js'
import {mappingSchema} from '../../live/mapping/schema.js'
import {loadModels} from '../gestures/gesture-sets.js'
import {loadMapping} from '../live/mapping-file.js'
import {readRecording} from './recordings.js'

export interface ReplayRequest {
  readonly recording: string
  readonly mappingPath: string | null
  /** 1 is real time; null as fast as it goes. */
  readonly speed: number | null
}

export interface ReplayedEvent {
  /** From the beginning of the recording. */
  readonly atMs: number
  readonly kind: 'gesture' | 'message' | 'command' | 'mark' | 'track'
  readonly text: string
  readonly event?: GestureEvent
}

/** @throws FILE_NOT_FOUND, FORMAT_INVALID, CONFIG_INVALID */
export async function* replayRecording(
  environment: Environment,
  request: ReplayRequest,
): AsyncGenerator<ReplayedEvent> {
  const {recording} = await readRecording(environment.libraryFolder, request.recording)
  const {header, frames, events} = recording
  const given =
    request.mappingPath === null
      ? mappingSchema.parse({version: 1})
      : await loadMapping(request.mappingPath, {sensors: [], outputs: [], hasPhone: false})
  const sensors = Object.fromEntries(
    header.sensors.map(({id}) => [
      id,
      given.sensors[id] ?? mappingSchema.shape.sensors.parse({[id]: {type: 'replay'}})[id],
    ]),
  )
  const mapping = mappingSchema.parse({...given, sensors})
  const models = await loadModels(environment.libraryFolder)
  const registry = createRegistry(environment)
  const watchers = new Map<string, Awaited<ReturnType<typeof watchersFor>>>()
  for (const [name, entry] of Object.entries(mapping.sensors))
    watchers.set(name, await watchersFor(entry, models, (id) => registry.find('gestures', id)))
  const carries = new Map<string, readonly OutputMessage['kind'][]>()
  for (const [name, {type}] of Object.entries(mapping.outputs))
    carries.set(name, (await registry.find('outputs', type)).carries)
  const engine = new LiveEngine(mapping, outputsOf(mapping, carries), watchers)

  const startMs = Math.min(
    frames[0]?.frame.atMs ?? Number.POSITIVE_INFINITY,
    events[0]?.atMs ?? Number.POSITIVE_INFINITY,
  )
  const begunMs = performance.now()
  const pace = async (atMs: number) => {
    environment.signal.throwIfAborted()
    if (request.speed === null) return
    const waitMs = begunMs + (atMs - startMs) / request.speed - performance.now()
    if (waitMs > 4) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
  const told = function* ({gestures, actions}: EngineStep): Generator<ReplayedEvent> {
    for (const {event} of gestures)
      if (event.kind !== 'going')
        yield {
          atMs: event.atMs - startMs,
          kind: 'gesture',
          text: event.kind === 'stroke' ? event.gesture : `${event.gesture} ${event.kind}`,
          event,
        }
    for (const action of actions) {
      const atMs = action.atMs - startMs
      if (action.kind === 'send')
        yield {atMs, kind: 'message', text: `${action.output}: ${messageText(action.message)}`}
      else if (action.kind === 'command') yield {atMs, kind: 'command', text: action.command}
    }
  }
  let next = 0
  const upTo = function* (untilMs: number): Generator<ReplayedEvent> {
    for (let event = events[next]; event !== undefined && event.atMs <= untilMs; event = events[++next]) {
      if (event.kind === 'control') {
        const sensor = String(event.data?.['sensor'] ?? header.sensors[0]?.id ?? '')
        yield* told(engine.control(sensor, event.text, Number(event.data?.['value'] ?? 0), event.atMs))
      } else if (event.kind === 'mark' || event.kind === 'track')
        yield {atMs: event.atMs - startMs, kind: event.kind, text: event.text}
    }
  }
  for (const {sensor, frame} of frames) {
    await pace(frame.atMs)
    yield* upTo(frame.atMs)
    yield* told(engine.push(sensor, frame))
  }
  yield* upTo(Number.POSITIVE_INFINITY)
  yield* told({gestures: [], actions: engine.close(), frame: null})
}

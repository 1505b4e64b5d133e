// The whole of the stage without any I/O: readings or frames in, actions out, the same for the same input.
import {CrateError} from '../../core/errors.js'
import type {GestureEvent, MotionFrame} from '../../core/motion.js'
import type {SensorItem} from '../../core/reading.js'
import {type AssemblerUnits, FrameAssembler} from '../frames/assembler.js'
import type {SensorStatistics} from '../frames/statistics.js'
import type {Mapping} from '../mapping/schema.js'
import {commandLive, type Outputs, stepLive} from './interpreter.js'
import {closingMessages} from './notes.js'
import {initialState, type LiveAction, type LiveInput, type LiveState, withMapping} from './state.js'

/** A recogniser at work on one sensor's frames. */
export interface GestureWatcher {
  push(frame: MotionFrame): readonly GestureEvent[]
  reset(): readonly GestureEvent[]
  /** Only those that are judged while a control is held. */
  control?(control: string, value: number, atMs: number): readonly GestureEvent[]
}

/** What one input led to, for the recorder and the screens beside the outputs. */
export interface EngineStep {
  readonly actions: readonly LiveAction[]
  readonly gestures: readonly {readonly sensor: string; readonly event: GestureEvent}[]
  readonly frame: MotionFrame | null
}

export class LiveEngine {
  #mapping: Mapping
  #outputs: Outputs
  #state: LiveState
  readonly #watchers: ReadonlyMap<string, readonly GestureWatcher[]>
  readonly #assemblers = new Map<string, FrameAssembler>()

  /** @param watchers by name of the sensor in the mapping */
  constructor(mapping: Mapping, outputs: Outputs, watchers: ReadonlyMap<string, readonly GestureWatcher[]>) {
    this.#mapping = mapping
    this.#outputs = outputs
    this.#watchers = watchers
    this.#state = initialState(mapping)
  }

  get state(): LiveState {
    return this.#state
  }

  /** What a sensor's decoder gave, at the time it arrived; notices and readings of other devices are passed over. */
  read(sensor: string, item: SensorItem, receivedMs: number): EngineStep {
    const wanted = this.#mapping.sensors[sensor]?.device ?? ''
    if (wanted !== '' && item.device !== wanted) return NOTHING
    if (item.kind === 'control') return this.control(sensor, item.control, item.value, receivedMs)
    if (item.kind === 'notice') return NOTHING
    const assembler = this.#assemblers.get(sensor) ?? new FrameAssembler()
    this.#assemblers.set(sensor, assembler)
    const frame = assembler.push(item, receivedMs)
    return frame === null ? NOTHING : this.push(sensor, frame)
  }

  /** A canonical frame: from the assembler, or from a recording. */
  push(sensor: string, frame: MotionFrame): EngineStep {
    const actions = [...this.#step({kind: 'frame', sensor, frame})]
    const gestures = (this.#watchers.get(sensor) ?? []).flatMap((watcher) => [...watcher.push(frame)])
    return this.#withGestures(sensor, gestures, actions, frame)
  }

  control(sensor: string, control: string, value: number, atMs: number): EngineStep {
    const actions = [...this.#step({kind: 'control', sensor, atMs, control, value})]
    const watchers = this.#watchers.get(sensor) ?? []
    const gestures = watchers.flatMap((watcher) => [...(watcher.control?.(control, value, atMs) ?? [])])
    return this.#withGestures(sensor, gestures, actions, null)
  }

  /** Unplugged or silent: movements under way are forgotten, oscillations end, notes end. */
  lose(sensor: string, atMs: number): EngineStep {
    this.#assemblers.get(sensor)?.reset()
    const gestures = (this.#watchers.get(sensor) ?? []).flatMap((watcher) => [...watcher.reset()])
    const step = this.#withGestures(sensor, gestures, [], null)
    return {...step, actions: [...step.actions, ...this.#step({kind: 'lost', sensor, atMs})]}
  }

  tick(atMs: number): readonly LiveAction[] {
    return this.#step({kind: 'tick', atMs})
  }

  /** `arm`, `disarm`, `toggle-arm`, `freeze`, …: as in the mapping. */
  command(command: string, atMs: number): readonly LiveAction[] {
    const {state, actions} = commandLive(this.#mapping, this.#outputs, this.#state, command, atMs)
    this.#state = state
    return actions
  }

  /** The file was edited. Sensors and outputs cannot change while they are open: then it must be started again. */
  remap(mapping: Mapping, outputs: Outputs): void {
    const fixed = ({sensors, outputs: targets}: Mapping) => JSON.stringify([sensors, targets])
    if (fixed(mapping) !== fixed(this.#mapping))
      throw new CrateError('CONFLICT', 'the mapping names other sensors or outputs than it was started with', {
        hints: ['Start crate live again to use them'],
      })
    this.#mapping = mapping
    this.#outputs = outputs
    this.#state = withMapping(this.#state, mapping)
  }

  /** To be sent on every way out, whatever happened before. */
  close(): readonly LiveAction[] {
    const actions = closingMessages(this.#state)
    this.#state = {...this.#state, notes: [], touched: new Set()}
    return actions
  }

  statistics(sensor: string): SensorStatistics | null {
    return this.#assemblers.get(sensor)?.statistics() ?? null
  }

  units(sensor: string): AssemblerUnits | null {
    return this.#assemblers.get(sensor)?.units() ?? null
  }

  #withGestures(
    sensor: string,
    events: readonly GestureEvent[],
    before: readonly LiveAction[],
    frame: MotionFrame | null,
  ): EngineStep {
    const actions = [...before]
    for (const event of events) actions.push(...this.#step({kind: 'gesture', sensor, event}))
    return {actions, gestures: events.map((event) => ({sensor, event})), frame}
  }

  #step(input: LiveInput): readonly LiveAction[] {
    const {state, actions} = stepLive(this.#mapping, this.#outputs, this.#state, input)
    this.#state = state
    return actions
  }
}

const NOTHING: EngineStep = {actions: [], gestures: [], frame: null}

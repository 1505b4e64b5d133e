// The stage: sensors, engine and outputs of one mapping, with nothing beside them that could make a frame wait.
import type {Context} from '../../api/context.js'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import type {OutputMessage} from '../../core/message.js'
import type {SensorItem} from '../../core/reading.js'
import {type EngineStep, LiveEngine} from '../../live/engine/engine.js'
import type {Outputs} from '../../live/engine/interpreter.js'
import type {LiveAction} from '../../live/engine/state.js'
import type {Mapping} from '../../live/mapping/schema.js'
import type {Registry} from '../registry.js'
import {watchersFor} from './gestures.js'
import {messageText} from './message-text.js'
import {type OutputShell, openOutput} from './output-shells.js'
import {openPhones, type Phones} from './phones.js'
import type {StageConfig, StageReport, StageRequest} from './protocol.js'
import {Recorder} from './recorder.js'
import {groupSensors, openSensor, type SensorPort} from './sensor-shells.js'
import {Trace} from './trace.js'

const TICK_MS = 10
const VIEW_MS = 50
/** A hand that moves sends at 10 Hz at least; this long without a word is away. */
const SILENT_MS = 1500
const MOST_SENT_SHOWN = 12

export interface Stage {
  /** Of the phone page; null where there is none. */
  readonly phonePort: number | null
  take(request: Exclude<StageRequest, {kind: 'start'}>): Promise<void>
  /** Ends every note, resets what was moved, closes everything. Safe to call twice. */
  close(): Promise<void>
}

export interface StageDependencies {
  readonly registry: Registry
  readonly context: Context
  report(report: StageReport): void
  /** Milliseconds since 1970, not set back while it runs. */
  nowMs(): number
}

/** @throws CONFIG_INVALID, USAGE where the mapping names what there is not; absent devices are waited for */
export async function startStage(config: StageConfig, dependencies: StageDependencies): Promise<Stage> {
  const {registry, context, report, nowMs} = dependencies
  const {sensors, outputs} = config.mapping
  const notice = (level: 'info' | 'warn', message: string) => report({kind: 'notice', level, message})

  // Outputs first, so that nothing that is recognised early is lost.
  const shells = new Map<string, OutputShell>()
  const carries = new Map<string, readonly OutputMessage['kind'][]>()
  for (const [name, {type, target}] of Object.entries(outputs)) {
    const contribution = await registry.find('outputs', type)
    carries.set(name, contribution.carries)
    shells.set(name, await openOutput({contribution, target, isRestart: config.isRestart, context, notice, nowMs}))
  }
  const watchers = new Map<string, Awaited<ReturnType<typeof watchersFor>>>()
  for (const [name, entry] of Object.entries(sensors))
    watchers.set(name, await watchersFor(entry, config.models, (id) => registry.find('gestures', id)))
  const engine = new LiveEngine(config.mapping, outputsOf(config.mapping, carries), watchers)
  const recorder = config.recording === null ? null : openRecorder(config, nowMs(), notice)

  // What happens between two views
  const traces = new Map(Object.keys(sensors).map((name) => [name, new Trace()]))
  const heardMs = new Map<string, number>()
  const moved = new Set<string>()
  let sentSince: Extract<LiveAction, {kind: 'send'}>[] = []
  let slowestMs: number | null = null

  const perform = (actions: readonly LiveAction[]) => {
    for (const action of actions) {
      if (action.kind !== 'send') {
        report({kind: 'action', action})
        continue
      }
      shells.get(action.output)?.send(action.message)
      sentSince.push(action)
      if (sentSince.length > MOST_SENT_SHOWN) sentSince.shift()
    }
  }
  const follow = ({actions, gestures, frame}: EngineStep, sensor: string, receivedMs: number) => {
    perform(actions)
    if (actions.length > 0) slowestMs = Math.max(slowestMs ?? 0, nowMs() - receivedMs)
    if (frame !== null) {
      moved.add(sensor)
      traces.get(sensor)?.push(frame)
      recorder?.frame(sensor, frame)
    }
    for (const {event} of gestures) {
      report({kind: 'gesture', sensor, event})
      phones?.tell(JSON.stringify({kind: 'gesture', gesture: event.gesture, phase: event.kind}))
      const {gesture, atMs, kind, startMs, confidence, rateHz} = event
      recorder?.event({kind: 'gesture', atMs, text: gesture, data: {phase: kind, startMs, confidence, rateHz, sensor}})
    }
  }
  const events = {
    item(sensor: string, item: SensorItem, receivedMs: number) {
      heardMs.set(sensor, receivedMs)
      if (item.kind === 'notice') return notice('info', `${sensor}: ${item.message}`)
      if (item.kind === 'control') {
        report({kind: 'control', sensor, control: item.control, value: item.value})
        recorder?.event({kind: 'control', atMs: receivedMs, text: item.control, data: {value: item.value, sensor}})
      }
      follow(engine.read(sensor, item, receivedMs), sensor, receivedMs)
    },
    lost(sensor: string) {
      moved.delete(sensor)
      const atMs = nowMs()
      follow(engine.lose(sensor, atMs), sensor, atMs)
    },
    notice,
    nowMs,
  }

  // Sensors
  const ports: SensorPort[] = []
  let phones: Phones | null = null
  const places: Parameters<typeof openPhones>[1][number][] = []
  for (const {names, entry} of groupSensors(sensors)) {
    const contribution = await registry.find('sensors', entry.type)
    if (contribution.id === 'phone') {
      const sensor = await contribution.load()
      for (const name of names)
        places.push({
          name,
          device: sensors[name]?.device ?? '',
          decoder: sensor.createDecoder({profile: null, declared: {}}),
        })
    } else if (contribution.id === 'replay') ports.push(await openReplay(names, entry.target ?? '', events.lost))
    else ports.push(await openSensor(names, entry, contribution, events, context))
  }
  if (config.phone !== null) phones = await openPhones(config.phone, places, events)

  async function openReplay(names: readonly string[], path: string, lost: (sensor: string) => void) {
    const {playRecording} = await import('./replay.js')
    return playRecording(path, names, {
      frame: (sensor, frame) => {
        heardMs.set(sensor, frame.atMs)
        follow(engine.push(sensor, frame), sensor, nowMs())
      },
      control: (sensor, control, value, atMs) => follow(engine.control(sensor, control, value, atMs), sensor, nowMs()),
      ended: (sensor) => {
        lost(sensor)
        notice('info', `the recording of ${sensor} is over`)
      },
      nowMs,
    })
  }

  // Time
  const tick = setInterval(() => {
    const atMs = nowMs()
    perform(engine.tick(atMs))
    for (const shell of shells.values()) shell.flush()
    for (const sensor of moved) if (atMs - (heardMs.get(sensor) ?? atMs) > SILENT_MS) events.lost(sensor)
  }, TICK_MS)
  const view = setInterval(() => {
    recorder?.flush()
    report({kind: 'view', view: currentView()})
  }, VIEW_MS)

  function currentView() {
    const {isArmed, isFrozen} = engine.state
    const sent = sentSince.map(({atMs, output, message}) => ({atMs, output, text: messageText(message)}))
    const slowest = slowestMs
    sentSince = []
    slowestMs = null
    return {
      atMs: nowMs(),
      isArmed,
      isFrozen,
      isRecording: recorder !== null,
      sensors: Object.entries(sensors).map(([name, {type}]) => sensorView(name, type)),
      outputs: Object.entries(outputs).map(([name, {type, target}]) => {
        const shell = shells.get(name)
        return {
          name,
          type,
          target,
          state: shell?.state ?? ('away' as const),
          sent: shell?.sent ?? 0,
          dropped: shell?.dropped ?? 0,
        }
      }),
      sent,
      slowestMs: slowest,
    }
  }

  function sensorView(name: string, type: string) {
    const port = ports.find(({sensors: fed}) => fed.includes(name))
    const counts = port?.counts()
    const units = engine.units(name)
    const isPhone = type === 'phone'
    return {
      name,
      type,
      state: isPhone ? (phones?.isOpen(name) ? ('open' as const) : ('opening' as const)) : (port?.state ?? 'away'),
      statistics: engine.statistics(name),
      units: [units?.acceleration?.name, units?.rotation?.name].filter((unit) => unit !== undefined),
      malformed: counts?.malformed ?? 0,
      unknown: counts?.unknown ?? 0,
      refused: isPhone ? (phones?.refused() ?? 0) : (counts?.refused ?? 0),
      trace: traces.get(name)?.take() ?? [],
    }
  }

  let closing: Promise<void> | null = null
  const close = async () => {
    clearInterval(tick)
    clearInterval(view)
    // The notes first: closing a socket may take its time.
    perform(engine.close())
    // The summary of the night is made from the last view.
    report({kind: 'view', view: currentView()})
    await Promise.allSettled([...shells.values()].map((shell) => shell.close()))
    await Promise.allSettled([...ports.map((port) => port.close()), phones?.close(), recorder?.close()])
  }
  const leave = () => {
    closing ??= close()
    return closing
  }
  return {
    phonePort: phones?.port ?? null,
    async take(request) {
      const atMs = nowMs()
      switch (request.kind) {
        case 'remap':
          try {
            engine.remap(request.mapping, outputsOf(request.mapping, carries))
            notice('info', 'the mapping was read again')
          } catch (error) {
            const {message, hints} = crateErrorFrom(error)
            notice('warn', [`${message}; the old mapping stays`, ...hints].join('\n'))
          }
          break
        case 'command':
          perform(engine.command(request.command, atMs))
          break
        case 'mark':
          recorder?.event({kind: 'mark', atMs, text: request.text})
          break
        case 'track': {
          const {artist, title, path, deck, state} = request.deck
          const text = [artist, title].filter((part) => part !== null).join(' – ') || (path ?? '')
          recorder?.event({kind: 'track', atMs, text, data: {artist, title, path, deck, state}})
          break
        }
        case 'close':
          await leave()
      }
    },
    close: leave,
  }
}

/** Which output takes a message whose action names none: the first that carries its kind. */
export function outputsOf({outputs}: Mapping, carries: ReadonlyMap<string, readonly OutputMessage['kind'][]>): Outputs {
  const first = (kind: OutputMessage['kind']) =>
    Object.keys(outputs).find((name) => carries.get(name)?.includes(kind)) ?? null
  return {first: {midi: first('midi'), osc: first('osc'), raw: first('raw')}}
}

function openRecorder(
  {recording, mapping}: StageConfig,
  atMs: number,
  notice: (level: 'info' | 'warn', message: string) => void,
): Recorder | null {
  if (recording === null) return null
  const sensors = Object.entries(mapping.sensors).map(([id, {device, profile}]) => ({
    id,
    device,
    profile: profile ?? null,
  }))
  try {
    return new Recorder(
      recording.path,
      {name: recording.name, startedAt: new Date(atMs).toISOString(), sensors},
      ({message}) => notice('warn', `the recording stopped: ${message}`),
    )
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    throw new CrateError(
      isThere ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
      isThere
        ? `there is a recording ${recording.name} already`
        : `the recording cannot be made: ${(error as Error).message}`,
      {hints: isThere ? ['Choose another name.'] : [], cause: error},
    )
  }
}

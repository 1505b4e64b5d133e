// Learning a gesture: takes with a countdown, or the labelled spans of a recording.
import {rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {RECORDING_EXTENSION, type Recording} from '../../../sensors/replay/codec.js'
import {labelledSpans} from '../../../sensors/replay/edit.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import type {GestureWarning} from '../../core/lesson.js'
import type {MotionFrame} from '../../core/motion.js'
import {readRecording} from '../sensors/recordings.js'
import {type WatchRequest, watchSensors} from '../sensors/watch-sensors.js'
import {type GestureKind, keepTakes, readSet, trainSet} from './gesture-sets.js'

export interface TrainRequest {
  /** Null for "just dancing". */
  readonly gesture: string | null
  readonly set: string
  readonly kind: GestureKind
  /** Who makes the takes; null where nobody is named. Takes of several people are learnt beside each other. */
  readonly performer: string | null
  /** Take the labelled spans of these recordings in place of a sensor. */
  readonly from: readonly string[]
  readonly takes: number
  readonly takeSeconds: number
  readonly sensors: Omit<WatchRequest, 'recording'>
}

export interface TrainListener {
  phone(url: string): void
  notice(level: 'info' | 'warn', message: string): void
  /** `3`, `2`, `1`, `go`, `done`. */
  count(take: number, text: string): void
}

export interface TrainReport {
  readonly set: string
  readonly gesture: string | null
  readonly takes: number
  readonly gestures: readonly {readonly gesture: string; readonly kind: GestureKind; readonly takes: number}[]
  readonly hasNegatives: boolean
  readonly warnings: readonly GestureWarning[]
}

/** Before the start and after the end, so that no take begins in the middle of its movement. */
const MARGIN_MS = 250
const FEWEST_TAKES = 3

/** @throws USAGE for too few takes or no motion in them; what was learnt before stays then */
export async function trainGesture(
  environment: Environment,
  request: TrainRequest,
  listener: TrainListener,
): Promise<TrainReport> {
  const {libraryFolder, nowMs} = environment
  const {gesture, set, kind, performer} = request
  const takes =
    request.from.length > 0
      ? await takesOfRecordings(libraryFolder, request.from, gesture)
      : await recordTakes(environment, request, listener)
  const least = gesture === null ? 1 : FEWEST_TAKES
  if (takes.length < least)
    throw new CrateError('USAGE', `${takes.length} takes are too few to learn from: ${least} are needed`, {
      hints: ['Three to five takes serve best, each a little different, as on stage.'],
    })
  await keepTakes(libraryFolder, set, {gesture, kind, takes, performer}, nowMs())
  return {...(await retrain(environment, set)), gesture, takes: takes.length}
}

/** Learns a set anew from what is kept. */
export async function retrain({libraryFolder}: Environment, set: string): Promise<TrainReport> {
  const warnings = await trainSet(libraryFolder, set)
  const {gestures, negatives} = await readSet(libraryFolder, set)
  return {
    set,
    gesture: null,
    takes: 0,
    gestures: gestures.map(({gesture, kind, takes}) => ({gesture, kind, takes: takes.length})),
    hasNegatives: negatives.length > 0,
    warnings,
  }
}

/** Spans labelled with the gesture's name; for "just dancing" those labelled `dancing`. */
async function takesOfRecordings(
  libraryFolder: string,
  names: readonly string[],
  gesture: string | null,
): Promise<MotionFrame[][]> {
  const takes: MotionFrame[][] = []
  for (const name of names) {
    const {recording} = await readRecording(libraryFolder, name)
    const spans = labelledSpans(recording).filter((span) => span.gesture === (gesture ?? 'dancing'))
    if (gesture === null && spans.length === 0)
      takes.push(framesBetween(recording, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))
    for (const {startMs, endMs} of spans) takes.push(framesBetween(recording, startMs - MARGIN_MS, endMs + MARGIN_MS))
  }
  return takes.filter((frames) => frames.length > 0)
}

/** Of the sensor that moved first: a gesture is made with one hand. */
function framesBetween({frames}: Recording, fromMs: number, toMs: number): MotionFrame[] {
  const inside = frames.filter(({frame}) => frame.atMs >= fromMs && frame.atMs <= toMs)
  return inside.flatMap(({sensor, frame}) => (sensor === inside[0]?.sensor ? frame : []))
}

async function recordTakes(
  environment: Environment,
  {gesture, takes, takeSeconds, sensors}: TrainRequest,
  listener: TrainListener,
): Promise<MotionFrame[][]> {
  const path = join(tmpdir(), `crate-takes-${process.pid}-${environment.nowMs()}${RECORDING_EXTENSION}`)
  const {signal} = environment
  try {
    let frames = 0
    const watch = await watchSensors(
      environment,
      {...sensors, recording: {path, name: gesture ?? 'dancing'}},
      {
        view: (view) => {
          frames = view.sensors.reduce((sum, {statistics}) => sum + (statistics?.frames ?? 0), 0)
        },
        notice: listener.notice,
        control: () => undefined,
      },
    )
    try {
      if (watch.phoneUrl !== null) listener.phone(watch.phoneUrl)
      listener.notice('info', 'waiting for the sensor to move')
      while (frames === 0) await wait(100, undefined, {signal})
      for (let take = 1; take <= takes; take++) {
        for (const text of ['3', '2', '1']) {
          listener.count(take, text)
          await wait(700, undefined, {signal})
        }
        watch.mark(`take ${take}`)
        listener.count(take, 'go')
        await wait(takeSeconds * 1000, undefined, {signal})
        watch.mark(`end ${take}`)
        listener.count(take, 'done')
        await wait(MARGIN_MS * 2, undefined, {signal})
      }
    } finally {
      await watch.close()
    }
    const {recording} = await readRecording('', path)
    const markMs = (text: string) =>
      recording.events.find((event) => event.kind === 'mark' && event.text === text)?.atMs
    return Array.from({length: takes}, (_, index) => {
      const [fromMs, toMs] = [markMs(`take ${index + 1}`), markMs(`end ${index + 1}`)]
      return fromMs === undefined || toMs === undefined
        ? []
        : framesBetween(recording, fromMs - MARGIN_MS, toMs + MARGIN_MS)
    }).filter((list) => list.length > 0)
  } finally {
    await rm(path, {force: true})
  }
}

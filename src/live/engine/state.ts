// What the interpreter remembers between two inputs, and what goes in and comes out.
import type {OutputMessage} from '../../core/message.js'
import type {GestureEvent, MotionFrame} from '../../core/motion.js'
import type {Forward, PoseState} from '../control/axes.js'
import type {OneEuroState} from '../control/one-euro.js'
import type {CrateCommand, Mapping} from '../mapping/schema.js'

export type LiveInput =
  | {readonly kind: 'frame'; readonly sensor: string; readonly frame: MotionFrame}
  | {readonly kind: 'gesture'; readonly sensor: string; readonly event: GestureEvent}
  | {
      readonly kind: 'control'
      readonly sensor: string
      readonly atMs: number
      readonly control: string
      readonly value: number
    }
  /** The sensor was unplugged or fell silent: what it held is let go. */
  | {readonly kind: 'lost'; readonly sensor: string; readonly atMs: number}
  /** Time goes on without motion; every 20 ms is enough. */
  | {readonly kind: 'tick'; readonly atMs: number}

export type LiveAction =
  | {readonly kind: 'send'; readonly atMs: number; readonly output: string; readonly message: OutputMessage}
  | {readonly kind: 'command'; readonly atMs: number; readonly command: CrateCommand; readonly cause: string}
  | {readonly kind: 'plugin'; readonly atMs: number; readonly id: string; readonly argument: string}
  | {readonly kind: 'status'; readonly atMs: number; readonly isArmed: boolean; readonly isFrozen: boolean}

/** A note that must be ended: at a time, or when what owns it lets go. */
export interface SoundingNote {
  readonly output: string
  readonly channel: number
  readonly number: number
  readonly owner: string
  readonly offAtMs: number | null
}

export interface ControlState {
  readonly filter: OneEuroState | null
  readonly learnt: readonly [number, number] | null
  /** In the steps of its target; null before the first. */
  readonly sent: number | null
  readonly sentAtMs: number
  /** Held back by the limit of its rate. */
  readonly pending: number | null
}

export interface LiveState {
  readonly nowMs: number
  readonly isArmed: boolean
  readonly isFrozen: boolean
  readonly isLearning: boolean
  /** Controls that are not at 0, by name, with the sensor they belong to. */
  readonly held: ReadonlyMap<string, {readonly sensor: string; readonly value: number}>
  readonly poses: ReadonlyMap<string, PoseState>
  readonly forward: ReadonlyMap<string, Forward>
  readonly notes: readonly SoundingNote[]
  readonly controls: readonly ControlState[]
  /** Channels that were sent controllers or bends: `output channel`. */
  readonly touched: ReadonlySet<string>
}

const FRESH: ControlState = {filter: null, learnt: null, sent: null, sentAtMs: Number.NEGATIVE_INFINITY, pending: null}

export function initialState(mapping: Mapping): LiveState {
  return {
    nowMs: Number.NEGATIVE_INFINITY,
    isArmed: mapping.armed,
    isFrozen: false,
    isLearning: mapping.controls.some(({range}) => range === 'learn'),
    held: new Map(),
    poses: new Map(),
    forward: new Map(),
    notes: [],
    controls: mapping.controls.map(() => FRESH),
    touched: new Set(),
  }
}

/** The state under a mapping that was just edited: poses, notes and what is held stay, controls begin anew. */
export function withMapping(state: LiveState, mapping: Mapping): LiveState {
  return {...state, controls: mapping.controls.map(() => FRESH)}
}

// What the stage's process and the one beside it say to each other: plain data, bounded in size and rate.
import type {SensorSettings} from '../../api/sensor.js'
import type {DeckState} from '../../core/deck.js'
import type {InstalledPlugin} from '../../core/environment.js'
import type {ErrorCode} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'
import type {GestureEvent} from '../../core/motion.js'
import type {LiveAction} from '../../live/engine/state.js'
import type {SensorStatistics} from '../../live/frames/statistics.js'
import type {Mapping} from '../../live/mapping/schema.js'

/** A trained recogniser of one set. */
export interface GestureModel {
  readonly set: string
  /** Id of the gesture contribution that learnt it. */
  readonly recognizer: string
  readonly model: JsonValue
}

export interface PhonePage {
  readonly host: string
  readonly port: number
  readonly cert: string
  readonly key: string
  readonly token: string
  readonly files: readonly {readonly path: string; readonly type: string; readonly bytes: Uint8Array}[]
}

export interface StageConfig {
  readonly mapping: Mapping
  readonly models: readonly GestureModel[]
  readonly phone: PhonePage | null
  readonly recording: {readonly path: string; readonly name: string} | null
  readonly installedPlugins: readonly InstalledPlugin[]
  /** The stage ended without closing its outputs: whatever may still sound there is ended first. */
  readonly isRestart: boolean
}

export type StageRequest =
  | {readonly kind: 'start'; readonly config: StageConfig}
  | {readonly kind: 'remap'; readonly mapping: Mapping}
  /** `arm`, `freeze`, `set-forward`, …: the mapping's own commands to the engine. */
  | {readonly kind: 'command'; readonly command: string}
  | {readonly kind: 'mark'; readonly text: string}
  | {readonly kind: 'track'; readonly deck: DeckState}
  | {readonly kind: 'close'}

export type PortState = 'opening' | 'open' | 'away'

export interface SensorView {
  readonly name: string
  readonly type: string
  readonly state: PortState
  readonly statistics: SensorStatistics | null
  /** `g`, `°/s` as they were detected. */
  readonly units: readonly string[]
  readonly malformed: number
  readonly unknown: number
  /** Dropped before decoding: floods, messages that are too long, pages without the token. */
  readonly refused: number
  /** What a scope draws: time, acceleration in m/s², rotation in rad/s, thinned. */
  readonly trace: readonly (readonly number[])[]
}

export interface OutputView {
  readonly name: string
  readonly type: string
  readonly target: string
  readonly state: PortState
  readonly sent: number
  readonly dropped: number
}

export interface SentMessage {
  readonly atMs: number
  readonly output: string
  /** `note 36 on, channel 1`, `/osc/address 0.5`. */
  readonly text: string
}

export interface StageView {
  readonly atMs: number
  readonly isArmed: boolean
  readonly isFrozen: boolean
  readonly isRecording: boolean
  readonly sensors: readonly SensorView[]
  readonly outputs: readonly OutputView[]
  /** The last few since the view before. */
  readonly sent: readonly SentMessage[]
  /** The longest time from a sensor's bytes to its last message out since the view before, ms; null where none went. */
  readonly slowestMs: number | null
}

export type StageReport =
  | {readonly kind: 'started'; readonly phonePort: number | null}
  | {readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly hints: readonly string[]}
  | {readonly kind: 'notice'; readonly level: 'info' | 'warn'; readonly message: string}
  | {readonly kind: 'gesture'; readonly sensor: string; readonly event: GestureEvent}
  | {readonly kind: 'control'; readonly sensor: string; readonly control: string; readonly value: number}
  | {readonly kind: 'action'; readonly action: Exclude<LiveAction, {kind: 'send'}>}
  | {readonly kind: 'view'; readonly view: StageView}
  | {readonly kind: 'closed'}

export type {SensorSettings}

// What crate hands to every contribution, so that a plugin imports only types and carries no second copy of crate.
import type {Beat, BeatGrid} from '../core/beat-grid.js'
import type {CrateErrorOptions, ErrorCode} from '../core/errors.js'
import type {JsonValue} from '../core/json.js'
import type {KeyNotation, MusicalKey} from '../core/key.js'
import type {ClockProgram, PositionShift, ShiftedFile, ShiftOptions} from '../core/position-shift.js'
import type {DatabaseAccess} from './database.js'
import type {ImportedTrack} from './format.js'

export interface Log {
  /** Shown with --debug only. */
  debug(message: string): void
  info(message: string): void
  /** Shown to the person, once per distinct message, on stderr. */
  warn(message: string): void
}

export interface Progress {
  /** @param total null while it is not known */
  update(done: number, total: number | null, label?: string): void
}

/** Pure functions of crate's core that contributions need most. */
export interface CoreFunctions {
  parseKey(text: string): MusicalKey | null
  formatKey(key: MusicalKey, notation: KeyNotation): string
  beatsOfGrid(grid: BeatGrid, endMs: number): Beat[]
  nearestColor(palette: readonly number[], colorRgb: number): number | null
  /** A track of which nothing is known but its path and what the path promises, for an importer to fill in. */
  bareTrack(ref: string, path: string): ImportedTrack
  /** What to add to positions on their way between two programs, or to and from `crate`'s own; 0 but for MP3 and AAC. */
  shiftBetween(from: ClockProgram, to: ClockProgram, file: ShiftedFile, options?: ShiftOptions): PositionShift
}

export interface Context {
  /** Aborted when the person stops the command; a contribution ends within a second of it. */
  readonly signal: AbortSignal
  /** The contribution's own part of crate's configuration, checked against its schema. */
  readonly config: Readonly<Record<string, JsonValue>>
  readonly log: Log
  readonly progress: Progress
  /** Milliseconds since 1970; a contribution uses no other clock. */
  nowMs(): number
  /** Makes the error to throw: crate shows its message and hints, and never a stack trace. */
  error(code: ErrorCode, message: string, options?: CrateErrorOptions): Error
  readonly core: CoreFunctions
  /** SQLite of other programs; a plugin that brings its own binding would break with each version of Node. */
  readonly databases: DatabaseAccess
}

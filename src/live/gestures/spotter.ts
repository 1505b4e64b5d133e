// Strokes in an endless stream: proposals by a subsequence matcher and by pauses, confirmed by a normalised match.
import type {GestureEvent, MotionFrame} from '../../core/motion.js'
import {STANDARD_GRAVITY} from '../signal/vector.js'
import {ActivityMeter, BREAK_MS, trimRest} from './activity.js'
import {comparable, pathFromFrames} from './curve.js'
import {Spring, type SpringMatch, STEP_MS, streamPoint} from './spring.js'
import {confidenceOf, matchCurve, type StrokeMatch} from './stroke-match.js'
import type {StrokeModel} from './stroke-model.js'

export interface SpotterOptions {
  /** Above 1 fires more readily, below 1 less; scales every threshold. */
  readonly sensitivity?: number
  /** Best over second best beyond which a movement is left undecided. */
  readonly ambiguity?: number
  /**
   * Share of the threshold under which a match fires at once instead of at the pause after it: faster, and now and then
   * the beginning of a longer gesture is taken for a shorter one. 0 waits always.
   */
  readonly eagerness?: number
}

/** A hand is at rest when it was quiet this long. */
const QUIET_MS = 110
/** How long a good match waits for a better one that overlaps it. */
const HOLD_MS = 140
const QUEUED = 6
/** No stroke is shorter; knocks are. */
const SHORTEST_MS = 180

interface Proposal {
  readonly match: StrokeMatch
  readonly startMs: number
  readonly endMs: number
  readonly foundMs: number
}

export class StrokeSpotter {
  readonly #model: StrokeModel
  readonly #sensitivity: number
  readonly #ambiguity: number
  readonly #eagerness: number
  readonly #longestMs: number
  readonly #springs: readonly Spring[]
  readonly #keepMs: number
  #meter = new ActivityMeter()
  readonly #step: Float32Array
  #stepFrames = 0
  #stepEndMs = Number.NEGATIVE_INFINITY
  #frames: MotionFrame[] = []
  #movingSinceMs: number | null = null
  #lastMovedMs = 0
  #held: Proposal | null = null
  /** A good match inside a movement of which it is not known yet whether it will pause. */
  #waiting: Proposal | null = null
  /** Matches of the stream that are not confirmed yet, best first; one is confirmed a frame, so that none is slow. */
  #queue: readonly SpringMatch[] = []
  /** What was before it belongs to a stroke that has fired. */
  #spentMs = Number.NEGATIVE_INFINITY

  constructor(model: StrokeModel, options: SpotterOptions = {}) {
    this.#model = model
    this.#sensitivity = options.sensitivity ?? 1
    this.#ambiguity = options.ambiguity ?? 0.85
    this.#eagerness = options.eagerness ?? 0
    const part = model.followed
    const templates = model.classes.flatMap((entry) => entry.templates.filter((template) => template.part === part))
    this.#springs = templates.map(({path}) => new Spring(path))
    this.#longestMs = Math.max(500, ...templates.map(({path}) => path.durationMs))
    this.#keepMs = 3 * this.#longestMs
    this.#step = new Float32Array(model.channels)
  }

  push(frame: MotionFrame): readonly GestureEvent[] {
    const before = this.#frames.at(-1)
    if (before !== undefined && frame.atMs - before.atMs > BREAK_MS) this.reset()
    this.#keep(frame)
    const activity = this.#meter.push(frame)
    const ended = this.#followMovement(activity, frame.atMs)
    if (ended !== null) this.#propose(ended.startMs, ended.endMs, frame.atMs, true)
    this.#advance(frame)
    this.#confirmQueued(frame.atMs)
    this.#settleWaiting(frame.atMs)
    const held = this.#held
    if (held === null) return []
    const isAtRest = this.#movingSinceMs === null
    return isAtRest || frame.atMs - held.foundMs >= HOLD_MS ? this.#fire(held, frame.atMs) : []
  }

  reset(): readonly GestureEvent[] {
    this.#frames = []
    this.#meter = new ActivityMeter()
    this.#spentMs = Number.NEGATIVE_INFINITY
    this.#held = null
    this.#waiting = null
    this.#queue = []
    this.#movingSinceMs = null
    this.#stepFrames = 0
    this.#step.fill(0)
    this.#stepEndMs = Number.NEGATIVE_INFINITY
    for (const spring of this.#springs) spring.reset()
    return []
  }

  #keep(frame: MotionFrame): void {
    this.#frames.push(frame)
    const oldestMs = frame.atMs - this.#keepMs
    if (this.#frames.length > 64 && (this.#frames[this.#frames.length >> 1] as MotionFrame).atMs < oldestMs)
      this.#frames = this.#frames.filter(({atMs}) => atMs >= oldestMs)
  }

  #followMovement(activity: number, atMs: number): {startMs: number; endMs: number} | null {
    if (activity > this.#model.activityThreshold) {
      this.#movingSinceMs ??= atMs
      this.#lastMovedMs = atMs
      return null
    }
    if (this.#movingSinceMs === null || atMs - this.#lastMovedMs < QUIET_MS) return null
    const movement = {startMs: this.#movingSinceMs, endMs: this.#lastMovedMs}
    this.#movingSinceMs = null
    return movement
  }

  #advance(frame: MotionFrame): void {
    if (this.#springs.length === 0) return
    const {acceleration, rotation} = frame
    for (let channel = 0; channel < this.#step.length; channel++) {
      const value =
        channel < 3 ? (acceleration[channel] as number) / STANDARD_GRAVITY : ((rotation?.[channel - 3] ?? 0) as number)
      this.#step[channel] = (this.#step[channel] as number) + value
    }
    this.#stepFrames++
    if (frame.atMs < this.#stepEndMs) return
    this.#stepEndMs = Math.max(this.#stepEndMs + STEP_MS, frame.atMs)
    if (!Number.isFinite(this.#stepEndMs)) this.#stepEndMs = frame.atMs + STEP_MS
    streamPoint(this.#step, 1 / this.#stepFrames)
    for (const spring of this.#springs) {
      const found = spring.push(this.#step, frame.atMs, SPRING_LIMIT)
      if (found !== null) this.#queue = [...this.#queue, found].sort((a, b) => a.distance - b.distance).slice(0, QUEUED)
    }
    this.#step.fill(0)
    this.#stepFrames = 0
  }

  #propose(startMs: number, endMs: number, nowMs: number, isBounded: boolean): void {
    const fromMs = Math.max(startMs, this.#spentMs)
    if (endMs - fromMs < SHORTEST_MS || fromMs - startMs > 0.3 * (endMs - startMs)) return
    const slice = this.#frames.filter(({atMs}) => atMs >= fromMs - 40 && atMs <= endMs)
    if (slice.length < 8) return
    const path = pathFromFrames(isBounded ? trimRest(slice) : slice)
    const match = matchCurve(this.#model, comparable(path, this.#model.isUpright))
    if (match === null || match.ratio > this.#sensitivity || match.margin > this.#ambiguity) return
    const proposal = {match, startMs: fromMs, endMs, foundMs: nowMs}
    const isSure = isBounded || this.#isEndless(nowMs) || match.ratio <= this.#sensitivity * this.#eagerness
    if (isSure) this.#held = better(this.#held, proposal)
    else this.#waiting = better(this.#waiting, proposal)
  }

  /** A hand that pauses is judged at the pause; one that never stops, by the best match inside its movement. */
  #isEndless(nowMs: number): boolean {
    return this.#movingSinceMs !== null && nowMs - this.#movingSinceMs > 1.5 * this.#longestMs
  }

  #confirmQueued(nowMs: number): void {
    if (this.#movingSinceMs === null) this.#queue = []
    if (this.#eagerness <= 0 && !this.#isEndless(nowMs)) return
    const [first, ...rest] = this.#queue
    if (first === undefined) return
    this.#queue = rest
    this.#propose(first.startMs, first.endMs, nowMs, false)
  }

  #settleWaiting(nowMs: number): void {
    if (this.#waiting === null) return
    if (this.#isEndless(nowMs)) this.#held = better(this.#held, this.#waiting)
    else if (this.#movingSinceMs !== null) return
    this.#waiting = null
  }

  #fire({match, startMs, endMs}: Proposal, nowMs: number): GestureEvent[] {
    this.#held = null
    this.#waiting = null
    this.#queue = []
    this.#spentMs = endMs
    for (const spring of this.#springs) spring.reset()
    const confidence = confidenceOf(match.ratio / this.#sensitivity)
    return [{kind: 'stroke', gesture: match.gesture, atMs: nowMs, startMs, confidence, rateHz: null}]
  }
}

function better(held: Proposal | null, found: Proposal): Proposal {
  if (held === null) return found
  return found.match.ratio < held.match.ratio ? {...found, foundMs: held.foundMs} : held
}

/** Mean distance a step beyond which a match of the stream is not worth confirming. */
const SPRING_LIMIT = 1.5

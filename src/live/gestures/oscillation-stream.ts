// Oscillations in an endless stream: what swings now, how fast, and when it began and ended.
import type {GestureEvent, MotionFrame} from '../../core/motion.js'
import {BREAK_MS} from './activity.js'
import {cycleOf, WINDOW_MS} from './cycle.js'
import {matchCycle, type OscillationModel} from './oscillation-model.js'
import {confidenceOf} from './stroke-match.js'

const HOP_MS = 120
/** Windows that must agree before it begins. */
const TO_BEGIN = 3
/** Windows without it before it has ended: while the hand goes on swinging otherwise, and once it has stopped. */
const TO_END = 10
const STOPPED_COUNTS = 4
/** Swings looked at while it goes on: fewer than a window holds follow a changing rate sooner. */
const FOLLOWED_SWINGS = 3.2
const LEAST_FOLLOWED_MS = 1300
/** Recent strength under which the hand has stopped, though the window still remembers the swing. */
const STILL = 0.5
/** Change of rate worth telling. */
const RATE_STEP = 0.04

interface Going {
  readonly gesture: string
  readonly startMs: number
  readonly rateHz: number
  readonly misses: number
  readonly confidence: number
}

export class OscillationStream {
  readonly #model: OscillationModel
  readonly #sensitivity: number
  #frames: MotionFrame[] = []
  #nextMs = Number.NEGATIVE_INFINITY
  #candidate: {gesture: string; count: number; startMs: number} | null = null
  #going: Going | null = null

  constructor(model: OscillationModel, options: {readonly sensitivity?: number} = {}) {
    this.#model = model
    this.#sensitivity = options.sensitivity ?? 1
  }

  push(frame: MotionFrame): readonly GestureEvent[] {
    const before = this.#frames.at(-1)
    const ended = before !== undefined && frame.atMs - before.atMs > BREAK_MS ? this.reset() : []
    this.#frames.push(frame)
    if (frame.atMs < this.#nextMs) return ended
    this.#nextMs = frame.atMs + HOP_MS
    const oldestMs = frame.atMs - WINDOW_MS
    this.#frames = this.#frames.filter(({atMs}) => atMs >= oldestMs)
    return [...ended, ...this.#judge(frame.atMs)]
  }

  reset(): readonly GestureEvent[] {
    const going = this.#going
    const lastMs = this.#frames.at(-1)?.atMs ?? 0
    this.#frames = []
    this.#nextMs = Number.NEGATIVE_INFINITY
    this.#candidate = null
    this.#going = null
    return going === null ? [] : [event('ended', going, lastMs)]
  }

  #judge(atMs: number): GestureEvent[] {
    const frames = this.#recentFrames(atMs)
    const heardMs = atMs - (frames[0]?.atMs ?? atMs)
    // To begin with, only what has swung through most of a window is believed.
    const cycle = this.#going === null && heardMs < 0.7 * WINDOW_MS ? null : cycleOf(frames)
    const {leastRegularity, leastStrength} = this.#model
    const isSwinging =
      cycle !== null && cycle.regularity >= leastRegularity && cycle.strength >= leastStrength && cycle.recent >= STILL
    const match = isSwinging ? matchCycle(this.#model, cycle) : null
    const found = match !== null && match.ratio < this.#sensitivity ? match : null
    const going = this.#going
    if (going !== null && found?.gesture === going.gesture && cycle !== null)
      return this.#goOn(going, cycle.rateHz, confidenceOf(found.ratio / this.#sensitivity), atMs)
    const events: GestureEvent[] = []
    if (going !== null) {
      const misses = going.misses + (isSwinging ? 1 : STOPPED_COUNTS)
      this.#going = {...going, misses}
      if (misses < TO_END) return []
      this.#going = null
      events.push(event('ended', going, atMs))
    }
    if (found === null || cycle === null) {
      this.#candidate = null
      return events
    }
    const candidate = this.#candidate
    const count = candidate?.gesture === found.gesture ? candidate.count + 1 : 1
    const startMs = candidate?.gesture === found.gesture ? candidate.startMs : (this.#frames[0]?.atMs ?? atMs)
    this.#candidate = {gesture: found.gesture, count, startMs}
    if (count < TO_BEGIN) return events
    this.#candidate = null
    const confidence = confidenceOf(found.ratio / this.#sensitivity)
    this.#going = {gesture: found.gesture, startMs, rateHz: cycle.rateHz, misses: 0, confidence}
    return [...events, event('started', this.#going, atMs)]
  }

  #recentFrames(atMs: number): readonly MotionFrame[] {
    if (this.#going === null) return this.#frames
    const spanMs = Math.max(LEAST_FOLLOWED_MS, (FOLLOWED_SWINGS * 1000) / this.#going.rateHz)
    return this.#frames.filter((frame) => frame.atMs >= atMs - spanMs)
  }

  #goOn(going: Going, rateHz: number, confidence: number, atMs: number): GestureEvent[] {
    const isNews = Math.abs(rateHz / going.rateHz - 1) >= RATE_STEP
    this.#going = {...going, misses: 0, rateHz: isNews ? rateHz : going.rateHz, confidence}
    return isNews ? [event('going', this.#going, atMs)] : []
  }
}

function event(kind: 'started' | 'going' | 'ended', going: Going, atMs: number): GestureEvent {
  const {gesture, startMs, confidence, rateHz} = going
  return {kind, gesture, atMs, startMs, confidence, rateHz}
}

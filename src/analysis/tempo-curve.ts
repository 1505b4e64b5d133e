// Tempo that moves: whether one period holds for the whole track, and else the beats one by one.
import {autocorrelation, valueAtLag} from './autocorrelation.js'
import {likeliestPath} from './viterbi.js'

const WINDOW_SECONDS = 12
const HOP_SECONDS = 4
/** Mean length of the phase vectors below which one period does not hold: music at one tempo reaches 0.9, a ramp 0.6. */
const LEAST_STEADINESS = 0.85
/** Windows in a row that may stand elsewhere than the rest, at both harmonics and with a clear beat. */
const MOST_ASTRAY = 3
const ASTRAY_ANGLE = Math.PI / 3
const CLEAR_SHARE = 0.4

/**
 * Whether one period keeps its phase over the whole track.
 *
 * Windows of 12 s each find the phase of the beat and of its half; their mean directions must be long, and no stretch of
 * 24 s may disagree at both (at one alone is no change of tempo: breaks swap beat and off-beat).
 */
export function isTempoSteady(activation: Float32Array, periodFrames: number, frameRateHz: number): boolean {
  const harmonics = [1, 2].map((harmonic) => windowPhases(activation, harmonic / periodFrames, frameRateHz))
  const astray = harmonics.map(({phases, direction}) => {
    const sizes = phases.map(([x, y]) => Math.hypot(x, y))
    const usual = [...sizes].sort((a, b) => a - b)[sizes.length >> 1] ?? 0
    return phases.map(([x, y], i) => {
      const turn = Math.atan2(y, x) - direction
      const angle = Math.abs(turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI)))
      return (sizes[i] ?? 0) > CLEAR_SHARE * usual && angle > ASTRAY_ANGLE
    })
  })
  let run = 0
  let longest = 0
  for (let i = 0; i < (astray[0]?.length ?? 0); i++) {
    run = astray.every((flags) => flags[i] === true) ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return (
    longest <= MOST_ASTRAY &&
    Math.max(...harmonics.map(({steadiness}) => steadiness)) >= LEAST_STEADINESS &&
    longestOtherTempo(activation, periodFrames, frameRateHz) <= MOST_ELSEWHERE
  )
}

/** A window goes at another tempo where that has this much more support than the main one, */
const OTHER_LEAD = 2
/** and at least this much of it: passages without drums reach 0.15. */
const OTHER_SUPPORT = 0.3
/** So many windows in a row, 48 s: shorter stretches are arpeggios and delays that keep their own time. */
const MOST_ELSEWHERE = 9
/** Ratios at which another period is but another way to count the main one. */
const SAME_METRE = [1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2] as const

/** The most windows in a row whose onsets keep a period that the main one does not explain: another song in a mix. */
function longestOtherTempo(activation: Float32Array, periodFrames: number, frameRateHz: number): number {
  const windowFrames = Math.round(WINDOW_SECONDS * frameRateHz)
  const hop = Math.round(HOP_SECONDS * frameRateHz)
  const maxLag = Math.ceil(4 * WANDER * periodFrames) + 2
  const others = candidatePeriods(periodFrames).filter((period) =>
    SAME_METRE.every((ratio) => Math.abs(period / periodFrames / ratio - 1) > 0.03),
  )
  let run = 0
  let longest = 0
  for (let start = 0; start + windowFrames <= activation.length; start += hop) {
    const acf = autocorrelation(activation.subarray(start, start + windowFrames), maxLag)
    const best = Math.max(...others.map((period) => localSupport(acf, period)))
    const main = Math.max(...[0.99, 1, 1.01].map((stretch) => localSupport(acf, stretch * periodFrames)))
    run = best > OTHER_SUPPORT && best > OTHER_LEAD * main ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

interface WindowPhases {
  readonly phases: readonly (readonly [number, number])[]
  readonly direction: number
  readonly steadiness: number
}

function windowPhases(activation: Float32Array, frequency: number, frameRateHz: number): WindowPhases {
  const windowFrames = Math.round(WINDOW_SECONDS * frameRateHz)
  const hop = Math.round(HOP_SECONDS * frameRateHz)
  const phases: (readonly [number, number])[] = []
  let re = 0
  let im = 0
  let total = 0
  for (let start = 0; start === 0 || start + windowFrames <= activation.length; start += hop) {
    const [x, y] = fourierAt(activation.subarray(start, start + windowFrames), frequency, start)
    phases.push([x, y])
    re += x
    im += y
    total += Math.hypot(x, y)
  }
  return {phases, direction: Math.atan2(im, re), steadiness: total > 0 ? Math.hypot(re, im) / total : 0}
}

function fourierAt(part: Float32Array, frequency: number, start: number): [number, number] {
  let re = 0
  let im = 0
  const mean = part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length)
  for (let i = 0; i < part.length; i++) {
    const angle = -2 * Math.PI * frequency * (start + i)
    const value = (part[i] as number) - mean
    re += value * Math.cos(angle)
    im += value * Math.sin(angle)
  }
  return [re, im]
}

const LOCAL_WINDOW_SECONDS = 8
const LOCAL_HOP_SECONDS = 1
const LOCAL_STEP = 1.01
/** How far tempo may wander from the main one. */
const WANDER = 1.5
/** Price of a change of 1 % per second in units of local support. */
const CHANGE_PRICE = 0.04
/** The most steps of period from one second to the next. */
const MOST_STEPS = 8
const LOCAL_LAGS: readonly (readonly [number, number])[] = [
  [0.5, 0.5],
  [1, 1],
  [2, 1],
  [3, 0.6],
  [4, 0.9],
]

function candidatePeriods(mainPeriodFrames: number): number[] {
  const periods: number[] = []
  for (let p = mainPeriodFrames / WANDER; p <= mainPeriodFrames * WANDER; p *= LOCAL_STEP) periods.push(p)
  return periods
}

/** The period in frames at each second of the track: the path of highest local support with few and small changes. */
export function periodCurve(activation: Float32Array, mainPeriodFrames: number, frameRateHz: number): Float64Array {
  const periods = candidatePeriods(mainPeriodFrames)
  const windowFrames = Math.round(LOCAL_WINDOW_SECONDS * frameRateHz)
  const hop = Math.round(LOCAL_HOP_SECONDS * frameRateHz)
  const steps = Math.max(1, Math.ceil(activation.length / hop))
  const maxLag = Math.ceil(4 * mainPeriodFrames * WANDER) + 2
  const supports = Array.from({length: steps}, (_, step) => {
    const start = Math.max(0, Math.min(activation.length - windowFrames, step * hop - (windowFrames >> 1)))
    const acf = autocorrelation(activation.subarray(start, start + windowFrames), maxLag)
    return Float64Array.from(periods, (period) => localSupport(acf, period))
  })
  const path = likeliestPath(supports, (change) =>
    change > MOST_STEPS ? Number.POSITIVE_INFINITY : CHANGE_PRICE * change,
  )
  return Float64Array.from(path, (state) => periods[state] as number)
}

function localSupport(acf: Float32Array, period: number): number {
  let sum = 0
  for (const [beats, weight] of LOCAL_LAGS) sum += weight * valueAtLag(acf, beats * period)
  return sum / 4
}

/** How strictly beats keep the local period (Ellis's α, scaled to an activation with mean 1). */
const STRICTNESS = 60

/**
 * Beats in frames by dynamic programming over the activation, at periods that follow the curve.
 *
 * @see Ellis: Beat tracking by dynamic programming (Journal of New Music Research 36, 2007)
 */
export function trackBeats(activation: Float32Array, curve: Float64Array, frameRateHz: number): number[] {
  const hop = Math.round(LOCAL_HOP_SECONDS * frameRateHz)
  const mean = activation.reduce((sum, value) => sum + value, 0) / Math.max(1, activation.length)
  if (!(mean > 0)) return []
  const score = new Float64Array(activation.length)
  const before = new Int32Array(activation.length).fill(-1)
  for (let i = 0; i < activation.length; i++) {
    const period = curve[Math.min(curve.length - 1, Math.round(i / hop))] as number
    let best = 0
    for (let j = Math.max(0, Math.round(i - 1.6 * period)); j <= i - 0.6 * period; j++) {
      const value = (score[j] as number) - STRICTNESS * Math.log((i - j) / period) ** 2
      if (value > best) {
        best = value
        before[i] = j
      }
    }
    score[i] = best + (activation[i] as number) / mean
  }
  let at = Math.max(0, activation.length - Math.round(2 * (curve.at(-1) ?? 0)))
  for (let i = at; i < score.length; i++) if ((score[i] as number) > (score[at] as number)) at = i
  const beats: number[] = []
  for (; at >= 0; at = before[at] as number) beats.push(at)
  return beats.reverse()
}

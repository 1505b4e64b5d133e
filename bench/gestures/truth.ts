// Where the nine gestures of a continuous recording are: the data says their order only, the pauses say the rest.
import {activityOf, quantile} from '../../src/live/gestures/activity.js'
import {comparable, pathFromFrames} from '../../src/live/gestures/curve.js'
import {type Curve, warpedDistance} from '../../src/live/gestures/dtw.js'
import type {Stream} from './data.js'

export interface Span {
  readonly startMs: number
  readonly endMs: number
}

interface Candidate extends Span {
  readonly curves: readonly Curve[]
  readonly energy: number
}

const SHARES = [0.04, 0.06, 0.08, 0.1, 0.13, 0.17, 0.22, 0.28, 0.35, 0.45]
const GAPS_MS = [130, 200, 300, 420, 550, 700, 900]
/** Cost of leaving all of a recording's movement outside the spans. */
const UNCOVERED = 30

/**
 * The spans of each recording of one subject, `count` in order. Every cut by pauses at any threshold is a candidate; the
 * sequence is chosen in which the same number looks alike in all recordings and little movement is left over, and that
 * is repeated with what was chosen. The order is knowledge that no recogniser gets.
 */
export function findSpans(recordings: readonly (readonly Stream[])[], count: number): readonly (readonly Span[])[] {
  const candidates = recordings.map(candidatesOf)
  let chosen = candidates.map((list) => bySize(list, count))
  for (let round = 0; round < 5; round++) {
    const prototypes = Array.from({length: count}, (_, index) =>
      prototypesOf(chosen.flatMap((spans) => spans[index] ?? [])),
    )
    chosen = candidates.map((list) => choose(list, prototypes) ?? [])
  }
  return chosen
}

function candidatesOf(streams: readonly Stream[]): Candidate[] {
  const [lead] = streams
  if (lead === undefined) return []
  const activities = streams.map(({frames}) => activityOf(frames))
  const length = Math.min(...activities.map((values) => values.length))
  const total = Float64Array.from({length}, (_, index) =>
    activities.reduce((sum, values) => sum + (values[index] as number), 0),
  )
  const [rest, peak] = [quantile(total, 0.15), quantile(total, 0.95)]
  const all = total.reduce((sum, value) => sum + Math.max(0, value - rest - 0.05 * (peak - rest)), 0)
  const found = new Map<string, Candidate>()
  for (const share of SHARES)
    for (const gapMs of GAPS_MS) {
      for (const [from, to] of runs(total, rest + share * (peak - rest), lead, gapMs)) {
        const [startMs, endMs] = [lead.frames[from]?.atMs ?? 0, lead.frames[to]?.atMs ?? 0]
        const key = `${Math.round(startMs / 60)} ${Math.round(endMs / 60)}`
        if (endMs - startMs < 280 || endMs - startMs > 4500 || found.has(key)) continue
        const curves = streams.map(({frames}) => comparable(pathFromFrames(frames.slice(from, to + 1))))
        let energy = 0
        for (let index = from; index <= to; index++)
          energy += Math.max(0, (total[index] as number) - rest - 0.05 * (peak - rest)) / all
        found.set(key, {startMs, endMs, curves, energy})
      }
    }
  return [...found.values()].sort((a, b) => a.endMs - b.endMs)
}

function runs(total: Float64Array, threshold: number, {frames}: Stream, gapMs: number): [number, number][] {
  const result: [number, number][] = []
  for (let index = 0; index < total.length; index++) {
    if ((total[index] as number) <= threshold) continue
    const last = result.at(-1)
    if (last && (frames[index]?.atMs ?? 0) - (frames[last[1]]?.atMs ?? 0) < gapMs) last[1] = index
    else result.push([index, index])
  }
  return result
}

/** To begin with: the sequence that covers the most movement with spans of even length. */
function bySize(list: readonly Candidate[], count: number): Candidate[] {
  return sequence(list, count, ({startMs, endMs}) => Math.log((endMs - startMs) / 1100) ** 2 * 0.5) ?? []
}

function prototypesOf(spans: readonly Candidate[]): Candidate[] {
  const score = (one: Candidate) =>
    quantile(
      spans.map((other) => distance(one, other)),
      0.4,
    )
  return spans
    .map((span) => ({span, score: score(span)}))
    .sort((a, b) => a.score - b.score)
    .slice(0, 4)
    .map(({span}) => span)
}

function choose(list: readonly Candidate[], prototypes: readonly (readonly Candidate[])[]): Candidate[] | null {
  const costs = new Map(
    list.map((span) => [
      span,
      prototypes.map((group) =>
        quantile(
          group.map((one) => Math.sqrt(distance(span, one)) + stretch(span, one)),
          0.4,
        ),
      ),
    ]),
  )
  return sequence(list, prototypes.length, (span, index) => costs.get(span)?.[index] ?? 9)
}

function stretch(a: Span, b: Span): number {
  return 0.5 * Math.log((a.endMs - a.startMs) / (b.endMs - b.startMs)) ** 2
}

function distance(a: Candidate, b: Candidate): number {
  if (a === b) return 0
  return a.curves.reduce((sum, curve, index) => sum + warpedDistance(curve, b.curves[index] ?? curve, 8), 0)
}

/** The cheapest ordered sequence of `count` spans that do not overlap, movement left out counting as cost. */
function sequence(list: readonly Candidate[], count: number, costOf: (span: Candidate, index: number) => number) {
  type State = {cost: number; spans: Candidate[]}
  const best: State[][] = Array.from({length: count}, () => [])
  list.forEach((span, at) => {
    for (let index = 0; index < count; index++) {
      const own = costOf(span, index) - UNCOVERED * span.energy
      let before: State | null = index === 0 ? {cost: 0, spans: []} : null
      if (index > 0)
        for (let other = 0; other < at; other++) {
          const state = best[index - 1]?.[other]
          if (!state || (list[other] as Candidate).endMs >= span.startMs) continue
          if (before === null || state.cost < before.cost) before = state
        }
      const row = best[index] as State[]
      row[at] =
        before === null
          ? {cost: Number.POSITIVE_INFINITY, spans: []}
          : {cost: before.cost + own, spans: [...before.spans, span]}
    }
  })
  const last = best[count - 1]?.filter(({cost}) => Number.isFinite(cost)) ?? []
  return (
    last.reduce<State | null>((least, state) => (least === null || state.cost < least.cost ? state : least), null)
      ?.spans ?? null
  )
}

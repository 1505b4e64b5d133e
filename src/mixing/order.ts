// Better orders of the same tracks: short stretches are turned round, tracks are moved and swapped, locked places stay.
import type {TransitionCost} from './transition.js'

export interface OrderProblem {
  readonly cost: TransitionCost
  /** What it costs that a row stands at a place; 0 where places do not matter. */
  readonly placeCost: (row: number, place: number) => number
  readonly isLocked: (place: number) => boolean
  /** Cost look-ups that may be spent; bounds the time for playlists of any length. */
  readonly budget: number
}

/** Farthest places apart that one move reaches. */
const REACH = 40
const GAIN = 1e-9

/** The mean cost of the steps of an order. */
export function orderCost(rows: readonly number[], cost: TransitionCost): number {
  let sum = 0
  for (let at = 1; at < rows.length; at++) sum += cost(rows[at - 1] ?? 0, rows[at] ?? 0)
  return rows.length < 2 ? 0 : sum / (rows.length - 1)
}

/** An order that is at least as good, by 2-opt, or-opt and swaps within a window until nothing helps or the budget ends. */
export function improveOrder(rows: readonly number[], problem: OrderProblem): number[] {
  const order = [...rows]
  let left = problem.budget
  const costOf = (first: number, last: number, rowAt: (place: number) => number) => {
    let sum = 0
    for (let place = first; place <= last; place++) {
      sum += problem.placeCost(rowAt(place), place)
      if (place > 0) sum += problem.cost(place === first ? (order[place - 1] ?? 0) : rowAt(place - 1), rowAt(place))
    }
    if (last + 1 < order.length) sum += problem.cost(rowAt(last), order[last + 1] ?? 0)
    left -= last - first + 2
    return sum
  }
  const plain = (place: number) => order[place] ?? 0
  for (let isBetter = true; isBetter && left > 0; ) {
    isBetter = false
    for (let first = 0; first < order.length - 1 && left > 0; first++) {
      if (problem.isLocked(first)) continue
      for (let last = first + 1; last < Math.min(order.length, first + REACH) && left > 0; last++) {
        if (problem.isLocked(last)) break
        const now = costOf(first, last, plain)
        const move = MOVES.find((place) => costOf(first, last, (at) => plain(place(at, first, last))) < now - GAIN)
        if (move === undefined) continue
        const moved = Array.from({length: last - first + 1}, (_, n) => plain(move(first + n, first, last)))
        for (const [n, row] of moved.entries()) order[first + n] = row
        isBetter = true
      }
    }
  }
  return order
}

/** Where the row comes from that stands at a place after the move; all leave what is outside first…last alone. */
const MOVES: readonly ((at: number, first: number, last: number) => number)[] = [
  (at, first, last) => first + last - at,
  (at, first, last) => (at === last ? first : at + 1),
  (at, first, last) => (at === first ? last : at - 1),
  (at, first, last) => (at === first ? last : at === last ? first : at),
]

// The likeliest course through states that follow one another.

/**
 * One state per step: those of highest total reward less the price of every change (Viterbi's algorithm).
 *
 * @param rewards per step one value per state, the same number at each step
 * @param price of a change by so many states; infinite where it is out of the question
 */
export function likeliestPath(rewards: readonly Float64Array[], price: (change: number) => number): number[] {
  const states = rewards[0]?.length ?? 0
  const prices = Array.from({length: states}, (_, change) => price(change))
  let scores = new Float64Array(states)
  const cameFrom: Int16Array[] = []
  for (const reward of rewards) {
    const next = new Float64Array(states)
    const from = new Int16Array(states)
    for (let to = 0; to < states; to++) {
      let best = Number.NEGATIVE_INFINITY
      for (let state = 0; state < states; state++) {
        const value = (scores[state] as number) - (prices[Math.abs(to - state)] as number)
        if (value > best) {
          best = value
          from[to] = state
        }
      }
      next[to] = best + (reward[to] as number)
    }
    scores = next
    cameFrom.push(from)
  }
  const path: number[] = []
  let state = scores.indexOf(Math.max(...scores))
  for (let i = rewards.length - 1; i >= 0; i--) {
    path.push(state)
    state = cameFrom[i]?.[state] ?? state
  }
  return path.reverse()
}

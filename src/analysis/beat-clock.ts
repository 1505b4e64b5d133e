// Musical time: turns of the beat against frames, straight for a constant tempo, bent where the tempo moves.

export interface BeatClock {
  /** Turns at frame 0, and one more for each beat; need not be whole where a beat stands. */
  turnsAt(frame: number): number
  frameAt(turns: number): number
}

export function constantClock(periodFrames: number): BeatClock {
  return {turnsAt: (frame) => frame / periodFrames, frameAt: (turns) => turns * periodFrames}
}

/** @param beatFrames at least two positions, rising; before the first and after the last the nearest period goes on */
export function bentClock(beatFrames: readonly number[]): BeatClock {
  const last = beatFrames.length - 1
  const between = (index: number): number => {
    const at = Math.max(0, Math.min(last - 1, index))
    return (beatFrames[at + 1] as number) - (beatFrames[at] as number)
  }
  return {
    turnsAt(frame) {
      let low = 0
      let high = last
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((beatFrames[middle] as number) <= frame) low = middle
        else high = middle - 1
      }
      return low + (frame - (beatFrames[low] as number)) / between(low)
    },
    frameAt(turns) {
      const index = Math.max(0, Math.min(last, Math.floor(turns)))
      return (beatFrames[index] as number) + (turns - index) * between(index)
    },
  }
}

/** Frames of the beats at `offset` turns, from the first at or after `from` (may be a little below 0) to the last before `to`. */
export function beatsOfClock(clock: BeatClock, offset: number, from: number, to: number): number[] {
  const beats: number[] = []
  for (let n = Math.ceil(clock.turnsAt(from) - offset); ; n++) {
    const frame = clock.frameAt(n + offset)
    if (frame >= to) return beats
    beats.push(frame)
  }
}

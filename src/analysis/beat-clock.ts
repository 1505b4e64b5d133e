// Musical time: turns of the beat against frames, straight for a constant tempo, bent where the tempo moves.

export interface BeatClock {
  /** Turns at frame 0, and one more for each beat; need not be whole where a beat stands. */
  turnsAt(frame: number): number
  frameAt(turns: number): number
}

export function constantClock(periodFrames: number): BeatClock {
  return {turnsAt: (frame) => frame / periodFrames, frameAt: (turns) => turns * periodFrames}
}

/**
 * @param frames at least two positions, rising; before the first and after the last the nearest tempo goes on
 * @param turns of the beat at those positions, rising; one each where absent
 */
export function bentClock(frames: readonly number[], turns: readonly number[] = frames.map((_, i) => i)): BeatClock {
  return {turnsAt: (frame) => interpolated(frames, turns, frame), frameAt: (turn) => interpolated(turns, frames, turn)}
}

/** The value at a place on the line through the points (x, y), x rising, straight on beyond the ends. */
function interpolated(x: readonly number[], y: readonly number[], place: number): number {
  let low = 0
  let high = x.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((x[middle] as number) <= place) low = middle
    else high = middle - 1
  }
  const [x0, x1, y0, y1] = [x[low], x[low + 1], y[low], y[low + 1]] as [number, number, number, number]
  return y0 + ((place - x0) * (y1 - y0)) / (x1 - x0)
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

// Work in lanes, with politeness: so many at once in all, so many per host, and a pause for a host that asks for one.

export interface HostQueue {
  add(host: string, work: () => Promise<void>): void
  /** Nobody asks this host for so long; the other hosts go on. */
  pause(host: string, ms: number): void
  /** Resolves when everything added is done; rejects with the first error of a work, after the running ones ended. */
  drain(): Promise<void>
}

interface Door {
  readonly waiting: (() => Promise<void>)[]
  /** Of `waiting`, what has been taken: shifting an array of 100,000 is slow. */
  taken: number
  running: number
  closedUntilMs: number
}

export function createHostQueue(
  {jobs, perHost}: {readonly jobs: number; readonly perHost: number},
  {nowMs, signal}: {nowMs(): number; readonly signal: AbortSignal},
): HostQueue {
  const doors = new Map<string, Door>()
  let running = 0
  let failure: {readonly error: unknown} | null = null
  let timer: NodeJS.Timeout | null = null
  let settle: (() => void) | null = null

  const doorOf = (host: string): Door => {
    const known = doors.get(host)
    if (known !== undefined) return known
    const door: Door = {waiting: [], taken: 0, running: 0, closedUntilMs: 0}
    doors.set(host, door)
    return door
  }
  const hasWaiting = (door: Door) => door.taken < door.waiting.length
  const isDone = () => running === 0 && (failure !== null || signal.aborted || ![...doors.values()].some(hasWaiting))

  /** The host that has waited with the fewest running. */
  const nextDoor = (): Door | null => {
    let best: Door | null = null
    for (const door of doors.values())
      if (
        hasWaiting(door) &&
        door.running < perHost &&
        door.closedUntilMs <= nowMs() &&
        (best === null || door.running < best.running)
      )
        best = door
    return best
  }

  const start = (door: Door) => {
    const work = door.waiting[door.taken++]
    if (work === undefined) return
    if (door.taken > 1000 && door.taken * 2 > door.waiting.length) {
      door.waiting.splice(0, door.taken)
      door.taken = 0
    }
    running++
    door.running++
    void work()
      .catch((error: unknown) => {
        failure ??= {error}
      })
      .finally(() => {
        running--
        door.running--
        pump()
      })
  }

  const pump = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    while (failure === null && !signal.aborted && running < jobs) {
      const door = nextDoor()
      if (door === null) break
      start(door)
    }
    if (isDone()) settle?.()
    else if (running < jobs) wakeWhenOpen()
  }

  const wakeWhenOpen = () => {
    const opensMs = Math.min(
      ...[...doors.values()]
        .filter((door) => hasWaiting(door) && door.running < perHost)
        .map(({closedUntilMs}) => closedUntilMs),
    )
    if (Number.isFinite(opensMs)) timer = setTimeout(pump, Math.max(1, opensMs - nowMs()))
  }

  signal.addEventListener('abort', pump, {once: true})
  return {
    add(host, work) {
      doorOf(host).waiting.push(work)
      if (settle !== null) pump()
    },
    pause(host, ms) {
      const door = doorOf(host)
      door.closedUntilMs = Math.max(door.closedUntilMs, nowMs() + ms)
    },
    async drain() {
      await new Promise<void>((resolve) => {
        settle = resolve
        pump()
      })
      settle = null
      signal.removeEventListener('abort', pump)
      signal.throwIfAborted()
      if (failure !== null) throw failure.error
    },
  }
}

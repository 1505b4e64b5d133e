// Opens the outputs of a mapping, keeps to what their wires carry, and ends what may sound when one comes back.
import {type Closable, keepOpen} from '../../adapters/ports/back-off.js'
import type {Context} from '../../api/context.js'
import type {OutputContribution, OutputPort} from '../../api/output.js'
import type {OutputMessage} from '../../core/message.js'
import {allNotesOff, pitchBend, resetControllers} from '../../live/output/midi.js'
import type {PortState} from './protocol.js'

export interface OutputShell extends Closable {
  readonly state: PortState
  readonly sent: number
  readonly dropped: number
  send(message: OutputMessage): void
  /** Sends what was held back for the sake of the wire, as far as it goes now. */
  flush(): void
}

export interface OutputShellOptions {
  readonly contribution: OutputContribution
  readonly target: string
  /** Ends whatever a crashed run may have left sounding. */
  readonly isRestart: boolean
  readonly context: Context
  notice(level: 'info' | 'warn', message: string): void
  nowMs(): number
}

const MOST_HELD = 256
const PANIC: readonly OutputMessage[] = Array.from({length: 16}, (_, index) => index + 1).flatMap((channel) => [
  allNotesOff(channel),
  resetControllers(channel),
  pitchBend(channel, 0.5),
])

/** Controllers and bends: only their last value matters, so that they can wait for the wire and be replaced. */
function slotOf(message: OutputMessage): string | null {
  if (message.kind !== 'midi') return null
  const [status = 0, number = 0] = message.bytes
  if (status >> 4 === 0xb && number < 120) return `${status} ${number}`
  return status >> 4 === 0xe ? String(status) : null
}

export async function openOutput(options: OutputShellOptions): Promise<OutputShell> {
  const {contribution, target, context, notice, nowMs} = options
  const output = await contribution.load()
  const perSecond = contribution.maxMessagesPerSecond
  const held = new Map<string, OutputMessage>()
  const label = `${contribution.id} ${target}`
  let port: OutputPort | null = null
  let state: PortState = 'opening'
  let sent = 0
  let dropped = 0
  let allowance = perSecond ?? 0
  let filledMs = nowMs()

  const hasRoom = (): boolean => {
    if (perSecond === null) return true
    const atMs = nowMs()
    // A tenth of a second may go at once: that much the port's own buffer takes.
    allowance = Math.min(perSecond / 10, allowance + ((atMs - filledMs) * perSecond) / 1000)
    filledMs = atMs
    return allowance >= 1
  }
  const put = (message: OutputMessage) => {
    allowance--
    if (port?.send(message)) sent++
    else dropped++
  }
  const kept = keepOpen<OutputPort>((lost) => output.open(target, {lost}, context), {
    opened(opened, attempt) {
      port = opened
      state = 'open'
      if (attempt > 1) notice('info', `${label} is back`)
      // While it was away, offs could not reach it.
      if ((attempt > 1 || options.isRestart) && contribution.carries.includes('midi')) for (const off of PANIC) put(off)
    },
    away(error) {
      port = null
      state = 'away'
      held.clear()
      notice('warn', `${error.message}; crate goes on without it and keeps trying`)
    },
  })
  return {
    get state() {
      return state
    },
    get sent() {
      return sent
    },
    get dropped() {
      return dropped
    },
    send(message) {
      if (port === null) {
        dropped++
        return
      }
      const slot = perSecond === null ? null : slotOf(message)
      // Notes never wait: there are few, and an off that comes late is better than one that does not come.
      if (slot === null) put(message)
      else if (held.size === 0 && hasRoom()) put(message)
      else if (held.has(slot) || held.size < MOST_HELD) held.set(slot, message)
      else dropped++
    },
    flush() {
      for (const [slot, message] of held) {
        if (!hasRoom()) return
        held.delete(slot)
        put(message)
      }
    },
    async close() {
      for (const message of held.values()) put(message)
      held.clear()
      await kept.close()
      port = null
      state = 'away'
    },
  }
}

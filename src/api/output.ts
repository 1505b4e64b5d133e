// Outputs: messages of the live engine → a MIDI port, a socket, a serial line, a file.
import type {OutputMessage} from '../core/message.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

export interface OutputTarget {
  /** What the person writes: a port name, `host:port`, a path. */
  readonly id: string
  readonly name: string
}

export interface OutputPort {
  /**
   * Hands the message to the system at once or drops it; never waits, never queues without bound, never throws.
   * Returns false where it was dropped.
   */
  send(message: OutputMessage): boolean
  /** Sends what is pending and closes. Safe to call twice. The host has ended all notes before. */
  close(): Promise<void>
}

export interface Output {
  /** What can be opened now; empty where nothing can be listed (an address must be written then). */
  targets(context: Context): Promise<readonly OutputTarget[]>
  /**
   * @param target as the person wrote it: `virtual:NAME`, a port's name or part of it, an address, a path
   * @throws DEVICE_MISSING where there is no such port, TOOL_MISSING where the system has no such service
   */
  open(target: string, listener: {lost(error: Error): void}, context: Context): Promise<OutputPort>
}

export interface OutputContribution extends Contribution<Output> {
  readonly carries: readonly OutputMessage['kind'][]
  /** Messages a second that the wire takes without falling behind; null where it does not matter. */
  readonly maxMessagesPerSecond: number | null
}

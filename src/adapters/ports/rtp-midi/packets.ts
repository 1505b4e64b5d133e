// The packets of AppleMIDI (sessions) and RTP-MIDI (RFC 6295), as bytes.
// Source: RFC 6295, sections 2 and 3; Apple's MIDI Network Driver Protocol, as its developer library describes it.
import {u16be, u32be} from './fields.js'

export interface SessionPacket {
  readonly kind: 'invitation' | 'accepted' | 'rejected' | 'end'
  readonly token: number
  readonly ssrc: number
  readonly name: string
}

export interface SyncPacket {
  readonly kind: 'sync'
  readonly ssrc: number
  readonly count: 0 | 1 | 2
  /** In ticks of 0.1 ms of whoever set them. */
  readonly times: readonly [bigint, bigint, bigint]
}

export interface FeedbackPacket {
  readonly kind: 'feedback'
  readonly ssrc: number
  readonly sequence: number
}

export type ControlPacket = SessionPacket | SyncPacket | FeedbackPacket

const SIGNATURE = 0xffff
const VERSION = 2
const COMMANDS = {invitation: 'IN', accepted: 'OK', rejected: 'NO', end: 'BY'} as const
const SESSION = {command: u16be(2), version: u32be(4), token: u32be(8), ssrc: u32be(12)} as const
const SESSION_BYTES = 16
const SYNC_BYTES = 36
/** Marker and payload type 97, dynamic, as Apple has it. */
const PAYLOAD_TYPE = 0x61

function commandNumber(text: string): number {
  return (text.charCodeAt(0) << 8) | text.charCodeAt(1)
}

export function encodeSession({kind, token, ssrc, name}: SessionPacket): Buffer {
  const text = kind === 'end' || kind === 'rejected' ? Buffer.alloc(0) : Buffer.from(`${name}\0`, 'utf8')
  const bytes = Buffer.alloc(SESSION_BYTES + text.length)
  bytes.writeUInt16BE(SIGNATURE, 0)
  SESSION.command.write(bytes, commandNumber(COMMANDS[kind]))
  SESSION.version.write(bytes, VERSION)
  SESSION.token.write(bytes, token)
  SESSION.ssrc.write(bytes, ssrc)
  text.copy(bytes, SESSION_BYTES)
  return bytes
}

export function encodeSync({ssrc, count, times}: SyncPacket): Buffer {
  const bytes = Buffer.alloc(SYNC_BYTES)
  bytes.writeUInt16BE(SIGNATURE, 0)
  bytes.writeUInt16BE(commandNumber('CK'), 2)
  bytes.writeUInt32BE(ssrc, 4)
  bytes.writeUInt8(count, 8)
  for (const [index, time] of times.entries()) bytes.writeBigUInt64BE(time, 12 + 8 * index)
  return bytes
}

/** Null for what is none of these; never throws. */
export function decodeControl(bytes: Buffer): ControlPacket | null {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== SIGNATURE) return null
  const command = bytes.subarray(2, 4).toString('latin1')
  if (command === 'CK') {
    const count = bytes[8] ?? 3
    if (bytes.length < SYNC_BYTES || (count !== 0 && count !== 1 && count !== 2)) return null
    const time = (index: number) => bytes.readBigUInt64BE(12 + 8 * index)
    return {kind: 'sync', ssrc: bytes.readUInt32BE(4), count, times: [time(0), time(1), time(2)]}
  }
  if (command === 'RS') return {kind: 'feedback', ssrc: bytes.readUInt32BE(4), sequence: bytes.readUInt16BE(8)}
  const kind = (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).find((name) => COMMANDS[name] === command)
  if (kind === undefined || bytes.length < SESSION_BYTES) return null
  const name = bytes
    .subarray(SESSION_BYTES)
    .toString('utf8')
    .replace(/\0[\s\S]*$/, '')
  return {kind, token: SESSION.token.read(bytes), ssrc: SESSION.ssrc.read(bytes), name}
}

/**
 * One MIDI message as an RTP packet without a journal: crate sends what must not be lost twice.
 *
 * @param ticks of 0.1 ms since the session began
 */
export function encodeMidi(message: readonly number[], sequence: number, ticks: number, ssrc: number): Buffer {
  const bytes = Buffer.alloc(13 + message.length)
  bytes.writeUInt8(0x80, 0)
  bytes.writeUInt8(0x80 | PAYLOAD_TYPE, 1)
  bytes.writeUInt16BE(sequence & 0xffff, 2)
  bytes.writeUInt32BE(ticks >>> 0, 4)
  bytes.writeUInt32BE(ssrc, 8)
  // B, J, Z and P are 0: a short list, no journal, no time before the first command, no phantom status.
  bytes.writeUInt8(message.length & 0x0f, 12)
  for (const [index, byte] of message.entries()) bytes.writeUInt8(byte & 0xff, 13 + index)
  return bytes
}

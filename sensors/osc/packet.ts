// OSC 1.0 packets → messages with the time of their bundle. Tolerant of what apps send, bounded, and never throws.
import type {OscArgument} from '../../src/core/message.js'

export interface OscMessage {
  readonly address: string
  readonly args: readonly OscArgument[]
  /** Milliseconds since 1970 from the innermost bundle's time tag; null for "immediately" and outside bundles. */
  readonly atMs: number | null
  /** Messages of one bundle share the number. */
  readonly bundle: number
}

export interface OscPacket {
  readonly messages: readonly OscMessage[]
  /** Elements that were not OSC, each counted once. */
  readonly malformed: number
}

/** Deeper nesting than any app has, and more messages than fit a tick, are attacks. */
const DEEPEST_BUNDLE = 16
const MOST_MESSAGES = 512
const LONGEST_PACKET = 65_536
/** Seconds from the epoch of NTP, 1900, to that of the clock, 1970. */
const NTP_TO_UNIX_S = 2_208_988_800

interface Part {
  readonly from: number
  readonly to: number
  readonly depth: number
  readonly atMs: number | null
  readonly bundle: number
}

export function decodeOscPacket(bytes: Uint8Array): OscPacket {
  if (bytes.length > LONGEST_PACKET || bytes.length < 4) return {messages: [], malformed: 1}
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const messages: OscMessage[] = []
  const parts: Part[] = [{from: 0, to: bytes.length, depth: 0, atMs: null, bundle: 0}]
  let malformed = 0
  let bundles = 0
  for (let part = parts.pop(); part !== undefined && messages.length < MOST_MESSAGES; part = parts.pop()) {
    if (bytes[part.from] === 0x2f) {
      const message = decodeMessage(bytes, view, part)
      if (message === null) malformed++
      else messages.push(message)
    } else if (isBundle(bytes, part) && part.depth < DEEPEST_BUNDLE) {
      const inner = decodeBundle(view, part, ++bundles)
      if (inner === null) malformed++
      else parts.push(...inner.reverse())
    } else malformed++
  }
  return {messages, malformed}
}

const BUNDLE = [...'#bundle\0'].map((character) => character.charCodeAt(0))

function isBundle(bytes: Uint8Array, {from, to}: Part): boolean {
  return to - from >= 16 && BUNDLE.every((byte, index) => bytes[from + index] === byte)
}

function decodeBundle(view: DataView, part: Part, bundle: number): Part[] | null {
  const seconds = view.getUint32(part.from + 8)
  const fraction = view.getUint32(part.from + 12)
  const isNow = seconds === 0 && fraction <= 1
  const atMs = isNow ? part.atMs : (seconds - NTP_TO_UNIX_S + fraction / 2 ** 32) * 1000
  const inner: Part[] = []
  let at = part.from + 16
  while (at < part.to) {
    if (at + 4 > part.to) return inner.length > 0 ? inner : null
    const length = view.getInt32(at)
    if (length <= 0 || at + 4 + length > part.to) return inner.length > 0 ? inner : null
    inner.push({from: at + 4, to: at + 4 + length, depth: part.depth + 1, atMs, bundle})
    at += 4 + length
    if (inner.length > MOST_MESSAGES) return null
  }
  return inner
}

interface Text {
  readonly value: string
  readonly next: number
}

/** Null where no zero ends it. Some senders leave the padding of the last string out. */
function readText(bytes: Uint8Array, from: number, to: number): Text | null {
  const end = bytes.subarray(from, to).indexOf(0)
  if (end < 0) return null
  const value = new TextDecoder().decode(bytes.subarray(from, from + end))
  return {value, next: from + (end + 4 - (end % 4))}
}

function decodeMessage(bytes: Uint8Array, view: DataView, {from, to, atMs, bundle}: Part): OscMessage | null {
  const address = readText(bytes, from, to)
  if (address === null || address.value.length > 256) return null
  // Ancient senders leave the type tags out: then there is nothing that can be read safely.
  if (address.next >= to || bytes[address.next] !== 0x2c) return {address: address.value, args: [], atMs, bundle}
  const tags = readText(bytes, address.next, to)
  if (tags === null || tags.value.length > 257) return null
  const args: OscArgument[] = []
  let at = tags.next
  for (const tag of tags.value.slice(1)) {
    if (tag === '[' || tag === ']') continue
    const read = readArgument(bytes, view, tag, at, to)
    if (read === null) return null
    args.push(read.argument)
    at = read.next
  }
  return {address: address.value, args, atMs, bundle}
}

function readArgument(
  bytes: Uint8Array,
  view: DataView,
  tag: string,
  at: number,
  to: number,
): {argument: OscArgument; next: number} | null {
  const left = to - at
  switch (tag) {
    case 'i':
    case 'c':
    case 'r':
    case 'm':
      return left < 4 ? null : {argument: {type: 'i', value: view.getInt32(at)}, next: at + 4}
    case 'f':
      return left < 4 ? null : {argument: {type: 'f', value: view.getFloat32(at)}, next: at + 4}
    case 'd':
      return left < 8 ? null : {argument: {type: 'd', value: view.getFloat64(at)}, next: at + 8}
    case 'h':
    case 't':
      return left < 8 ? null : {argument: {type: tag, value: Number(view.getBigInt64(at))}, next: at + 8}
    case 's':
    case 'S': {
      const text = readText(bytes, at, to)
      return text && {argument: {type: tag, value: text.value}, next: text.next}
    }
    case 'b': {
      const length = left < 4 ? -1 : view.getInt32(at)
      if (length < 0 || length > left - 4) return null
      return {
        argument: {type: 'b', value: bytes.slice(at + 4, at + 4 + length)},
        next: at + 4 + Math.ceil(length / 4) * 4,
      }
    }
    case 'T':
    case 'F':
    case 'N':
    case 'I':
      return {argument: {type: tag, value: null}, next: at}
    default:
      return null
  }
}

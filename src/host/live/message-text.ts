// A message that went out, as a person reads it in a log.
import type {OutputMessage} from '../../core/message.js'

const MODES: Readonly<Record<number, string>> = {120: 'all sound off', 121: 'reset controllers', 123: 'all notes off'}

export function messageText(message: OutputMessage): string {
  if (message.kind === 'raw') return `${message.bytes.length} bytes`
  if (message.kind === 'osc')
    return [
      message.address,
      ...message.args.map(({value}) => (typeof value === 'number' ? short(value) : String(value))),
    ].join(' ')
  const [status = 0, first = 0, second = 0] = message.bytes
  const channel = (status & 15) + 1
  switch (status >> 4) {
    case 0x8:
      return `note ${first} off, channel ${channel}`
    case 0x9:
      return `note ${first} on ${second}, channel ${channel}`
    case 0xb:
      return `${MODES[first] ?? `cc ${first} = ${second}`}, channel ${channel}`
    case 0xc:
      return `program ${first}, channel ${channel}`
    case 0xe:
      return `bend ${((second << 7) | first) - 8192}, channel ${channel}`
    default:
      return message.bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  }
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3)
}

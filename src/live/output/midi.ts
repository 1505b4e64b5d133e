// MIDI 1.0 channel messages as bytes. Channels are 1 to 16, as people count them.
//
// @see MIDI 1.0 Detailed Specification, tables 1 to 3
import type {OutputMessage} from '../../core/message.js'

type Midi = Extract<OutputMessage, {kind: 'midi'}>

function midi(...bytes: number[]): Midi {
  return {kind: 'midi', bytes}
}

/** Anything as a whole number within bounds; what is no number is the least. */
function whole(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value) || least))
}

function status(kind: number, channel: number): number {
  return (kind << 4) | (whole(channel, 1, 16) - 1)
}

function data(value: number): number {
  return whole(value, 0, 127)
}

/** @param velocity 1 to 127; 0 would be a note off, so it becomes 1 */
export function noteOn(channel: number, note: number, velocity: number): Midi {
  return midi(status(0x9, channel), data(note), Math.max(1, data(velocity)))
}

export function noteOff(channel: number, note: number): Midi {
  return midi(status(0x8, channel), data(note), 0)
}

/** @param value 0 to 1 */
export function controlChange(channel: number, controller: number, value: number): Midi {
  return midi(status(0xb, channel), data(controller), data(value * 127))
}

/** Coarse then fine: controllers 0–31 and, 32 above, their low seven bits. @param value 0 to 1 */
export function controlChange14(channel: number, controller: number, value: number): readonly [Midi, Midi] {
  const fine = whole(value * 16_383, 0, 16_383)
  const coarse = Math.min(31, data(controller))
  return [midi(status(0xb, channel), coarse, fine >> 7), midi(status(0xb, channel), coarse + 32, fine & 0x7f)]
}

/** @param value 0 to 1, 0.5 the middle, exactly 8192 */
export function pitchBend(channel: number, value: number): Midi {
  const bend = whole(value * 16_384, 0, 16_383)
  return midi(status(0xe, channel), bend & 0x7f, bend >> 7)
}

export function programChange(channel: number, program: number): Midi {
  return midi(status(0xc, channel), data(program))
}

export function allNotesOff(channel: number): Midi {
  return midi(status(0xb, channel), 123, 0)
}

export function resetControllers(channel: number): Midi {
  return midi(status(0xb, channel), 121, 0)
}

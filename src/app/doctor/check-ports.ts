// Whether MIDI and serial ports can be used here.
import {existsSync} from 'node:fs'
import type {Check} from './doctor.js'

/** Opening the system's MIDI throws where there is none (no sound system, a missing libasound). */
export async function checkMidi(): Promise<Check> {
  const base = {id: 'midi', name: 'MIDI'}
  try {
    // ALSA writes its own complaint to the terminal when it is asked on a machine without a sequencer.
    if (process.platform === 'linux' && !existsSync('/dev/snd/seq')) throw new Error('no ALSA sequencer')
    const {default: midi} = await import('midi')
    const output = new midi.Output()
    const count = output.getPortCount()
    output.closePort()
    return {...base, state: 'ok', text: `${count} ${count === 1 ? 'port' : 'ports'}`, hint: null}
  } catch {
    const hint =
      process.platform === 'linux'
        ? 'sudo apt install libasound2, and a sound system'
        : 'Check the sound settings of the system.'
    return {...base, state: 'off', text: 'no MIDI system here; OSC and network MIDI work', hint}
  }
}

export async function checkSerial(): Promise<Check> {
  const base = {id: 'serial', name: 'Serial ports'}
  try {
    const {SerialPort} = await import('serialport')
    const ports = await SerialPort.list()
    return {
      ...base,
      state: 'ok',
      text: ports.length === 0 ? 'none plugged in' : ports.map(({path}) => path).join(', '),
      hint: null,
    }
  } catch {
    return {
      ...base,
      state: 'off',
      text: 'ports cannot be listed here; a port can still be named',
      hint: 'crate sensors monitor serial --port /dev/ttyUSB0',
    }
  }
}

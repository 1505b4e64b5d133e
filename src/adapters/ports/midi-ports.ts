// MIDI ports of the system, by name or made by crate itself; absent, one plain sentence says so.
import {existsSync} from 'node:fs'
import type {Output, OutputPort, OutputTarget} from '../../api/output.js'
import {CrateError} from '../../core/errors.js'
import type {Closable} from './back-off.js'
import {openRawOutput} from './raw-output.js'

/** How often a port is looked for in the system's list: RtMidi tells nothing of unplugged devices. */
const WATCH_MS = 1000

type Midi = typeof import('midi')

/** @throws TOOL_MISSING where the system has no MIDI */
async function loadMidi(): Promise<Midi> {
  // ALSA writes its own complaint to the terminal when it is asked on a machine without a sequencer.
  if (process.platform === 'linux' && !existsSync('/dev/snd/seq')) throw noMidi(null)
  try {
    return await import('midi')
  } catch (error) {
    throw noMidi(error)
  }
}

function noMidi(cause: unknown): CrateError {
  return new CrateError('TOOL_MISSING', 'this system has no MIDI ports; OSC, network MIDI and raw MIDI work', {
    hints: [
      process.platform === 'linux'
        ? 'sudo apt install libasound2, and load the sequencer: sudo modprobe snd-seq'
        : 'Check the sound settings of the system.',
    ],
    cause,
  })
}

function portNames(port: {getPortCount(): number; getPortName(index: number): string}): string[] {
  return Array.from({length: port.getPortCount()}, (_, index) => port.getPortName(index))
}

/** The port of exactly that name, else the only one that holds it, without regard to case; null for none or several. */
export function choosePort(names: readonly string[], wanted: string): number | null {
  const exact = names.indexOf(wanted)
  if (exact >= 0) return exact
  const alike = [...names.keys()].filter((index) => names[index]?.toLowerCase().includes(wanted.toLowerCase()))
  return alike.length === 1 ? (alike[0] ?? null) : null
}

function missing(names: readonly string[], wanted: string): CrateError {
  const list = names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`
  return new CrateError('DEVICE_MISSING', `there is no MIDI port "${wanted}", or several hold that name`, {
    hints: [list, 'Where the system can: virtual:crate makes one that other programs see.'],
    details: {wanted, names},
  })
}

export const midiOutput: Output = {
  async targets(): Promise<readonly OutputTarget[]> {
    const midi = await loadMidi().catch(() => null)
    if (midi === null) return []
    const output = new midi.Output()
    const names = portNames(output)
    output.closePort()
    const virtual = process.platform === 'win32' ? [] : [{id: 'virtual:crate', name: 'a port of crate itself'}]
    return [...names.map((name) => ({id: name, name})), ...virtual]
  },
  async open(target, {lost}): Promise<OutputPort> {
    if (target.startsWith('raw:')) return openRawOutput(target.slice('raw:'.length), lost)
    const midi = await loadMidi()
    const output = openNative(() => new midi.Output())
    const watch = openNamed(output, target, lost)
    let isClosed = false
    return {
      send(message) {
        if (isClosed || message.kind !== 'midi') return false
        try {
          output.sendMessage([...message.bytes])
          return true
        } catch {
          return false
        }
      },
      async close() {
        if (isClosed) return
        isClosed = true
        clearInterval(watch)
        output.closePort()
      },
    }
  },
}

/** The bytes of a MIDI input. @throws TOOL_MISSING, DEVICE_MISSING */
export async function openMidiInput(
  target: string,
  events: {bytes(bytes: Uint8Array): void; lost(error: Error): void},
): Promise<Closable> {
  const midi = await loadMidi()
  const input = openNative(() => new midi.Input())
  const watch = openNamed(input, target, events.lost)
  input.on('message', (_delta: number, message: number[]) => events.bytes(Uint8Array.from(message)))
  let isClosed = false
  return {
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(watch)
      input.closePort()
    },
  }
}

export async function listMidiInputs(): Promise<string[]> {
  const midi = await loadMidi().catch(() => null)
  return midi === null ? [] : portNames(openNative(() => new midi.Input()))
}

function openNative<Port>(make: () => Port): Port {
  try {
    return make()
  } catch (error) {
    throw noMidi(error)
  }
}

interface NativePort {
  getPortCount(): number
  getPortName(index: number): string
  openPort(index: number): void
  openVirtualPort(name: string): void
}

function openNamed(port: NativePort, target: string, lost: (error: Error) => void): NodeJS.Timeout | undefined {
  if (target.startsWith('virtual:')) {
    if (process.platform === 'win32')
      throw new CrateError('TOOL_MISSING', 'Windows has no virtual MIDI ports of its own', {
        hints: ['Make one with loopMIDI and name it here.'],
      })
    port.openVirtualPort(target.slice('virtual:'.length) || 'crate')
    return undefined
  }
  const names = portNames(port)
  const index = choosePort(names, target)
  if (index === null) throw missing(names, target)
  const name = names[index] ?? target
  port.openPort(index)
  const watch = setInterval(() => {
    if (portNames(port).includes(name)) return
    clearInterval(watch)
    lost(new Error(`the MIDI port ${name} was unplugged`))
  }, WATCH_MS)
  return watch
}

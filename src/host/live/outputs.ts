// The outputs of crate, as listed; their bodies load on use.
import type {OutputContribution} from '../../api/output.js'

/** 31,250 baud, ten bits a byte, three bytes a message. */
const DIN_MESSAGES_A_SECOND = 1000

export const OUTPUTS: readonly OutputContribution[] = [
  {
    id: 'midi',
    summary: 'A MIDI port of this computer, a virtual one (virtual:NAME), or bytes to a file (raw:/path)',
    carries: ['midi'],
    maxMessagesPerSecond: DIN_MESSAGES_A_SECOND,
    load: async () => (await import('../../adapters/ports/midi-ports.js')).midiOutput,
  },
  {
    id: 'rtp-midi',
    summary: 'Network MIDI (AppleMIDI): host:port to call a session, listen:PORT to be called',
    carries: ['midi'],
    maxMessagesPerSecond: null,
    load: async () => (await import('../../adapters/ports/rtp-midi/output.js')).rtpMidiOutput,
  },
  {
    id: 'raw',
    summary: 'MIDI bytes as they are, to a serial line at 31,250 baud, a FIFO or a file',
    carries: ['midi', 'raw'],
    maxMessagesPerSecond: DIN_MESSAGES_A_SECOND,
    load: async () => (await import('../../adapters/ports/raw-output.js')).rawOutput,
  },
  {
    id: 'osc',
    summary: 'OSC over UDP to host:port',
    carries: ['osc'],
    maxMessagesPerSecond: null,
    load: async () => (await import('../../adapters/ports/osc-output.js')).oscOutput,
  },
]

// What leaves crate on stage: MIDI and OSC messages, ready for a port, a socket or a file.

export type OscArgument =
  | {readonly type: 'i' | 'f' | 'd' | 'h' | 't'; readonly value: number}
  | {readonly type: 's' | 'S'; readonly value: string}
  | {readonly type: 'b'; readonly value: Uint8Array}
  | {readonly type: 'T' | 'F' | 'N' | 'I'; readonly value: null}

export type OutputMessage =
  /** One whole MIDI 1.0 message, status byte first; no running status. */
  | {readonly kind: 'midi'; readonly bytes: readonly number[]}
  | {readonly kind: 'osc'; readonly address: string; readonly args: readonly OscArgument[]}
  /** Bytes for a port that speaks neither. */
  | {readonly kind: 'raw'; readonly bytes: Uint8Array}

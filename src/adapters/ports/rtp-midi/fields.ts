// Fields of fixed place in a packet.
export interface Field {
  read(bytes: Buffer): number
  write(bytes: Buffer, value: number): void
}

export function u16be(offset: number): Field {
  return {read: (bytes) => bytes.readUInt16BE(offset), write: (bytes, value) => void bytes.writeUInt16BE(value, offset)}
}

export function u32be(offset: number): Field {
  return {read: (bytes) => bytes.readUInt32BE(offset), write: (bytes, value) => void bytes.writeUInt32BE(value, offset)}
}

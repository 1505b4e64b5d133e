// Bytes with bounds: every read outside throws a RangeError, which a reader turns into one damaged row or section.

const DECODERS = {
  latin1: new TextDecoder('latin1'),
  'utf-16le': new TextDecoder('utf-16le'),
  'utf-16be': new TextDecoder('utf-16be'),
} as const

export class Bytes {
  readonly #view: DataView
  readonly #isLittle: boolean

  constructor(bytes: Uint8Array, order: 'little' | 'big') {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#isLittle = order === 'little'
  }

  get length(): number {
    return this.#view.byteLength
  }

  u8(at: number): number {
    return this.#view.getUint8(at)
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#isLittle)
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#isLittle)
  }

  raw(at: number, length: number): Uint8Array {
    if (at < 0 || length < 0 || at + length > this.length) throw new RangeError(`${length} bytes at ${at}`)
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length)
  }

  part(at: number, length: number): Bytes {
    return new Bytes(this.raw(at, length), this.#isLittle ? 'little' : 'big')
  }

  text(at: number, length: number, encoding: keyof typeof DECODERS): string {
    return DECODERS[encoding].decode(this.raw(at, length)).replace(/\0[\s\S]*$/, '')
  }
}

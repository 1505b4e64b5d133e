// Floats that arrive one by one, because a stream does not say how long it will be.

/** 64 KB: what a short track wastes stays small, and a long one is never copied to make room. */
const PART_LENGTH = 1 << 14

export class GrowingFloats {
  private parts: Float32Array[] = []
  private part = new Float32Array(0)
  private filled = 0

  get length(): number {
    return this.parts.length * PART_LENGTH + this.filled
  }

  push(value: number): void {
    if (this.filled === this.part.length) this.startPart()
    this.part[this.filled++] = value
  }

  private startPart(): void {
    if (this.part.length > 0) this.parts.push(this.part)
    this.part = new Float32Array(PART_LENGTH)
    this.filled = 0
  }

  /** The first `length` values in one array. They are kept no longer, so that hours of music lie in memory once. */
  take(length: number): Float32Array {
    const out = new Float32Array(Math.min(length, this.length))
    let at = 0
    for (const part of [...this.parts, this.part.subarray(0, this.filled)]) {
      if (at >= out.length) break
      out.set(part.subarray(0, out.length - at), at)
      at += part.length
    }
    this.parts = []
    this.part = new Float32Array(0)
    this.filled = 0
    return out
  }
}

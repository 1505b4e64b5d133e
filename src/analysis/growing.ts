// A Float32Array that grows as frames arrive, because a stream does not say how long it will be.

export class GrowingFloats {
  private data = new Float32Array(4096)
  length = 0

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1)
    this.data[this.length++] = value
  }

  append(values: Float32Array): void {
    this.reserve(values.length)
    this.data.set(values, this.length)
    this.length += values.length
  }

  /** What was pushed so far; a view, valid until the next push. */
  view(): Float32Array {
    return this.data.subarray(0, this.length)
  }

  private reserve(more: number): void {
    if (this.length + more <= this.data.length) return
    const grown = new Float32Array(Math.max(Math.ceil(this.data.length * 1.5), this.length + more))
    grown.set(this.data.subarray(0, this.length))
    this.data = grown
  }
}

// Keeps the decimated sound for the second look that beats and timbre need, never more than a fixed amount of it.

const CHUNK_SECONDS = 8
/** About 45 minutes in 16 bits at 11 kHz: 60 MB. */
const MAX_CHUNKS = 340

/**
 * Sound at the low rate in chunks of 8 s. When the budget is full every second chunk is dropped and from then on only
 * every second one is kept, so that what remains always covers the whole track evenly.
 */
export class RetainedAudio {
  readonly rateHz: number
  readonly chunkLength: number
  private readonly chunks = new Map<number, Int16Array>()
  private current: Int16Array
  private filled = 0
  private index = 0
  private stride = 1

  constructor(rateHz: number) {
    this.rateHz = rateHz
    this.chunkLength = Math.round(CHUNK_SECONDS * rateHz)
    this.current = new Int16Array(this.chunkLength)
  }

  push(block: Float32Array): void {
    for (let at = 0; at < block.length; ) {
      const end = Math.min(block.length, at + this.chunkLength - this.filled)
      const {current} = this
      let filled = this.filled
      for (; at < end; at++) {
        const value = (block[at] as number) * 16_384
        current[filled++] = Math.max(-32_768, Math.min(32_767, value))
      }
      this.filled = filled
      if (filled === this.chunkLength) this.closeChunk()
    }
  }

  finish(): void {
    if (this.filled > 0) this.closeChunk()
  }

  private closeChunk(): void {
    if (this.index % this.stride === 0) this.chunks.set(this.index, this.current.slice(0, this.filled))
    this.index++
    this.filled = 0
    if (this.chunks.size <= MAX_CHUNKS) return
    this.stride *= 2
    for (const index of this.chunks.keys()) if (index % this.stride !== 0) this.chunks.delete(index)
  }

  /**
   * Copies sound from sample `start` on into `target`, scaled to −1…1, zeros before the start and after the end.
   *
   * @returns false where a part of it was not kept
   */
  read(start: number, target: Float32Array): boolean {
    let isKept = true
    let at = 0
    while (at < target.length) {
      const position = start + at
      if (position < 0) {
        target[at++] = 0
        continue
      }
      const chunkIndex = Math.floor(position / this.chunkLength)
      const offset = position - chunkIndex * this.chunkLength
      const count = Math.min(target.length - at, this.chunkLength - offset)
      const chunk = this.chunks.get(chunkIndex)
      if (chunk === undefined) {
        target.fill(0, at, at + count)
        if (chunkIndex < this.index) isKept = false
      } else {
        for (let i = 0; i < count; i++) target[at + i] = (chunk[offset + i] ?? 0) / 16_384
      }
      at += count
    }
    return isKept
  }
}

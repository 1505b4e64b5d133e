// Brings very quiet recordings up before they are listened to: below a fixed floor, attacks and tones drown in the logarithm.

/** Long enough to get past a quiet intro; what is held back meanwhile is 2.6 MB at 11 kHz. */
const LISTEN_SECONDS = 60
const CHUNK_SECONDS = 0.4
/** Music whose loudest passage lies below this is a quiet file: a soft piano reaches −30 dB. */
const QUIET_DB = -34
const TARGET_DB = -20
/** Below this there is nothing but the rounding of 16 bits. */
const SILENCE_DB = -90

const powerFromDb = (db: number): number => 10 ** (db / 10)

/**
 * Holds a stream back until its level is known, then passes it on, louder by one constant factor where it is very quiet
 * and untouched elsewhere.
 */
export class QuietGain {
  private readonly pass: (block: Float32Array) => void
  private readonly chunkLength: number
  private held: Float32Array | null
  private filled = 0
  /** Linear factor of amplitude, 1 until it is decided. */
  gain = 1

  /** @param pass takes each block in turn; it may be a view that is overwritten later */
  constructor(rateHz: number, pass: (block: Float32Array) => void) {
    this.pass = pass
    this.chunkLength = Math.max(1, Math.round(CHUNK_SECONDS * rateHz))
    this.held = new Float32Array(Math.round(LISTEN_SECONDS * rateHz))
  }

  push(block: Float32Array): void {
    if (this.held === null) {
      this.passOn(block)
      return
    }
    const count = Math.min(block.length, this.held.length - this.filled)
    this.held.set(block.subarray(0, count), this.filled)
    this.filled += count
    if (this.filled < this.held.length) return
    this.decide()
    this.passOn(block.subarray(count))
  }

  finish(): void {
    if (this.held !== null) this.decide()
  }

  private decide(): void {
    const sound = (this.held ?? new Float32Array(0)).subarray(0, this.filled)
    this.held = null
    let loudest = 0
    for (let start = 0; start < sound.length; start += this.chunkLength) {
      const chunk = sound.subarray(start, start + this.chunkLength)
      let power = 0
      for (let i = 0; i < chunk.length; i++) power += (chunk[i] as number) ** 2
      loudest = Math.max(loudest, power / this.chunkLength)
    }
    if (loudest > powerFromDb(SILENCE_DB) && loudest < powerFromDb(QUIET_DB))
      this.gain = Math.sqrt(powerFromDb(TARGET_DB) / loudest)
    for (let start = 0; start < sound.length; start += this.chunkLength)
      this.passOn(sound.subarray(start, start + this.chunkLength))
  }

  private passOn(block: Float32Array): void {
    if (this.gain !== 1) for (let i = 0; i < block.length; i++) block[i] = (block[i] as number) * this.gain
    this.pass(block)
  }
}

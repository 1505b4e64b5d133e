// Our own Fourier transform: synchronous, ready at once in any thread, and as fast as the rest of the analysis needs.

/**
 * A complex transform of one length, in place, with tables made once.
 *
 * Radix 4 (two radix-2 stages merged) on bit-reversed input, see Van Loan, Computational Frameworks for the FFT, §1.
 */
export class Fft {
  readonly size: number
  private readonly swaps: Uint32Array
  private readonly cos: Float64Array
  private readonly sin: Float64Array

  /** @param size a power of two, 4 or more */
  constructor(size: number) {
    if (size < 4 || !Number.isInteger(Math.log2(size))) throw new RangeError(`no transform of length ${size}`)
    this.size = size
    this.swaps = bitReversalSwaps(size)
    this.cos = new Float64Array(size)
    this.sin = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      this.cos[i] = Math.cos((2 * Math.PI * i) / size)
      this.sin[i] = -Math.sin((2 * Math.PI * i) / size)
    }
  }

  /** X[k] = Σ x[n] e^(−2πikn/N), unscaled. Swap the two arrays for the inverse, which is then N times too large. */
  transform(re: Float64Array, im: Float64Array): void {
    const n = this.size
    const {swaps, cos, sin} = this
    for (let s = 0; s < swaps.length; s += 2) {
      const i = swaps[s] as number
      const j = swaps[s + 1] as number
      const r = re[i] as number
      re[i] = re[j] as number
      re[j] = r
      const m = im[i] as number
      im[i] = im[j] as number
      im[j] = m
    }
    let quarter = 1
    if (Math.log2(n) % 2 === 1) {
      for (let i = 0; i < n; i += 2) {
        const ar = re[i] as number
        const ai = im[i] as number
        const br = re[i + 1] as number
        const bi = im[i + 1] as number
        re[i] = ar + br
        im[i] = ai + bi
        re[i + 1] = ar - br
        im[i + 1] = ai - bi
      }
      quarter = 2
    }
    for (; quarter < n; quarter *= 4) {
      const step = n / (4 * quarter)
      for (let k = 0; k < quarter; k++) {
        const w1r = cos[k * step] as number
        const w1i = sin[k * step] as number
        const w2r = cos[2 * k * step] as number
        const w2i = sin[2 * k * step] as number
        const w3r = cos[3 * k * step] as number
        const w3i = sin[3 * k * step] as number
        for (let a = k; a < n; a += 4 * quarter) {
          const b = a + quarter
          const c = b + quarter
          const d = c + quarter
          const xr = re[b] as number
          const xi = im[b] as number
          const br = xr * w2r - xi * w2i
          const bi = xr * w2i + xi * w2r
          const yr = re[c] as number
          const yi = im[c] as number
          const cr = yr * w1r - yi * w1i
          const ci = yr * w1i + yi * w1r
          const zr = re[d] as number
          const zi = im[d] as number
          const dr = zr * w3r - zi * w3i
          const di = zr * w3i + zi * w3r
          const ar = re[a] as number
          const ai = im[a] as number
          const s0r = ar + br
          const s0i = ai + bi
          const s1r = ar - br
          const s1i = ai - bi
          const s2r = cr + dr
          const s2i = ci + di
          const s3r = cr - dr
          const s3i = ci - di
          re[a] = s0r + s2r
          im[a] = s0i + s2i
          re[b] = s1r + s3i
          im[b] = s1i - s3r
          re[c] = s0r - s2r
          im[c] = s0i - s2i
          re[d] = s1r - s3i
          im[d] = s1i + s3r
        }
      }
    }
  }
}

function bitReversalSwaps(size: number): Uint32Array {
  const bits = Math.log2(size)
  const swaps: number[] = []
  for (let i = 0; i < size; i++) {
    let reversed = 0
    for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) reversed |= 1 << (bits - 1 - bit)
    if (i < reversed) swaps.push(i, reversed)
  }
  return Uint32Array.from(swaps)
}

/** The periodic Hann window. */
export function hannWindow(size: number): Float64Array {
  return Float64Array.from({length: size}, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
}

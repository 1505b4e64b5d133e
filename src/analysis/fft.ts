// Our own Fourier transform: synchronous, ready at once in any thread, and as fast as the rest of the analysis needs.

/**
 * A complex transform of one length, in place, with tables made once.
 *
 * Radix 4 (two radix-2 stages merged) on bit-reversed input, see Van Loan, Computational Frameworks for the FFT, §1.
 */
export class Fft {
  readonly size: number
  /** Where each input goes before the first stage: index i with its bits reversed. */
  readonly order: Uint32Array
  /** Per radix-4 stage w¹, w², w³ of each k, as six numbers in a row. */
  readonly twiddles: readonly Float64Array[]

  /** @param size a power of two, 4 or more */
  constructor(size: number) {
    if (size < 4 || !Number.isInteger(Math.log2(size))) throw new RangeError(`no transform of length ${size}`)
    this.size = size
    this.order = bitReversal(size)
    const twiddles: Float64Array[] = []
    for (let quarter = Math.log2(size) % 2 === 1 ? 2 : 1; quarter < size; quarter *= 4)
      twiddles.push(stageTwiddles(quarter))
    this.twiddles = twiddles
  }

  /** X[k] = Σ x[n] e^(−2πikn/N), unscaled. Swap the two arrays for the inverse, which is then N times too large. */
  transform(re: Float64Array, im: Float64Array): void {
    const {order} = this
    for (let i = 0; i < order.length; i++) {
      const j = order[i] as number
      if (j <= i) continue
      const r = re[i] as number
      re[i] = re[j] as number
      re[j] = r
      const m = im[i] as number
      im[i] = im[j] as number
      im[j] = m
    }
    this.transformOrdered(re, im)
  }

  /** The same for input that already stands where `order` puts it, which saves a pass where input is copied anyway. */
  transformOrdered(re: Float64Array, im: Float64Array): void {
    let quarter = 1
    if (Math.log2(this.size) % 2 === 1) {
      radix2Stage(re, im, this.size)
      quarter = 2
    }
    for (const twiddles of this.twiddles) {
      if (quarter === 1) plainRadix4Stage(re, im, this.size)
      else radix4Stage(re, im, this.size, quarter, twiddles)
      quarter *= 4
    }
  }
}

const made = new Map<number, Fft>()

/** The transform of a length, its tables made once per thread. */
export function fftOfSize(size: number): Fft {
  const known = made.get(size)
  if (known !== undefined) return known
  const fft = new Fft(size)
  made.set(size, fft)
  return fft
}

function stageTwiddles(quarter: number): Float64Array {
  const twiddles = new Float64Array(6 * quarter)
  for (let k = 0; k < quarter; k++)
    for (let power = 1; power <= 3; power++) {
      const angle = (-2 * Math.PI * power * k) / (4 * quarter)
      twiddles[6 * k + 2 * power - 2] = Math.cos(angle)
      twiddles[6 * k + 2 * power - 1] = Math.sin(angle)
    }
  return twiddles
}

function radix2Stage(re: Float64Array, im: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 2) {
    const ar = re[i] as number
    const ai = im[i] as number
    const br = re[i + 1] as number
    const bi = im[i + 1] as number
    re[i] = ar + br
    im[i] = ai + bi
    re[i + 1] = ar - br
    im[i + 1] = ai - bi
  }
}

/** The first radix-4 stage of an even power of two: all twiddles are 1. */
function plainRadix4Stage(re: Float64Array, im: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 4) {
    const s0r = (re[i] as number) + (re[i + 1] as number)
    const s0i = (im[i] as number) + (im[i + 1] as number)
    const s1r = (re[i] as number) - (re[i + 1] as number)
    const s1i = (im[i] as number) - (im[i + 1] as number)
    const s2r = (re[i + 2] as number) + (re[i + 3] as number)
    const s2i = (im[i + 2] as number) + (im[i + 3] as number)
    const s3r = (re[i + 2] as number) - (re[i + 3] as number)
    const s3i = (im[i + 2] as number) - (im[i + 3] as number)
    re[i] = s0r + s2r
    im[i] = s0i + s2i
    re[i + 1] = s1r + s3i
    im[i + 1] = s1i - s3r
    re[i + 2] = s0r - s2r
    im[i + 2] = s0i - s2i
    re[i + 3] = s1r - s3i
    im[i + 3] = s1i + s3r
  }
}

function radix4Stage(re: Float64Array, im: Float64Array, size: number, quarter: number, twiddles: Float64Array): void {
  for (let block = 0; block < size; block += 4 * quarter) {
    let t = 0
    for (let a = block; a < block + quarter; a++) {
      const b = a + quarter
      const c = b + quarter
      const d = c + quarter
      const w1r = twiddles[t] as number
      const w1i = twiddles[t + 1] as number
      const w2r = twiddles[t + 2] as number
      const w2i = twiddles[t + 3] as number
      const w3r = twiddles[t + 4] as number
      const w3i = twiddles[t + 5] as number
      t += 6
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

function bitReversal(size: number): Uint32Array {
  const order = new Uint32Array(size)
  for (let i = 1; i < size; i++) order[i] = ((order[i >> 1] as number) >> 1) + (i & 1 ? size / 2 : 0)
  return order
}

/** The periodic Hann window. */
export function hannWindow(size: number): Float64Array {
  return Float64Array.from({length: size}, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
}

// The inner loops of the analysis in AssemblyScript: compiled to WebAssembly, four numbers per instruction.
// After a change: npm run kernels, which writes src/analysis/kernel-code.ts.
//
// Nothing is kept here between two calls but the tables: the classes that call hold their own state.

/** Samples that `input` holds per channel. */
const BLOCK = 16_384
/** Beyond the end of a block, for what a filter holds from before it and for vectors that are not full. */
const MARGIN = 64
const LONGEST_TRANSFORM = 8192

/** Two arrays of BLOCK + MARGIN samples. */
export const input: usize = memory.data((BLOCK + MARGIN) * 4 * 2, 16)
export const second: usize = input + (BLOCK + MARGIN) * 4
/** What comes out of a filter; the even samples first while it works. */
export const output: usize = memory.data((BLOCK + MARGIN) * 4, 16)
const odds: usize = memory.data((BLOCK + MARGIN) * 2 + 64, 16)
const evens: usize = memory.data((BLOCK + MARGIN) * 2 + 64, 16)
/** Coefficients and states of filters, results of the onset kernel. */
export const coefficients: usize = memory.data(64 * 8, 16)
export const state: usize = memory.data(64 * 8, 16)
export const results: usize = memory.data(64 * 4, 16)
/** Eight overlapping frames of sound, then per bin two vectors: real and imaginary parts of four transforms. */
export const frames: usize = memory.data(LONGEST_TRANSFORM * 3 * 4, 16)
export const spectra: usize = memory.data(LONGEST_TRANSFORM * 32, 16)
/** Per bin the last compressed magnitude of the even frames, then those of the odd frames. */
export const history: usize = memory.data(512 * 4, 16)
/** Window, order of input (32-bit) and twiddles (six numbers per k, stage by stage) of the two transforms. */
export const shortTables: usize = memory.data(512 * 4 * 8, 16)
export const longTables: usize = memory.data(LONGEST_TRANSFORM * 4 * 8, 16)

/**
 * Four complex transforms at once, one per lane, of input that stands in bit-reversed order; radix 4 after one stage of
 * radix 2, so that `size` is an odd power of two.
 */
function transform(size: i32, twiddles: usize): void {
  const end = spectra + ((<usize>size) << 5)
  for (let a = spectra; a < end; a += 64) {
    const ar = v128.load(a)
    const ai = v128.load(a, 16)
    const br = v128.load(a, 32)
    const bi = v128.load(a, 48)
    v128.store(a, f32x4.add(ar, br))
    v128.store(a, f32x4.add(ai, bi), 16)
    v128.store(a, f32x4.sub(ar, br), 32)
    v128.store(a, f32x4.sub(ai, bi), 48)
  }
  for (let quarter = 2; quarter < size; quarter <<= 2) {
    const step = (<usize>quarter) << 5
    for (let block = spectra; block < end; block += step << 2) {
      let t = twiddles
      for (let a = block; a < block + step; a += 32) {
        const b = a + step
        const c = b + step
        const d = c + step
        const xr = v128.load(b)
        const xi = v128.load(b, 16)
        const w2r = v128.load32_splat(t, 8)
        const w2i = v128.load32_splat(t, 12)
        const br = f32x4.sub(f32x4.mul(xr, w2r), f32x4.mul(xi, w2i))
        const bi = f32x4.add(f32x4.mul(xr, w2i), f32x4.mul(xi, w2r))
        const ar = v128.load(a)
        const ai = v128.load(a, 16)
        const s0r = f32x4.add(ar, br)
        const s0i = f32x4.add(ai, bi)
        const s1r = f32x4.sub(ar, br)
        const s1i = f32x4.sub(ai, bi)
        const yr = v128.load(c)
        const yi = v128.load(c, 16)
        const w1r = v128.load32_splat(t)
        const w1i = v128.load32_splat(t, 4)
        const cr = f32x4.sub(f32x4.mul(yr, w1r), f32x4.mul(yi, w1i))
        const ci = f32x4.add(f32x4.mul(yr, w1i), f32x4.mul(yi, w1r))
        const zr = v128.load(d)
        const zi = v128.load(d, 16)
        const w3r = v128.load32_splat(t, 16)
        const w3i = v128.load32_splat(t, 20)
        const dr = f32x4.sub(f32x4.mul(zr, w3r), f32x4.mul(zi, w3i))
        const di = f32x4.add(f32x4.mul(zr, w3i), f32x4.mul(zi, w3r))
        const s2r = f32x4.add(cr, dr)
        const s2i = f32x4.add(ci, di)
        const s3r = f32x4.sub(cr, dr)
        const s3i = f32x4.sub(ci, di)
        v128.store(a, f32x4.add(s0r, s2r))
        v128.store(a, f32x4.add(s0i, s2i), 16)
        v128.store(b, f32x4.add(s1r, s3i))
        v128.store(b, f32x4.sub(s1i, s3r), 16)
        v128.store(c, f32x4.sub(s0r, s2r))
        v128.store(c, f32x4.sub(s0i, s2i), 16)
        v128.store(d, f32x4.sub(s1r, s3i))
        v128.store(d, f32x4.add(s1i, s3r), 16)
        t += 24
      }
    }
    twiddles += <usize>quarter * 24
  }
}

/** Four samples of four frames, turned so that each vector holds one sample of each frame, and put where they belong. */
function placeFour(from: usize, stride: usize, window: v128, order: usize, part: usize): void {
  const a = f32x4.mul(v128.load(from), window)
  const b = f32x4.mul(v128.load(from + stride), window)
  const c = f32x4.mul(v128.load(from + 2 * stride), window)
  const d = f32x4.mul(v128.load(from + 3 * stride), window)
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(part + ((<usize>load<u32>(order)) << 5), v128.shuffle<f32>(ab, cd, 0, 1, 4, 5))
  v128.store(part + ((<usize>load<u32>(order, 4)) << 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7))
  v128.store(part + ((<usize>load<u32>(order, 8)) << 5), v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5))
  v128.store(part + ((<usize>load<u32>(order, 12)) << 5), v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7))
}

/** Spectra of the eight frames that begin every `hop` samples in `frames`: even ones as real, odd ones as imaginary parts. */
function transformFrames(size: i32, hop: i32, tables: usize): void {
  const bytes = (<usize>size) << 2
  const stride = (<usize>hop) << 3
  for (let at: usize = 0; at < bytes; at += 16) {
    const window = v128.load(tables + at)
    const order = tables + bytes + at
    placeFour(frames + at, stride, window, order, spectra)
    placeFour(frames + at + (stride >> 1), stride, window, order, spectra + 16)
  }
  transform(size, tables + 2 * bytes)
}

/**
 * Power and rise of the compressed magnitude against two frames before, of eight frames.
 *
 * @param bands lowest and last bin (excluded) of each as 32-bit numbers in `coefficients`
 * @returns per band in `results`: power of the even frames, of the odd frames, rise of the even, of the odd frames
 */
export function onsets(bands: i32, size: i32, hop: i32, compression: f32): void {
  transformFrames(size, hop, shortTables)
  const top = spectra + ((<usize>size) << 5)
  const one = f32x4.splat(1)
  const scale = f32x4.splat(compression)
  const zero = i32x4.splat(0)
  const oddHistory = history + ((<usize>size) << 1)
  for (let band = 0; band < bands; band++) {
    const low = load<i32>(coefficients + ((<usize>band) << 3))
    const high = load<i32>(coefficients + ((<usize>band) << 3), 4)
    let evenPower = f32x4.splat(0)
    let oddPower = evenPower
    let evenRise = evenPower
    let oddRise = evenPower
    for (let k = low; k < high; k++) {
      const offset = (<usize>k) << 5
      const ar = v128.load(spectra + offset)
      const ai = v128.load(spectra + offset, 16)
      const br = v128.load(top - offset)
      const bi = v128.load(top - offset, 16)
      const er = f32x4.add(ar, br)
      const ei = f32x4.sub(ai, bi)
      const or = f32x4.sub(ar, br)
      const oi = f32x4.add(ai, bi)
      const even = f32x4.add(f32x4.mul(er, er), f32x4.mul(ei, ei))
      const odd = f32x4.add(f32x4.mul(or, or), f32x4.mul(oi, oi))
      evenPower = f32x4.add(evenPower, even)
      oddPower = f32x4.add(oddPower, odd)
      const evenBits = f32x4.add(one, f32x4.mul(scale, even))
      const oddBits = f32x4.add(one, f32x4.mul(scale, odd))
      const evenBefore = v128.shuffle<i32>(v128.load32_zero(history + ((<usize>k) << 2)), evenBits, 0, 4, 5, 6)
      const oddBefore = v128.shuffle<i32>(v128.load32_zero(oddHistory + ((<usize>k) << 2)), oddBits, 0, 4, 5, 6)
      v128.store_lane<i32>(history + ((<usize>k) << 2), evenBits, 3)
      v128.store_lane<i32>(oddHistory + ((<usize>k) << 2), oddBits, 3)
      const evenChange = i32x4.max_s(zero, i32x4.sub(evenBits, evenBefore))
      const oddChange = i32x4.max_s(zero, i32x4.sub(oddBits, oddBefore))
      evenRise = f32x4.add(evenRise, f32x4.convert_i32x4_s(evenChange))
      oddRise = f32x4.add(oddRise, f32x4.convert_i32x4_s(oddChange))
    }
    const result = results + ((<usize>band) << 6)
    v128.store(result, evenPower)
    v128.store(result, oddPower, 16)
    v128.store(result, evenRise, 32)
    v128.store(result, oddRise, 48)
  }
}

/** Power of bins `from` to `to` of eight frames, in `spectra`: per bin that of the four even and of the four odd frames. */
export function powers(size: i32, hop: i32, from: i32, to: i32): void {
  transformFrames(size, hop, longTables)
  const top = spectra + ((<usize>size) << 5)
  for (let offset = (<usize>from) << 5; offset <= (<usize>to) << 5; offset += 32) {
    const ar = v128.load(spectra + offset)
    const ai = v128.load(spectra + offset, 16)
    const br = v128.load(top - offset)
    const bi = v128.load(top - offset, 16)
    const er = f32x4.add(ar, br)
    const ei = f32x4.sub(ai, bi)
    const or = f32x4.sub(ar, br)
    const oi = f32x4.add(ai, bi)
    v128.store(spectra + offset, f32x4.add(f32x4.mul(er, er), f32x4.mul(ei, ei)))
    v128.store(spectra + offset, f32x4.add(f32x4.mul(or, or), f32x4.mul(oi, oi)), 16)
  }
}

/**
 * A half-band filter over `input`, every second value kept: the taps at offsets 1, 3, 5 … as 32-bit numbers in
 * `coefficients`, the middle one is 0.5. The first value stands where input sample 2 × pairs − 1 stands.
 */
export function halve(samples: i32, count: i32, pairs: i32): void {
  const bytes = (<usize>samples) << 2
  let half: usize = 0
  for (let at: usize = 0; at < bytes; at += 32) {
    const a = v128.load(input + at)
    const b = v128.load(input + at, 16)
    v128.store(evens + half, v128.shuffle<f32>(a, b, 0, 2, 4, 6))
    v128.store(odds + half, v128.shuffle<f32>(a, b, 1, 3, 5, 7))
    half += 16
  }
  const middle = f32x4.splat(0.5)
  const centre = (<usize>(pairs - 1)) << 2
  const end = (<usize>count) << 2
  for (let at: usize = 0; at < end; at += 16) {
    let sum = f32x4.mul(middle, v128.load(odds + at + centre))
    let before = evens + at + centre
    let after = before + 4
    for (let p = 0; p < pairs; p++) {
      const tap = v128.load32_splat(coefficients + ((<usize>p) << 2))
      sum = f32x4.add(sum, f32x4.mul(tap, f32x4.add(v128.load(before), v128.load(after))))
      before -= 4
      after += 4
    }
    v128.store(output + at, sum)
  }
}

/**
 * Sum of squares of `input` and `second` after two biquads, both channels side by side. The first filter is given whole
 * (b0, b1, b2, a1, a2 as 64-bit numbers in `coefficients`), of the second only a1 and a2: its zeros lie at 0 Hz.
 *
 * In direct form I only a multiplication and a subtraction wait for the sample before.
 */
export function weightedPower(from: i32, to: i32): f64 {
  const b0 = v128.load64_splat(coefficients)
  const b1 = v128.load64_splat(coefficients, 8)
  const b2 = v128.load64_splat(coefficients, 16)
  const a1 = v128.load64_splat(coefficients, 24)
  const a2 = v128.load64_splat(coefficients, 32)
  const c1 = v128.load64_splat(coefficients, 40)
  const c2 = v128.load64_splat(coefficients, 48)
  let x1 = v128.load(state)
  let x2 = v128.load(state, 16)
  let y1 = v128.load(state, 32)
  let y2 = v128.load(state, 48)
  let z1 = v128.load(state, 64)
  let z2 = v128.load(state, 80)
  let sum = f64x2.splat(0)
  for (let at = (<usize>from) << 2; at < (<usize>to) << 2; at += 4) {
    const pair = v128.load32_lane(second + at, v128.load32_zero(input + at), 1)
    const x = f64x2.promote_low_f32x4(pair)
    const fed = f64x2.add(f64x2.add(f64x2.mul(b0, x), f64x2.mul(b1, x1)), f64x2.mul(b2, x2))
    const y = f64x2.sub(f64x2.sub(fed, f64x2.mul(a2, y2)), f64x2.mul(a1, y1))
    const curved = f64x2.sub(f64x2.sub(y, y1), f64x2.sub(y1, y2))
    const z = f64x2.sub(f64x2.sub(curved, f64x2.mul(c2, z2)), f64x2.mul(c1, z1))
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    z2 = z1
    z1 = z
    sum = f64x2.add(sum, f64x2.mul(z, z))
  }
  v128.store(state, x1)
  v128.store(state, x2, 16)
  v128.store(state, y1, 32)
  v128.store(state, y2, 48)
  v128.store(state, z1, 64)
  v128.store(state, z2, 80)
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Sum of the four numbers of a vector. */
function total(v: v128): f32 {
  const two = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1)
}

const TAPS = 12
const REACH = TAPS / 2

/** The highest of the three values between sample i and the next, by the interpolator of 3 × 12 taps in `coefficients`. */
function between(i: i32): f32 {
  const from = input + ((<usize>(i - REACH + 1)) << 2)
  const a = v128.load(from)
  const b = v128.load(from, 16)
  const c = v128.load(from, 32)
  let highest: f32 = 0
  for (let taps = coefficients; taps < coefficients + 3 * TAPS * 4; taps += TAPS * 4) {
    const sum = f32x4.add(
      f32x4.add(f32x4.mul(a, v128.load(taps)), f32x4.mul(b, v128.load(taps, 16))),
      f32x4.mul(c, v128.load(taps, 32)),
    )
    highest = max(highest, abs(total(sum)))
  }
  return highest
}

/** The highest value of `input` and between its samples; only looks beside samples above `share` of the peak so far. */
export function truePeak(samples: i32, soFar: f32, share: f32): f32 {
  let peak = soFar
  let threshold = peak * share
  const last = samples - REACH
  for (let start = 0; start < samples; start += 8) {
    const at = input + ((<usize>start) << 2)
    const highest = f32x4.max(f32x4.abs(v128.load(at)), f32x4.abs(v128.load(at, 16)))
    if (!v128.any_true(f32x4.gt(highest, f32x4.splat(threshold)))) continue
    const end = min(start + 8, samples)
    for (let i = start; i < end; i++) {
      const value = abs(load<f32>(input + ((<usize>i) << 2)))
      if (value <= threshold) continue
      peak = max(peak, value)
      if (i >= REACH - 1 && i < last) peak = max(peak, between(i))
      if (i >= REACH && i <= last) peak = max(peak, between(i - 1))
      threshold = peak * share
    }
  }
  return peak
}

/**
 * A biquad over part of `input` (b0, b1, b2, a1, a2 in `coefficients`); `output` gets what it holds back.
 *
 * @returns the sum of squares of what passes; the first of `results` rises to its highest absolute value
 */
export function band(from: i32, to: i32): f64 {
  const b0 = load<f64>(coefficients)
  const b1 = load<f64>(coefficients, 8)
  const b2 = load<f64>(coefficients, 16)
  const a1 = load<f64>(coefficients, 24)
  const a2 = load<f64>(coefficients, 32)
  let x1 = load<f64>(state)
  let x2 = load<f64>(state, 8)
  let y1 = load<f64>(state, 16)
  let y2 = load<f64>(state, 24)
  let peak: f64 = load<f32>(results)
  let sum: f64 = 0
  for (let at = (<usize>from) << 2; at < (<usize>to) << 2; at += 4) {
    const x: f64 = load<f32>(input + at)
    const y = b0 * x + b1 * x1 + b2 * x2 - a2 * y2 - a1 * y1
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    peak = max(peak, abs(y))
    sum += y * y
    store<f32>(output + at, <f32>(x - y))
  }
  store<f64>(state, x1)
  store<f64>(state, x2, 8)
  store<f64>(state, y1, 16)
  store<f64>(state, y2, 24)
  store<f32>(results, <f32>peak)
  return sum
}

/** Writes the mean of `input` and `second` to `output`. @returns a number that is finite where all of them are */
export function mean(samples: i32): f32 {
  const half = f32x4.splat(0.5)
  let sum = f32x4.splat(0)
  for (let at: usize = 0; at < (<usize>samples) << 2; at += 16) {
    const value = f32x4.add(f32x4.mul(half, v128.load(input + at)), f32x4.mul(half, v128.load(second + at)))
    v128.store(output + at, value)
    sum = f32x4.add(sum, value)
  }
  return total(sum)
}

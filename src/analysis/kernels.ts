// The inner loops that WebAssembly runs four numbers at a time, one instance per thread; see kernels/dsp.ts.
import {fftOfSize, hannWindow} from './fft.js'
import {KERNEL_CODE} from './kernel-code.js'

/** Samples that `input` and `second` take at once. */
export const KERNEL_BLOCK = 16_384
/** Frames that one call transforms. */
export const FRAMES_PER_CALL = 8
/** Frame lengths of the two spectra. */
export const SHORT_FRAME = 512
export const LONG_FRAME = 8192

/** What the compiled module exports: functions, and where each array stands in its memory. */
interface Exports {
  readonly memory: WebAssembly.Memory
  readonly onsets: (bands: number, size: number, hop: number, compression: number) => void
  readonly powers: (size: number, hop: number, from: number, to: number) => void
  readonly halve: (samples: number, count: number, pairs: number) => void
  readonly weightedPower: (from: number, to: number) => number
  readonly truePeak: (samples: number, soFar: number, share: number) => number
  readonly band: (from: number, to: number) => number
  readonly mean: (samples: number) => number
}

/** Arrays through which callers pass values in and out; all are overwritten by whoever calls next. */
export interface Kernels extends Omit<Exports, 'memory'> {
  readonly input: Float32Array
  readonly second: Float32Array
  readonly output: Float32Array
  readonly coefficients: {readonly ints: Int32Array; readonly floats: Float32Array; readonly doubles: Float64Array}
  readonly state: Float64Array
  readonly results: Float32Array
  readonly frames: Float32Array
  readonly spectra: Float32Array
  readonly history: Int32Array
}

let made: Kernels | null = null

/** Made at the first call, which takes about a millisecond. */
export function kernels(): Kernels {
  made ??= makeKernels()
  return made
}

const COEFFICIENTS = 64
/** What a filter holds from before a block, and vectors that are not full. */
const MARGIN = 64

function makeKernels(): Kernels {
  // Small enough to be compiled at once; a promise would make every caller wait for it.
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(KERNEL_CODE, 'base64')))
  const code = exports as unknown as Exports
  const placeOf = (name: string): number => (exports[name] as WebAssembly.Global).value as number
  const {buffer} = code.memory
  const floats = (name: string, length: number) => new Float32Array(buffer, placeOf(name), length)
  writeTables(buffer, placeOf('shortTables'), SHORT_FRAME)
  writeTables(buffer, placeOf('longTables'), LONG_FRAME)
  return {
    ...code,
    input: floats('input', KERNEL_BLOCK + MARGIN),
    second: floats('second', KERNEL_BLOCK + MARGIN),
    output: floats('output', KERNEL_BLOCK + MARGIN),
    coefficients: {
      ints: new Int32Array(buffer, placeOf('coefficients'), COEFFICIENTS),
      floats: floats('coefficients', COEFFICIENTS),
      doubles: new Float64Array(buffer, placeOf('coefficients'), COEFFICIENTS),
    },
    state: new Float64Array(buffer, placeOf('state'), COEFFICIENTS),
    results: floats('results', COEFFICIENTS),
    frames: floats('frames', 3 * LONG_FRAME),
    spectra: floats('spectra', 8 * LONG_FRAME),
    history: new Int32Array(buffer, placeOf('history'), SHORT_FRAME),
  }
}

/** Window, order of input, twiddles of all stages: what the kernels' transform of one length reads. */
function writeTables(buffer: ArrayBuffer, at: number, size: number): void {
  const {order, twiddles} = fftOfSize(size)
  // A full-scale sine has power 1 in its bin; halved because two frames share one transform.
  new Float32Array(buffer, at, size).set(hannWindow(size).map((value) => (value * 2) / size))
  new Uint32Array(buffer, at + 4 * size, size).set(order)
  let stageAt = at + 8 * size
  for (const stage of twiddles) {
    new Float32Array(buffer, stageAt, stage.length).set(stage)
    stageAt += 4 * stage.length
  }
}

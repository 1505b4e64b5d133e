// The part of essentia.js 0.1 that is used, as types of our own: crate's tree is checked without it installed.
import {createRequire} from 'node:module'

/** Samples in the memory of the WebAssembly; must be freed by hand. */
export interface Vector {
  delete(): void
}

export interface Essentia {
  arrayToVector(samples: Float32Array): Vector
  Danceability(signal: Vector): {readonly danceability: number; readonly dfa: Vector}
  DynamicComplexity(signal: Vector): {readonly dynamicComplexity: number; readonly loudness: number}
  KeyExtractor(
    signal: Vector,
    averageDetuningCorrection: boolean,
    frameSize: number,
    hopSize: number,
    hpcpSize: number,
    maxFrequency: number,
    maximumSpectralPeaks: number,
    minFrequency: number,
    pcpThreshold: number,
    profileType: string,
    sampleRate: number,
  ): {readonly key: string; readonly scale: string; readonly strength: number}
}

/** Only the core of the package: its plots and models need a browser. */
export function loadEssentia(): Essentia {
  const require = createRequire(import.meta.url)
  const wasm: unknown = require('essentia.js/dist/essentia-wasm.umd.js')
  const Core = require('essentia.js/dist/essentia.js-core.umd.js') as new (wasm: unknown) => Essentia
  return new Core(wasm)
}

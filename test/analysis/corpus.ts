// The development corpus, read in place and decoded by ffmpeg; what is missing skips a test, except under CI.
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Stereo} from './signals.js'

const SHARED_AUDIO = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/audio')
export const DEV_AUDIO = join(SHARED_AUDIO, 'dev')

export interface Truth {
  readonly file: string
  readonly bpm: number | null
  readonly key: string | null
  readonly beats: readonly number[]
  readonly downbeats: readonly number[]
  readonly sections: readonly {readonly t: number; readonly label: string}[]
}

export function truthOf(file: string): Truth {
  const truths = JSON.parse(readFileSync(join(SHARED_AUDIO, 'truth.json'), 'utf8')) as Truth[]
  const found = truths.find((truth) => truth.file === file)
  if (found === undefined) throw new Error(`no truth for ${file}`)
  return found
}

/** True where the corpus or a program is missing and the test may be skipped. */
export function needs(...programs: readonly string[]): boolean {
  if (process.env['CI']) return false
  return !existsSync(DEV_AUDIO) || programs.some((program) => spawnSync('which', [program]).status !== 0)
}

export function decodeFile(path: string, ...options: readonly string[]): Stereo {
  const args = ['-v', 'error', '-i', path, ...options, '-f', 'f32le', '-ac', '2', '-ar', '44100', '-']
  const {stdout} = spawnSync('ffmpeg', args, {maxBuffer: 1 << 30})
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength))
  const length = samples.length / 2
  return {
    sampleRateHz: 44_100,
    channels: [
      Float32Array.from({length}, (_, i) => samples[2 * i] ?? 0),
      Float32Array.from({length}, (_, i) => samples[2 * i + 1] ?? 0),
    ],
  }
}

// The development corpus as WAV files with their truth: peers read WAV, and so decoding costs all of them the same.
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const shared = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/audio')
export const SCORER = join(shared, 'score.mjs')
export const TRUTH = join(shared, 'truth.json')

export interface Truth {
  readonly file: string
  readonly subset: 'charted' | 'edge' | 'gen' | 'lmms'
  readonly bpm: number | null
  readonly variableTempo?: boolean
  readonly beats?: readonly number[]
  readonly downbeats?: readonly number[]
  readonly sections?: readonly {readonly t: number; readonly label: string; readonly bars: number}[]
}

export interface BenchTrack {
  readonly truth: Truth
  readonly wav: string
  readonly seconds: number
}

export function readTruths(): Truth[] {
  return JSON.parse(readFileSync(TRUTH, 'utf8')) as Truth[]
}

/**
 * Decodes what is there to 44.1 kHz 16-bit stereo WAV below `folder`, once.
 *
 * @param rendered folder into which render-lmms.sh wrote; without it the lmms songs are left out
 */
export function prepareCorpus(folder: string, rendered: string | null, wanted: RegExp): BenchTrack[] {
  const tracks: BenchTrack[] = []
  for (const truth of readTruths().filter(({file}) => wanted.test(file))) {
    const source = [join(shared, 'dev', truth.file), ...(rendered === null ? [] : [join(rendered, truth.file)])].find(
      existsSync,
    )
    if (source === undefined) continue
    const wav = join(folder, dirname(truth.file), `${basename(truth.file).replace(/\.[^.]+$/, '')}.wav`)
    mkdirSync(dirname(wav), {recursive: true})
    if (!existsSync(wav))
      execFileSync('ffmpeg', ['-v', 'error', '-i', source, '-ar', '44100', '-ac', '2', '-c:a', 'pcm_s16le', wav])
    tracks.push({truth, wav, seconds: (readFileSync(wav).length - 44) / (44_100 * 4)})
  }
  return tracks
}

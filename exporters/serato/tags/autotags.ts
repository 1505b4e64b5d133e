// `Serato Autotags`: tempo and gain as Serato measured them, printed.
import {CrateError} from '../../../src/core/errors.js'
import {bufferOf} from '../bytes.js'

export interface Autotags {
  /** Null where the text is no positive number. */
  readonly tempoBpm: number | null
  readonly autoGainDb: number | null
  readonly gainDb: number | null
  /** The three texts and what follows them, as they stand there. */
  readonly texts: readonly [string, string, string]
  readonly rest: Uint8Array
}

/** @throws FORMAT_INVALID where the version is another or a number is missing */
export function decodeAutotags(payload: Uint8Array): Autotags {
  const bytes = bufferOf(payload)
  if (bytes[0] !== 1 || bytes[1] !== 1)
    throw new CrateError('FORMAT_INVALID', 'Serato Autotags: the version is not 0101')
  const texts: string[] = []
  let at = 2
  while (texts.length < 3) {
    const end = bytes.indexOf(0, at)
    // FLAC and MP4 may lack the last NUL.
    if (end < 0 && (texts.length < 2 || at >= bytes.length))
      throw new CrateError('FORMAT_INVALID', `Serato Autotags: ${texts.length} numbers instead of 3`)
    texts.push(bytes.toString('latin1', at, end < 0 ? bytes.length : end))
    at = end < 0 ? bytes.length : end
    if (texts.length < 3) at += 1
  }
  const [tempo = '', autoGain = '', gain = ''] = texts
  const number = (text: string) => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number.parseFloat(text) : null)
  const tempoBpm = number(tempo)
  return {
    tempoBpm: tempoBpm !== null && tempoBpm > 0 ? tempoBpm : null,
    autoGainDb: number(autoGain),
    gainDb: number(gain),
    texts: [tempo, autoGain, gain],
    rest: bytes.subarray(at),
  }
}

export function encodeAutotags({texts, rest}: Pick<Autotags, 'texts' | 'rest'>): Buffer {
  return Buffer.concat([Buffer.of(1, 1), Buffer.from(texts.join('\0'), 'latin1'), rest])
}

/** The same with another tempo, in Serato's two decimals. */
export function withTempo(tags: Autotags, tempoBpm: number): Autotags {
  return {...tags, tempoBpm, texts: [tempoBpm.toFixed(2), tags.texts[1], tags.texts[2]]}
}

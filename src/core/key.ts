// Musical keys and their notations: musical, Camelot and Open Key.
import {CrateError} from './errors.js'

/** Pitch classes by their sharp names; the index is the pitch class, C = 0. */
export const TONICS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const

export type Tonic = (typeof TONICS)[number]
export type Mode = 'major' | 'minor'
export type KeyNotation = 'camelot' | 'open-key' | 'musical'

export interface MusicalKey {
  readonly tonic: Tonic
  readonly mode: Mode
}

/** The 24 keys are numbered by pitch class: 0–11 C…B major, 12–23 C…B minor (Traktor's MUSICAL_KEY has the same order). */
export function keyIndex(key: MusicalKey): number {
  return TONICS.indexOf(key.tonic) + (key.mode === 'minor' ? 12 : 0)
}

/** @param index 0–23, as `keyIndex` numbers them */
export function keyFromIndex(index: number): MusicalKey {
  const tonic = TONICS[index % 12]
  if (!Number.isInteger(index) || index < 0 || index > 23 || tonic === undefined)
    throw new CrateError('FORMAT_INVALID', `key number ${index} is not between 0 and 23`)
  return {tonic, mode: index < 12 ? 'major' : 'minor'}
}

const CAMELOT_OF_C_MAJOR = 8
const OPEN_KEY_OF_C_MAJOR = 1

/** Steps along the circle of fifths from C major or A minor, 0–11. */
function fifthsFrom(key: MusicalKey): number {
  const majorPitch = (TONICS.indexOf(key.tonic) + (key.mode === 'minor' ? 3 : 0)) % 12
  return (majorPitch * 7) % 12
}

function wheelNumber(key: MusicalKey, first: number): number {
  return ((fifthsFrom(key) + first - 1) % 12) + 1
}

/** The Camelot name, 1A to 12B: 8B is C major, 8A is A minor. */
export function camelotFromKey(key: MusicalKey): string {
  return `${wheelNumber(key, CAMELOT_OF_C_MAJOR)}${key.mode === 'minor' ? 'A' : 'B'}`
}

/** The Open Key name, 1d to 12m: 1d is C major, 1m is A minor. */
export function openKeyFromKey(key: MusicalKey): string {
  return `${wheelNumber(key, OPEN_KEY_OF_C_MAJOR)}${key.mode === 'minor' ? 'm' : 'd'}`
}

/** Short musical name with the flats that DJ programs write: Am, F#m, Bb, Ebm (FORMATS: Rekordbox spelling). */
export function musicalNameFromKey(key: MusicalKey): string {
  const flats: Partial<Record<Tonic, string>> = {'C#': 'Db', 'D#': 'Eb', 'G#': 'Ab', 'A#': 'Bb'}
  return `${flats[key.tonic] ?? key.tonic}${key.mode === 'minor' ? 'm' : ''}`
}

export function formatKey(key: MusicalKey, notation: KeyNotation): string {
  if (notation === 'camelot') return camelotFromKey(key)
  return notation === 'open-key' ? openKeyFromKey(key) : musicalNameFromKey(key)
}

function keyFromWheel(number: number, first: number, mode: Mode): MusicalKey | null {
  if (number < 1 || number > 12) return null
  const fifths = (number - first + 12) % 12
  const majorPitch = (fifths * 7) % 12
  const tonic = TONICS[(majorPitch + (mode === 'minor' ? 9 : 0)) % 12]
  return tonic === undefined ? null : {tonic, mode}
}

/** H is the German name of B natural; B alone stays B, as every DJ program means it. */
const LETTER_PITCH: Readonly<Record<string, number>> = {C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11, H: 11}

/** Letter, accidental, mode; what follows a separator is another key or a remark. */
const NAMED_KEY =
  /^([A-Ha-h])([#b]?)\s*[- ]?\s*([Mm](?:aj|AJ)(?:or|OR)?|[Mm](?:in|IN)(?:or|OR)?|[Dd]ur|[Mm]oll|m|M)?\.?(?:\s*[/|,;(].*| - .*)?$/

/**
 * The key that a text names, or null where it names none (`off`, `o`, empty, prose).
 *
 * Accepts what is found in the wild: `8A`, `08a`, `1m`, `10d`, `Am`, `A minor`, `F#min`, `f♯` (lower case alone is
 * minor, as old Traktor writes it), `Ebm`, `E♭ minor`, `H moll`, doubles such as `c♯/g♯` and `7A/8A` (the first
 * counts), and what Mixed In Key puts behind a key (`8A - Energy 6`).
 */
export function parseKey(text: string): MusicalKey | null {
  const trimmed = (text.length > 100 ? '' : text).normalize('NFKC').trim().replaceAll('♯', '#').replaceAll('♭', 'b')
  const wheel = /^0?(\d{1,2})\s*([ABMDabmd])(?:\s*[-/|,;(].*)?$/.exec(trimmed)
  if (wheel) {
    const [, digits = '', letter = ''] = wheel
    const isCamelot = 'ABab'.includes(letter)
    const isMinor = 'AaMm'.includes(letter)
    return keyFromWheel(
      Number(digits),
      isCamelot ? CAMELOT_OF_C_MAJOR : OPEN_KEY_OF_C_MAJOR,
      isMinor ? 'minor' : 'major',
    )
  }
  const name = NAMED_KEY.exec(trimmed)
  if (!name) return null
  const [, letter = '', accidental = '', quality] = name
  const pitch = LETTER_PITCH[letter.toUpperCase()]
  if (pitch === undefined) return null
  const isLowerAlone = quality === undefined && letter === letter.toLowerCase()
  const isMinor = isLowerAlone || quality === 'm' || /^(?:moll|min)/i.test(quality ?? '')
  const tonic = TONICS[(pitch + (accidental === '#' ? 1 : accidental === 'b' ? 11 : 0)) % 12]
  return tonic === undefined ? null : {tonic, mode: isMinor ? 'minor' : 'major'}
}

/** The key heard when a track is pitched without key lock. */
export function transposeKey(key: MusicalKey, semitones: number): MusicalKey {
  const shifted = (((TONICS.indexOf(key.tonic) + Math.round(semitones)) % 12) + 12) % 12
  return {tonic: TONICS[shifted] ?? key.tonic, mode: key.mode}
}

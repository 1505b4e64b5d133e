// What a person says of tracks, in words: understood and checked before anything is changed.
import {rgbFromHex} from '../../core/color.js'
import {CrateError} from '../../core/errors.js'
import {type MusicalKey, parseKey} from '../../core/key.js'
import {EMPTY_TAGS, type Tags} from '../../core/track.js'

export interface EditWords {
  /** `title=New title`; an empty value empties the tag. */
  readonly tags: Readonly<Record<string, string>>
  /** 0 to 5, or `none`. */
  readonly rating: string | null
  /** `#RRGGBB`, or `none`. */
  readonly color: string | null
  /** Any notation, or `none` for what analysis says. */
  readonly key: string | null
  /** A number, `double`, `half`, or `none` for what analysis says. */
  readonly tempo: string | null
  /** Milliseconds by which the whole grid moves; negative is earlier. */
  readonly shiftGrid: string | null
}

/** Null where nothing is said; a null value takes away what was set. */
type Said<Value> = {readonly value: Value | null} | null

export interface TrackEdits {
  readonly tags: Partial<Tags>
  readonly ratingStars: Said<number>
  readonly colorRgb: Said<number>
  readonly key: Said<MusicalKey>
  readonly tempo: Said<{readonly bpm: number} | {readonly factor: number}>
  readonly shiftGridMs: number | null
}

/** @throws USAGE for a name or a value that cannot be understood */
export function parseTrackEdits({tags, rating, color, key, tempo, shiftGrid}: EditWords): TrackEdits {
  return {
    tags: parseTags(tags),
    ratingStars: said(rating, 'rating', 'Use 0 to 5, or none.', (text) => numberBetween(text, 0, 5)),
    colorRgb: said(color, 'colour', 'Write it as #RRGGBB, or none.', rgbFromHex),
    key: said(key, 'key', 'Write it as 8A, 1m or Am, or none.', parseKey),
    tempo: said(tempo, 'tempo', 'Use BPM between 20 and 400, double, half, or none.', parseTempo),
    shiftGridMs:
      said(shiftGrid, 'shift in milliseconds', 'For example --shift-grid -12.', (text) =>
        numberBetween(text, -60_000, 60_000),
      )?.value ?? null,
  }
}

export function hasNoEdits({tags, ...marks}: TrackEdits): boolean {
  return Object.keys(tags).length === 0 && Object.values(marks).every((mark) => mark === null)
}

function said<Value>(
  text: string | null,
  noun: string,
  hint: string,
  parse: (text: string) => Value | null,
): Said<Value> {
  if (text === null) return null
  if (text === 'none') return {value: null}
  const value = parse(text)
  if (value === null) throw new CrateError('USAGE', `"${text}" is no ${noun}`, {hints: [hint]})
  return {value}
}

function numberBetween(text: string, least: number, most: number): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return value >= least && value <= most ? value : null
}

function parseTempo(text: string): {bpm: number} | {factor: number} | null {
  if (text === 'double') return {factor: 2}
  if (text === 'half') return {factor: 0.5}
  const bpm = numberBetween(text, 20, 400)
  return bpm === null ? null : {bpm}
}

const NUMBER_TAGS: readonly (keyof Tags)[] = ['year', 'trackNumber', 'trackTotal', 'discNumber', 'tempoBpm']

function parseTags(texts: Readonly<Record<string, string>>): Partial<Tags> {
  const edits: Record<string, string | number | null> = {}
  for (const [name, text] of Object.entries(texts)) {
    if (!Object.hasOwn(EMPTY_TAGS, name))
      throw new CrateError('USAGE', `there is no tag "${name}"`, {
        hints: [`There are: ${Object.keys(EMPTY_TAGS).join(', ')}.`],
      })
    const isNumber = NUMBER_TAGS.includes(name as keyof Tags)
    if (isNumber && text !== '' && !Number.isFinite(Number(text)))
      throw new CrateError('USAGE', `${name} is a number, "${text}" is none`, {
        hints: [`For example --tag ${name}=${name === 'tempoBpm' ? '128' : name === 'year' ? '2024' : '1'}`],
      })
    edits[name] = text === '' ? null : isNumber ? Number(text) : text
  }
  return edits as Partial<Tags>
}

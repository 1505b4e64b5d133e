// Where each program lets an MP3 or AAC file begin, and what that adds to a position on its way between programs.
//
// Players disagree on two stretches of silence that an encoder leaves at the start of an MP3: the delay of encoder and
// decoder (576 + 529 = 1105 samples with LAME), and the Info frame, which carries no music but decodes to one frame of
// silence (1152 samples). Each program counts its positions from its own idea of the first sample. The four kinds of
// header are those of AudioFile.mp3HeaderCase.
//
// Stated differences (add to the left one's positions to get the right one's), in ms:
//
//                                       none   xing   lame-crc-bad   lame
//   Traktor   → Rekordbox                  0    −26            −26      0   dj-data-converter, src/converter/offset.clj
//   Rekordbox → Mixxx, libmad            −26      0              0    −26   Mixxx, rekordboxfeature.cpp
//   Rekordbox → Mixxx, FFmpeg              0      0              0    −26   the same
//   Rekordbox → Mixxx, CoreAudio         −12    −13            −26    −50   the same; AAC −48
//   Serato    → Mixxx, libmad            −26    −26            −26    −26   Mixxx, serato/tags.cpp; −24 at 48 kHz
//
// One model explains every row but the first number of libmad, which loses a frame there: Traktor and Serato cut
// nothing off and play the Info frame as silence; Rekordbox does so too after a valid LAME tag and skips the Info frame
// otherwise; libmad and Mixxx's FFmpeg skip the Info frame and cut nothing off; CoreAudio cuts off what the tag tells,
// else the decoder's 529 samples. crate counts from the first audible sample: it skips the Info frame and cuts off the
// delay where a tag tells it, like ffmpeg. Hence a program lies behind crate by the delay (where there is a tag) plus
// the frame (where the program plays it). Checks of the model: CoreAudio comes out at 1 ms from crate with a valid tag
// (25 + 26 − 50), 1 ms without CRC (25 − 26), and 12 to 13 ms before the full output without a tag (its 529 samples).
// Independent evidence: one song analysed by Serato starts 50.1 ms later in its MP3 than in its FLAC, AIFF and MP4; the
// model says 51.1.
//
// FFmpeg's own tag (`lavc`) is no LAME tag to DJ programs, so they treat the file as `xing`; crate and ffmpeg use its delay.
import type {Extras, JsonValue} from './json.js'
import type {AudioFile, Mp3HeaderCase, Track} from './track.js'

export type ClockProgram =
  | 'crate'
  | 'rekordbox'
  | 'traktor'
  | 'serato'
  | 'mixxx-libmad'
  | 'mixxx-ffmpeg'
  | 'mixxx-coreaudio'

/**
 * How far a shift can be trusted: `exact` nothing to shift (lossless audio, or one and the same program), `stated` by
 * the source of a program that was tried, `measured` by us on files, `inferred` from the two by the model above,
 * `unknown` not to be told, and left at 0.
 */
export type ShiftStanding = 'exact' | 'stated' | 'measured' | 'inferred' | 'unknown'

export interface PositionShift {
  /** To add to a position in the first program's time to get the same place in the second's. */
  readonly shiftMs: number
  readonly standing: ShiftStanding
}

export type ShiftedFile = Pick<AudioFile, 'format' | 'mp3HeaderCase' | 'sampleRateHz'>

export interface ShiftOptions {
  /**
   * Shift AAC as well. Off by default: the one number known (48 ms, Rekordbox after CoreAudio, which is Apple's encoder
   * delay of 2112 samples) is wrong for other encoders and for ALAC, which an `.m4a` may hold as well.
   */
  readonly shiftsAac?: boolean
}

type Milliseconds = Readonly<Record<Mp3HeaderCase, number>>

const DELAY_SAMPLES = 576 + 529
const AAC_DELAY_MS = 48

/** One frame in whole ms, as the sources give it: 26 at 44.1 kHz, 24 at 48 kHz. */
function frameMs(sampleRateHz: number): number {
  const samples = sampleRateHz >= 32_000 ? 1152 : 576
  return Math.round((samples * 1000) / sampleRateHz)
}

/** Rekordbox's position of what crate has at 0, per header. */
function rekordboxOffsets(sampleRateHz: number): Milliseconds {
  const delay = (DELAY_SAMPLES * 1000) / sampleRateHz
  return {none: 0, xing: 0, lavc: delay, 'lame-crc-bad': delay, lame: delay + frameMs(sampleRateHz)}
}

/** What to add to a position of Rekordbox, per header: the stated rows of the table. */
function stepsFromRekordbox(sampleRateHz: number): Readonly<Record<Exclude<ClockProgram, 'crate'>, Milliseconds>> {
  const frame = frameMs(sampleRateHz)
  const playsInfoFrame = {none: 0, xing: frame, lavc: frame, 'lame-crc-bad': frame, lame: 0}
  return {
    rekordbox: {none: 0, xing: 0, lavc: 0, 'lame-crc-bad': 0, lame: 0},
    traktor: playsInfoFrame,
    serato: playsInfoFrame,
    'mixxx-libmad': {none: -frame, xing: 0, lavc: 0, 'lame-crc-bad': 0, lame: -frame},
    'mixxx-ffmpeg': {none: 0, xing: 0, lavc: 0, 'lame-crc-bad': 0, lame: -frame},
    'mixxx-coreaudio': {none: -12, xing: -13, lavc: -13, 'lame-crc-bad': -26, lame: -50},
  }
}

/** Pairs that a source states outright, in either direction. */
const STATED: readonly (readonly [ClockProgram, ClockProgram])[] = [
  ['traktor', 'rekordbox'],
  ['rekordbox', 'mixxx-libmad'],
  ['rekordbox', 'mixxx-ffmpeg'],
  ['rekordbox', 'mixxx-coreaudio'],
  ['serato', 'mixxx-libmad'],
]

/** What a position gains on its way from one program to another. Only MP3 moves, and AAC where it is asked for. */
export function shiftBetween(
  from: ClockProgram,
  to: ClockProgram,
  file: ShiftedFile,
  options: ShiftOptions = {},
): PositionShift {
  if (from === to) return {shiftMs: 0, standing: 'exact'}
  if (file.format === 'mp3') return mp3Shift(from, to, file.mp3HeaderCase, file.sampleRateHz)
  if (file.format === 'm4a' || file.format === 'aac')
    return options.shiftsAac === true ? aacShift(from, to) : {shiftMs: 0, standing: 'unknown'}
  if (file.format === null || file.format === 'video') return {shiftMs: 0, standing: 'unknown'}
  return {shiftMs: 0, standing: 'exact'}
}

function mp3Shift(
  from: ClockProgram,
  to: ClockProgram,
  headerCase: Mp3HeaderCase | null,
  sampleRateHz: number | null,
): PositionShift {
  if (headerCase === null) return {shiftMs: 0, standing: 'unknown'}
  const rateHz = sampleRateHz !== null && sampleRateHz > 0 ? sampleRateHz : 44_100
  const steps = stepsFromRekordbox(rateHz)
  const behindRekordbox = (program: ClockProgram) =>
    program === 'crate' ? -rekordboxOffsets(rateHz)[headerCase] : steps[program][headerCase]
  const isStated = STATED.some(([a, b]) => (a === from && b === to) || (a === to && b === from))
  const shiftMs = behindRekordbox(to) - behindRekordbox(from)
  return {shiftMs: shiftMs === 0 ? 0 : shiftMs, standing: isStated ? 'stated' : 'inferred'}
}

/**
 * Rekordbox plays AAC's encoder delay, CoreAudio cuts it off (stated: −48). Serato's grids agree between MP4, FLAC and
 * AIFF of one song (measured: 0). Of the others nothing is known.
 */
function aacShift(from: ClockProgram, to: ClockProgram): PositionShift {
  const offsets: Partial<Record<ClockProgram, number>> = {
    crate: 0,
    rekordbox: AAC_DELAY_MS,
    serato: 0,
    'mixxx-coreaudio': 0,
  }
  const [start, end] = [offsets[from], offsets[to]]
  if (start === undefined || end === undefined) return {shiftMs: 0, standing: 'unknown'}
  const pair = [from, to]
  if (pair.includes('rekordbox') && pair.includes('mixxx-coreaudio')) return {shiftMs: end - start, standing: 'stated'}
  return {shiftMs: end - start, standing: start === end ? 'measured' : 'inferred'}
}

/** Cues, grid markers or anything else that stands at a position, moved; the same values where the shift is 0. */
export function shiftPositions<Item extends {readonly positionMs: number}>(
  items: readonly Item[],
  shiftMs: number,
): readonly Item[] {
  return shiftMs === 0 ? items : items.map((item) => ({...item, positionMs: item.positionMs + shiftMs}))
}

const CLOCKS: readonly string[] = [
  'rekordbox',
  'traktor',
  'serato',
  'mixxx-libmad',
  'mixxx-ffmpeg',
  'mixxx-coreaudio',
] satisfies readonly Exclude<ClockProgram, 'crate'>[]

/**
 * The track with all positions in crate's time. An import that could not read an MP3's header, because the file was
 * away, leaves positions in its program's time and says so in the extras of its format (`clock: 'rekordbox'`); now that the header is
 * known they are moved, and the note goes. Without it the track is returned as it is.
 */
export function settlePositions<T extends Pick<Track, 'file' | 'cues' | 'beatGrid' | 'gridOrigin' | 'extras'>>(
  track: T,
): T {
  if (track.file.mp3HeaderCase === null) return track
  const settled = Object.keys(track.extras).filter((format) => clockOf(track.extras, format) !== null)
  if (settled.length === 0) return track
  const shiftFor = (origin: string | null) => {
    const from = origin?.startsWith('import:') ? clockOf(track.extras, origin.slice('import:'.length)) : null
    return from === null ? 0 : shiftBetween(from, 'crate', track.file).shiftMs
  }
  return {
    ...track,
    cues: track.cues.map((cue) => ({...cue, positionMs: cue.positionMs + shiftFor(cue.origin)})),
    beatGrid: shiftPositions(track.beatGrid, shiftFor(track.gridOrigin)),
    extras: Object.fromEntries(
      Object.entries(track.extras).map(([format, value]) => [
        format,
        settled.includes(format) ? withoutClock(value) : value,
      ]),
    ),
  }
}

/** The program in whose time an import left positions; null where they are in crate's. */
function clockOf(extras: Extras, format: string): ClockProgram | null {
  const value = extras[format]
  const isNoted = typeof value === 'object' && value !== null && 'clock' in value
  const clock = isNoted ? value['clock'] : null
  return typeof clock === 'string' && CLOCKS.includes(clock) ? (clock as ClockProgram) : null
}

function withoutClock(value: JsonValue): JsonValue {
  const {clock: _settled, ...rest} = value as Readonly<Record<string, JsonValue>>
  return rest
}

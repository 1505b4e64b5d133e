// Sections on bar lines: where the sound changes for good, and what each stretch is to a dancer.
import type {Section, SectionLabel} from '../core/track.js'
import {type BeatFeatures, PITCH_CLASSES} from './beat-features.js'

const BEATS_PER_BAR = 4
/** Club music is built from blocks of four bars: boundaries stand on that lattice. */
const LATTICE_BARS = 4
/** Bars on each side that novelty compares. */
const REACH_BARS = 4
const CHROMA_WEIGHT = 3
/** Novelty of a boundary, as a share of the strongest ones of the track. */
const LEAST_SHARE = 0.25
/** And at least this much in dB of mean change over the bands. */
const LEAST_CHANGE = 0.7
/** Most sections last 8, 16 or 32 bars: a boundary between those lines must be this many times as strong. */
const ODD_BLOCK_PRICE = 3

/** One bar: levels per band in dB, attack strengths, tones; the room in which novelty is measured. */
interface Bars {
  readonly count: number
  readonly dimensions: number
  /** Number of the first dimensions that are levels. */
  readonly levels: number
  readonly values: Float32Array
  readonly kick: Float32Array
}

/**
 * Divides a track into sections.
 *
 * Novelty is the distance between the mean of the four bars before and the four after each bar line (a checkerboard
 * kernel without its cross terms: Foote, Automatic audio segmentation using a measure of audio novelty, ICME 2000);
 * boundaries are its peaks on the four-bar lattice that collects most of it.
 *
 * @param beatsMs all beats of the track; `firstDownbeat` is the index of the first that starts a bar
 */
export function findSections(
  beats: BeatFeatures,
  beatsMs: readonly number[],
  firstDownbeat: number,
  durationMs: number,
): Section[] {
  const bars = barFeatures(beats, firstDownbeat)
  if (bars.count < 2 * LATTICE_BARS) return []
  const novelty = barNovelty(bars)
  const offset = latticeOffset(novelty)
  const boundaries = pickBoundaries(novelty, offset, bars.count)
  const startOf = (bar: number): number => beatsMs[firstDownbeat + bar * BEATS_PER_BAR] ?? durationMs
  const edges = [0, ...boundaries, bars.count]
  const spans = edges.slice(0, -1).map((from, i) => ({from, to: edges[i + 1] ?? bars.count}))
  const labels = labelSpans(bars, spans)
  return spans.map(({from, to}, i) => ({
    startMs: startOf(from),
    endMs: i === spans.length - 1 ? Math.min(durationMs, startOf(to)) : startOf(to),
    label: labels[i] ?? 'verse',
    bars: to - from,
  }))
}

function barFeatures(beats: BeatFeatures, firstDownbeat: number): Bars {
  const count = Math.floor((beats.count - firstDownbeat) / BEATS_PER_BAR)
  const levels = beats.levelDb.length
  const dimensions = levels + beats.attack.length + 1 + PITCH_CLASSES
  const values = new Float32Array(Math.max(0, count) * dimensions)
  const kick = new Float32Array(Math.max(0, count))
  for (let bar = 0; bar < count; bar++) {
    const row = values.subarray(bar * dimensions, (bar + 1) * dimensions)
    for (let b = 0; b < BEATS_PER_BAR; b++) {
      const beat = firstDownbeat + bar * BEATS_PER_BAR + b
      beats.levelDb.forEach((level, i) => {
        row[i] = (row[i] as number) + (level[beat] as number) / BEATS_PER_BAR
      })
      beats.attack.forEach((attack, i) => {
        row[levels + i] = (row[levels + i] as number) + (2 * (attack[beat] as number)) / BEATS_PER_BAR
      })
      kick[bar] = (kick[bar] as number) + (beats.kick[beat] as number) / BEATS_PER_BAR
      for (let i = 0; i < PITCH_CLASSES; i++) {
        const at = levels + beats.attack.length + 1 + i
        row[at] =
          (row[at] as number) + (CHROMA_WEIGHT * (beats.chroma[beat * PITCH_CLASSES + i] as number)) / BEATS_PER_BAR
      }
    }
    row[levels + beats.attack.length] = 2 * (kick[bar] as number)
  }
  return {count: Math.max(0, count), dimensions, levels, values, kick}
}

/** Change at the start of each bar, in dB-like units averaged over the dimensions. */
function barNovelty(bars: Bars): Float32Array {
  const novelty = new Float32Array(bars.count)
  for (let bar = 1; bar < bars.count; bar++) {
    const reach = Math.min(REACH_BARS, bar, bars.count - bar)
    let sum = 0
    for (let d = 0; d < bars.dimensions; d++) {
      let difference = 0
      for (let i = 0; i < reach; i++)
        difference +=
          (bars.values[(bar + i) * bars.dimensions + d] as number) -
          (bars.values[(bar - 1 - i) * bars.dimensions + d] as number)
      sum += Math.min(12, Math.abs(difference / reach))
    }
    novelty[bar] = (sum / bars.dimensions) * Math.sqrt(reach / REACH_BARS)
  }
  return novelty
}

/** The first bar, 0 to 7, of the blocks of eight on whose lines most novelty falls, the four-bar lattice chosen first. */
function latticeOffset(novelty: Float32Array): number {
  const sumFrom = (offset: number, step: number): number => {
    let sum = 0
    for (let bar = offset === 0 ? step : offset; bar < novelty.length; bar += step) sum += (novelty[bar] as number) ** 2
    return sum
  }
  let best = 0
  for (let offset = 1; offset < LATTICE_BARS; offset++)
    if (sumFrom(offset, LATTICE_BARS) > 1.15 * sumFrom(best, LATTICE_BARS)) best = offset
  const later = best + LATTICE_BARS
  return sumFrom(later, 2 * LATTICE_BARS) > 1.15 * sumFrom(best, 2 * LATTICE_BARS) ? later : best
}

function pickBoundaries(novelty: Float32Array, offset: number, count: number): number[] {
  const strongest = [...novelty].sort((a, b) => b - a)
  const reference = strongest[Math.min(strongest.length - 1, 2)] ?? 0
  const threshold = Math.max(LEAST_CHANGE, LEAST_SHARE * reference)
  const boundaries: number[] = []
  for (let bar = offset % LATTICE_BARS; bar < count; bar += LATTICE_BARS) {
    const value = novelty[bar] ?? 0
    const isOdd = (bar - offset) % (2 * LATTICE_BARS) !== 0
    if (bar < LATTICE_BARS || bar > count - LATTICE_BARS) continue
    if (value < (isOdd ? ODD_BLOCK_PRICE * threshold : threshold)) continue
    const isPeak = [-3, -2, -1, 1, 2, 3].every((d) => value >= 0.95 * (novelty[bar + d] ?? 0))
    if (isPeak) boundaries.push(bar)
  }
  return boundaries
}

interface Span {
  readonly from: number
  readonly to: number
}

/** A span is in full swing where its bands lie within this of the fullest span's, in dB on average, */
const FULL_REACH_DB = 1
/** and its kick is at least this share of the hardest. */
const FULL_KICK = 0.5
/** An outro begins in the last two fifths; what is emptier before is a break, even where no drop was found after it. */
const OUTRO_FROM = 0.6

/**
 * What each span is, by how much of the spectrum is filled rather than by its power: a bare kick is nearly as loud as
 * the whole arrangement, but leaves the other bands empty.
 */
function labelSpans(bars: Bars, spans: readonly Span[]): SectionLabel[] {
  const fullness = spanFullness(bars, spans)
  const kicks = spans.map(({from, to}) => mean(bars.kick.subarray(from, to)))
  const hardest = Math.max(...kicks)
  const fullest = Math.max(...fullness)
  const fills = fullness.map((value) => value > fullest - FULL_REACH_DB)
  const drives = fills.map((isFilled, i) => isFilled && (kicks[i] ?? 0) > FULL_KICK * hardest)
  const isFull = drives.includes(true) ? drives : fills
  const first = isFull.indexOf(true)
  const last = isFull.lastIndexOf(true)
  return spans.map(({from}, i) => {
    const kick = kicks[i] ?? 0
    const rises = i > 0 && (fullness[i - 1] ?? 0) < (fullness[i] ?? 0)
    if (isFull[i]) return 'drop'
    if (i < first) return i + 1 === first && rises ? 'build' : 'intro'
    if (i > last && from >= OUTRO_FROM * bars.count) return 'outro'
    if (isFull[i + 1] && kick > 0.15 * hardest && rises) return 'build'
    return kick < FULL_KICK * hardest ? 'break' : 'verse'
  })
}

/** Per span the mean over its bars and the bands of how far each lies below what the band usually reaches, dB, at most 0. */
function spanFullness(bars: Bars, spans: readonly Span[]): number[] {
  const {count, dimensions, levels, values} = bars
  const levelOf = (bar: number, band: number): number => values[bar * dimensions + band] as number
  const usual = Array.from({length: levels}, (_, band) => {
    const sorted = Float32Array.from({length: count}, (_value, bar) => levelOf(bar, band)).sort()
    return sorted[Math.floor(0.9 * (count - 1))] as number
  })
  const perBar = Float32Array.from({length: count}, (_, bar) =>
    usual.reduce((sum, level, band) => sum + Math.min(0, levelOf(bar, band) - level) / levels, 0),
  )
  return spans.map(({from, to}) => mean(perBar.subarray(from, to)))
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

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
const LEAST_SHARE = 0.3
/** And at least this much in dB of mean change over the bands. */
const LEAST_CHANGE = 2

/** One bar: levels per band in dB, attack strengths, tones; the room in which novelty is measured. */
interface Bars {
  readonly count: number
  readonly dimensions: number
  readonly values: Float32Array
  readonly kick: Float32Array
  readonly energy: Float32Array
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
  const energy = new Float32Array(Math.max(0, count))
  for (let bar = 0; bar < count; bar++) {
    const row = values.subarray(bar * dimensions, (bar + 1) * dimensions)
    for (let b = 0; b < BEATS_PER_BAR; b++) {
      const beat = firstDownbeat + bar * BEATS_PER_BAR + b
      beats.levelDb.forEach((level, i) => {
        row[i] = (row[i] as number) + (level[beat] as number) / BEATS_PER_BAR
        energy[bar] = (energy[bar] as number) + 10 ** ((level[beat] as number) / 10) / BEATS_PER_BAR
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
    energy[bar] = 10 * Math.log10((energy[bar] as number) + 1e-9)
  }
  return {count: Math.max(0, count), dimensions, values, kick, energy}
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

function latticeOffset(novelty: Float32Array): number {
  const sums = new Float64Array(LATTICE_BARS)
  for (let bar = 1; bar < novelty.length; bar++)
    sums[bar % LATTICE_BARS] = (sums[bar % LATTICE_BARS] as number) + (novelty[bar] as number) ** 2
  let best = 0
  for (let offset = 1; offset < LATTICE_BARS; offset++)
    if ((sums[offset] as number) > 1.15 * (sums[best] as number)) best = offset
  return best
}

function pickBoundaries(novelty: Float32Array, offset: number, count: number): number[] {
  const strongest = [...novelty].sort((a, b) => b - a)
  const reference = strongest[Math.min(strongest.length - 1, 2)] ?? 0
  const threshold = Math.max(LEAST_CHANGE * 0.5, LEAST_SHARE * reference)
  const boundaries: number[] = []
  for (let bar = offset; bar < count; bar += LATTICE_BARS) {
    const value = novelty[bar] ?? 0
    if (bar < LATTICE_BARS || bar > count - LATTICE_BARS || value < threshold) continue
    const isPeak = [-3, -2, -1, 1, 2, 3].every((d) => value >= 0.95 * (novelty[bar + d] ?? 0))
    if (isPeak) boundaries.push(bar)
  }
  return boundaries
}

interface Span {
  readonly from: number
  readonly to: number
}

function labelSpans(bars: Bars, spans: readonly Span[]): SectionLabel[] {
  const mean = (values: Float32Array, {from, to}: Span): number =>
    values.subarray(from, to).reduce((sum, value) => sum + value, 0) / Math.max(1, to - from)
  const energies = spans.map((span) => mean(bars.energy, span))
  const kicks = spans.map((span) => mean(bars.kick, span))
  const loudest = Math.max(...energies)
  const hardest = Math.max(...kicks)
  const isFull = spans.map((_, i) => (energies[i] ?? 0) > loudest - 2 && (kicks[i] ?? 0) > 0.6 * hardest)
  return spans.map((_, i) => {
    const isFirst = i === 0
    const isLast = i === spans.length - 1
    if (isFirst && !isFull[0]) return 'intro'
    if (isLast && !isFull[i] && i > 0) return 'outro'
    if (isFull[i]) return 'drop'
    if (isFull[i + 1] && (kicks[i] ?? 0) > 0.15 * hardest && (energies[i - 1] ?? 0) < (energies[i] ?? 0)) return 'build'
    if ((kicks[i] ?? 0) < 0.5 * hardest) return 'break'
    return 'verse'
  })
}

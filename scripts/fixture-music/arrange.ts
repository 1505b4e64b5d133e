// From a song's plan to sound and truth: what plays in which bar, and so where beats, sections and chords are.
import {
  addClap,
  addHat,
  addInto,
  addKick,
  addRiser,
  addSnare,
  addTone,
  duck,
  echo,
  type KickSound,
  type Mix,
  makeMix,
  master,
  noiseSource,
  type ToneSound,
} from './synth.js'

export type Part = 'kick' | 'backbeat' | 'hats' | 'openHats' | 'bass' | 'chords' | 'lead' | 'riser'

export interface PlannedSection {
  readonly label: 'intro' | 'build' | 'drop' | 'break' | 'verse' | 'outro'
  readonly bars: number
  readonly parts: readonly Part[]
}

/** Steps are sixteenths of a bar, 0–15. */
export interface Style {
  readonly kick: KickSound
  readonly kickSteps: readonly number[]
  readonly backbeat: 'clap' | 'snare'
  readonly backbeatSteps: readonly number[]
  readonly hatSteps: readonly number[]
  readonly openHatSteps: readonly number[]
  /** How much later every second sixteenth comes, as a share of a sixteenth. */
  readonly swing: number
  readonly bass: ToneSound
  readonly bassSteps: readonly number[]
  readonly bassOctave: number
  readonly chord: ToneSound
  readonly chordSteps: readonly number[]
  /** Length of a chord in sixteenths. */
  readonly chordLength: number
  readonly lead: ToneSound
  readonly leadSteps: readonly number[]
  readonly duckDepth: number
}

export interface Song {
  readonly seed: number
  readonly sampleRateHz: number
  readonly tempoBpm: number
  /** Pitch class of the tonic, C = 0. */
  readonly tonic: number
  readonly mode: 'major' | 'minor'
  /** Chords by scale degree, one a bar, over and over; 0 is the tonic. */
  readonly progression: readonly number[]
  /** Silence before the first beat. */
  readonly leadInSeconds: number
  readonly style: Style
  readonly sections: readonly PlannedSection[]
}

export interface SongTruth {
  readonly durationSeconds: number
  readonly beats: readonly number[]
  readonly downbeats: readonly number[]
  readonly sections: readonly {readonly t: number; readonly label: string; readonly bars: number}[]
}

const SCALES = {major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10]} as const
const TAIL_SECONDS = 0.4

/** Midi note of a scale degree, which may lie beyond the octave. */
function noteOf(song: Song, degree: number, octave: number): number {
  const scale = SCALES[song.mode]
  const step = ((degree % 7) + 7) % 7
  return 12 * (octave + 1) + song.tonic + (scale[step] ?? 0) + 12 * Math.floor(degree / 7)
}

export function renderSong(song: Song): {readonly mix: Mix; readonly truth: SongTruth} {
  const {sampleRateHz, style, leadInSeconds} = song
  const beatSeconds = 60 / song.tempoBpm
  const barSeconds = 4 * beatSeconds
  const bars = song.sections.reduce((sum, section) => sum + section.bars, 0)
  const durationSeconds = leadInSeconds + bars * barSeconds + TAIL_SECONDS
  const stepAt = (bar: number, step: number) =>
    leadInSeconds + bar * barSeconds + (step + (step % 2 === 1 ? style.swing : 0)) * (beatSeconds / 4)
  const drums = makeMix(sampleRateHz, durationSeconds)
  const tones = makeMix(sampleRateHz, durationSeconds)
  const leads = makeMix(sampleRateHz, durationSeconds)
  const kicksAt: number[] = []
  const sections: {t: number; label: string; bars: number}[] = []

  let bar = 0
  for (const section of song.sections) {
    sections.push({t: leadInSeconds + bar * barSeconds, label: section.label, bars: section.bars})
    if (section.parts.includes('riser'))
      addRiser(drums, stepAt(bar, 0), section.bars * barSeconds, 0.5, noiseSource(song.seed + 1000 + bar))
    for (let index = 0; index < section.bars; index++, bar++) {
      const plays = (part: Part) => section.parts.includes(part)
      const isLastBar = index === section.bars - 1
      renderDrums(song, drums, bar, stepAt, plays, isLastBar, kicksAt)
      renderTones(song, tones, leads, bar, stepAt, plays)
    }
  }
  duck(tones, kicksAt, style.duckDepth, beatSeconds * 0.3)
  echo(leads, beatSeconds * 0.75, 0.45, 0.4)
  const mix = makeMix(sampleRateHz, durationSeconds)
  addInto(mix, drums)
  addInto(mix, tones)
  addInto(mix, leads, 0.9)
  master(mix, 1.15)
  const beats = Array.from({length: bars * 4}, (_, index) => leadInSeconds + index * beatSeconds)
  return {mix, truth: {durationSeconds, beats, downbeats: beats.filter((_, index) => index % 4 === 0), sections}}
}

function renderDrums(
  song: Song,
  drums: Mix,
  bar: number,
  stepAt: (bar: number, step: number) => number,
  plays: (part: Part) => boolean,
  isLastBar: boolean,
  kicksAt: number[],
): void {
  const {style} = song
  const seedOf = (step: number, part: number) => song.seed * 7919 + bar * 131 + step * 17 + part
  if (plays('kick'))
    for (const step of style.kickSteps) {
      addKick(drums, stepAt(bar, step), 0.85, style.kick, noiseSource(seedOf(step, 1)))
      kicksAt.push(stepAt(bar, step))
    }
  if (plays('backbeat'))
    for (const step of isLastBar ? [...style.backbeatSteps, 14, 15] : style.backbeatSteps) {
      const noise = noiseSource(seedOf(step, 2))
      if (style.backbeat === 'clap') addClap(drums, stepAt(bar, step), 0.75, noise)
      else addSnare(drums, stepAt(bar, step), 0.65, 190, noise)
    }
  if (plays('hats'))
    for (const step of style.hatSteps)
      addHat(
        drums,
        stepAt(bar, step),
        step % 4 === 2 ? 0.5 : 0.32,
        0.022,
        step % 2 === 0 ? 0.2 : -0.2,
        noiseSource(seedOf(step, 3)),
      )
  if (plays('openHats'))
    for (const step of style.openHatSteps)
      addHat(drums, stepAt(bar, step), 0.55, 0.075, 0, noiseSource(seedOf(step, 4)))
}

function renderTones(
  song: Song,
  tones: Mix,
  leads: Mix,
  bar: number,
  stepAt: (bar: number, step: number) => number,
  plays: (part: Part) => boolean,
): void {
  const {style} = song
  const stepSeconds = 15 / song.tempoBpm
  const degree = song.progression[bar % song.progression.length] ?? 0
  if (plays('bass'))
    for (const [index, step] of style.bassSteps.entries()) {
      const jump = index % 5 === 4 ? 7 : 0
      addTone(
        tones,
        stepAt(bar, step),
        stepSeconds * 0.85,
        noteOf(song, degree + jump, style.bassOctave),
        0.55,
        style.bass,
      )
    }
  if (plays('chords'))
    for (const step of style.chordSteps)
      for (const [index, third] of [0, 2, 4, 6].entries()) {
        const length = stepSeconds * style.chordLength
        addTone(
          tones,
          stepAt(bar, step),
          length,
          noteOf(song, degree + third, 4),
          index === 3 ? 0.09 : 0.16,
          style.chord,
        )
      }
  if (plays('lead'))
    for (const [index, step] of style.leadSteps.entries()) {
      const third = [0, 4, 2, 7, 4, 9, 2, 4][(index + bar) % 8] ?? 0
      addTone(leads, stepAt(bar, step), stepSeconds * 0.9, noteOf(song, degree + third, 5), 0.16, style.lead)
    }
}

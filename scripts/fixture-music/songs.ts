// The fixture songs: tempo, key, structure and sound of each, and the file that it becomes.
import type {PlannedSection, Song, Style} from './arrange.js'
import type {ToneSound} from './synth.js'

export interface FixtureSong extends Song {
  readonly fileName: string
  /** `A minor`, as truth files name keys. */
  readonly keyName: string
  readonly title: string
  readonly artist: string
  readonly album: string
  readonly genre: string
  readonly year: number
  /** Written into the file as a DJ's other program would have; null leaves the tags out. */
  readonly taggedTempo: string | null
  readonly taggedKey: string | null
  /** What ffmpeg is told for this container. */
  readonly encoding: readonly string[]
  readonly isMono?: boolean
  /** Bits that carry music in a container of 24: fewer compress better, and no converter has all of them. */
  readonly effectiveBits?: number
  readonly hasCover?: boolean
}

const PLUCK: ToneSound = {
  shape: 'saw',
  detuneCents: 6,
  cutoffHz: 900,
  cutoffSweep: 5,
  cutoffDecaySeconds: 0.06,
  attackSeconds: 0.003,
  releaseSeconds: 0.05,
}
const PAD: ToneSound = {
  shape: 'saw',
  detuneCents: 11,
  cutoffHz: 1500,
  cutoffSweep: 0.4,
  cutoffDecaySeconds: 0.6,
  attackSeconds: 0.06,
  releaseSeconds: 0.12,
}
const ORGAN: ToneSound = {
  shape: 'organ',
  detuneCents: 3,
  cutoffHz: 3500,
  cutoffSweep: 0,
  cutoffDecaySeconds: 1,
  attackSeconds: 0.004,
  releaseSeconds: 0.04,
}
const SUB: ToneSound = {
  shape: 'sine',
  detuneCents: 0,
  cutoffHz: 2000,
  cutoffSweep: 0,
  cutoffDecaySeconds: 1,
  attackSeconds: 0.006,
  releaseSeconds: 0.04,
}
const ROUND: ToneSound = {
  shape: 'square',
  detuneCents: 4,
  cutoffHz: 260,
  cutoffSweep: 2,
  cutoffDecaySeconds: 0.08,
  attackSeconds: 0.004,
  releaseSeconds: 0.04,
}
const REESE: ToneSound = {
  shape: 'saw',
  detuneCents: 18,
  cutoffHz: 420,
  cutoffSweep: 0.8,
  cutoffDecaySeconds: 0.3,
  attackSeconds: 0.008,
  releaseSeconds: 0.05,
}

const ALL_SIXTEENTHS = Array.from({length: 16}, (_, step) => step)
const EIGHTHS = [0, 2, 4, 6, 8, 10, 12, 14]
const OFFBEATS = [2, 6, 10, 14]
const FOUR_TO_THE_FLOOR = [0, 4, 8, 12]

const HOUSE: Style = {
  kick: {bodyHz: 52, sweep: 4, decaySeconds: 0.13},
  kickSteps: FOUR_TO_THE_FLOOR,
  backbeat: 'clap',
  backbeatSteps: [4, 12],
  hatSteps: ALL_SIXTEENTHS,
  openHatSteps: OFFBEATS,
  swing: 0.12,
  bass: ROUND,
  bassSteps: [0, 3, 6, 10, 11, 14],
  bassOctave: 2,
  chord: ORGAN,
  chordSteps: [0, 3, 6, 10],
  chordLength: 1.5,
  lead: PLUCK,
  leadSteps: [0, 3, 6, 8, 11, 14],
  duckDepth: 0.55,
}
const DEEP: Style = {
  ...HOUSE,
  chord: PAD,
  chordSteps: [0],
  chordLength: 14,
  bass: SUB,
  bassSteps: [0, 6, 8, 14],
  swing: 0.08,
  duckDepth: 0.65,
}
const TECHNO: Style = {
  ...HOUSE,
  kick: {bodyHz: 47, sweep: 6, decaySeconds: 0.16},
  hatSteps: EIGHTHS,
  swing: 0,
  bass: REESE,
  bassSteps: [2, 3, 6, 7, 10, 11, 14, 15],
  bassOctave: 1,
  chord: PLUCK,
  chordSteps: [3, 6, 11],
  chordLength: 1,
  leadSteps: [0, 5, 10, 13],
  duckDepth: 0.7,
}
const TRANCE: Style = {
  ...HOUSE,
  kick: {bodyHz: 50, sweep: 7, decaySeconds: 0.12},
  hatSteps: EIGHTHS,
  swing: 0,
  bass: ROUND,
  bassSteps: [2, 3, 6, 7, 10, 11, 14, 15],
  chord: {...PAD, detuneCents: 16, cutoffHz: 3000},
  chordSteps: [0, 3, 6, 9, 12],
  chordLength: 2.4,
  lead: {...PLUCK, cutoffHz: 1800},
  leadSteps: ALL_SIXTEENTHS,
  duckDepth: 0.75,
}
const DRUM_AND_BASS: Style = {
  ...HOUSE,
  kick: {bodyHz: 58, sweep: 5, decaySeconds: 0.09},
  kickSteps: [0, 10],
  backbeat: 'snare',
  hatSteps: EIGHTHS,
  openHatSteps: [14],
  swing: 0.06,
  bass: REESE,
  bassSteps: [0, 3, 6, 11],
  bassOctave: 1,
  chord: PAD,
  chordSteps: [0],
  chordLength: 15,
  leadSteps: [2, 6, 9, 14],
  duckDepth: 0.4,
}
const GARAGE: Style = {
  ...HOUSE,
  kickSteps: [0, 7, 10],
  backbeat: 'snare',
  swing: 0.3,
  bassSteps: [0, 3, 7, 10, 13],
  chordSteps: [2, 7, 13],
  chordLength: 1.2,
}
const HIP_HOP: Style = {
  ...HOUSE,
  kick: {bodyHz: 55, sweep: 3, decaySeconds: 0.15},
  kickSteps: [0, 7, 10],
  backbeat: 'snare',
  hatSteps: EIGHTHS,
  openHatSteps: [7],
  swing: 0.22,
  bass: SUB,
  bassSteps: [0, 7, 10],
  chord: ORGAN,
  chordSteps: [0, 8],
  chordLength: 6,
  leadSteps: [4, 6, 12, 15],
  duckDepth: 0.3,
}

/** Intro, build, drop, break or outro, of so many bars each. */
function club(intro: number, build: number, drop: number, outro: number): PlannedSection[] {
  const sections: PlannedSection[] = [
    {label: 'intro', bars: intro, parts: ['kick', 'hats', 'chords']},
    {label: 'build', bars: build, parts: ['hats', 'chords', 'lead', 'riser']},
    {label: 'drop', bars: drop, parts: ['kick', 'backbeat', 'hats', 'openHats', 'bass', 'chords', 'lead']},
    {label: 'outro', bars: outro, parts: ['kick', 'hats', 'bass']},
  ]
  return sections.filter(({bars}) => bars > 0)
}

const VERSE_AND_DROP: readonly PlannedSection[] = [
  {label: 'intro', bars: 4, parts: ['hats', 'chords', 'backbeat']},
  {label: 'verse', bars: 8, parts: ['kick', 'backbeat', 'hats', 'bass', 'chords']},
  {label: 'drop', bars: 4, parts: ['kick', 'backbeat', 'hats', 'openHats', 'bass', 'chords', 'lead']},
]

const AAC = ['-c:a', 'aac', '-b:a', '88k'] as const

export const SONGS: readonly FixtureSong[] = [
  {
    fileName: 'Ines Calder - Paper Lanterns.wav',
    seed: 11,
    sampleRateHz: 44100,
    tempoBpm: 121.5,
    tonic: 9,
    mode: 'minor',
    keyName: 'A minor',
    progression: [0, 5, 3, 4],
    leadInSeconds: 0,
    style: DEEP,
    sections: club(4, 0, 4, 0),
    title: 'Paper Lanterns',
    artist: 'Ines Calder',
    album: 'Harbour Lights',
    genre: 'Deep House',
    year: 2019,
    taggedTempo: null,
    taggedKey: null,
    encoding: ['-c:a', 'pcm_s16le'],
    isMono: true,
  },
  {
    fileName: 'Марина Заречная - Ночной поезд.aiff',
    seed: 23,
    sampleRateHz: 44100,
    tempoBpm: 174,
    tonic: 5,
    mode: 'minor',
    keyName: 'F minor',
    progression: [0, 0, 5, 6],
    leadInSeconds: 0.1,
    style: DRUM_AND_BASS,
    sections: club(4, 0, 4, 0),
    title: 'Ночной поезд',
    artist: 'Марина Заречная',
    album: 'Станции',
    genre: 'Drum & Bass',
    year: 2021,
    taggedTempo: '174',
    taggedKey: 'Fm',
    encoding: ['-c:a', 'pcm_s16be', '-write_id3v2', '1'],
  },
  {
    fileName: '青木ハル - 夜明けの線路.flac',
    seed: 31,
    sampleRateHz: 44100,
    tempoBpm: 138.27,
    tonic: 2,
    mode: 'minor',
    keyName: 'D minor',
    progression: [0, 5, 2, 6],
    leadInSeconds: 0.25,
    style: TRANCE,
    sections: club(0, 2, 4, 0),
    title: '夜明けの線路',
    artist: '青木ハル',
    album: '始発',
    genre: 'トランス',
    year: 2023,
    taggedTempo: '138.27',
    effectiveBits: 20,
    taggedKey: '7A',
    encoding: ['-c:a', 'flac', '-sample_fmt', 's32', '-bits_per_raw_sample', '24', '-compression_level', '8'],
  },
  {
    fileName: 'Tomás Albarrán - Azotea (Extended Mix).mp3',
    seed: 47,
    sampleRateHz: 44100,
    tempoBpm: 126,
    tonic: 0,
    mode: 'minor',
    keyName: 'C minor',
    progression: [0, 3, 5, 4],
    leadInSeconds: 0,
    style: HOUSE,
    sections: club(4, 4, 8, 4),
    title: 'Azotea (Extended Mix)',
    artist: 'Tomás Albarrán',
    album: 'Calle Mayor EP',
    genre: 'House',
    year: 2022,
    taggedTempo: '126',
    taggedKey: 'Cm',
    encoding: ['-c:a', 'libmp3lame', '-b:a', '96k', '-id3v2_version', '3'],
    hasCover: true,
  },
  {
    fileName: 'Kessel & Rohr - Schichtwechsel.mp3',
    seed: 59,
    sampleRateHz: 44100,
    tempoBpm: 133.4,
    tonic: 7,
    mode: 'minor',
    keyName: 'G minor',
    progression: [0, 0, 6, 5],
    leadInSeconds: 0.3,
    style: TECHNO,
    sections: club(4, 4, 8, 4),
    title: 'Schichtwechsel',
    artist: 'Kessel & Rohr',
    album: 'Werkhalle 4',
    genre: 'Techno',
    year: 2020,
    taggedTempo: '133.40',
    taggedKey: 'Gm',
    encoding: ['-c:a', 'libmp3lame', '-q:a', '6', '-id3v2_version', '4'],
  },
  {
    fileName: 'Delroy Finch - Platform Nine.ogg',
    seed: 61,
    sampleRateHz: 48000,
    tempoBpm: 132,
    tonic: 4,
    mode: 'minor',
    keyName: 'E minor',
    progression: [0, 3, 6, 2],
    leadInSeconds: 0.15,
    style: GARAGE,
    sections: club(4, 4, 8, 4),
    title: 'Platform Nine',
    artist: 'Delroy Finch',
    album: 'Zone Three',
    genre: 'UK Garage',
    year: 2018,
    taggedTempo: '132',
    taggedKey: 'Em',
    encoding: ['-c:a', 'libvorbis', '-q:a', '1.5'],
  },
  {
    fileName: 'Halvorsen & Mei - Glasshouse.m4a',
    seed: 73,
    sampleRateHz: 44100,
    tempoBpm: 127.53,
    tonic: 6,
    mode: 'minor',
    keyName: 'F# minor',
    progression: [0, 5, 2, 6],
    leadInSeconds: 0.2,
    style: {...TRANCE, chordSteps: [0], chordLength: 15},
    sections: club(4, 4, 8, 4),
    title: 'Glasshouse',
    artist: 'Halvorsen & Mei',
    album: 'Glasshouse',
    genre: 'Progressive House',
    year: 2024,
    taggedTempo: '128',
    taggedKey: 'F#m',
    encoding: [...AAC, '-movflags', '+faststart'],
  },
  {
    fileName: 'Odell Quartermain - Corner Store Sunday.m4a',
    seed: 89,
    sampleRateHz: 44100,
    tempoBpm: 92.75,
    tonic: 3,
    mode: 'major',
    keyName: 'Eb major',
    progression: [0, 5, 3, 4],
    leadInSeconds: 0,
    style: HIP_HOP,
    sections: VERSE_AND_DROP,
    title: 'Corner Store Sunday',
    artist: 'Odell Quartermain',
    album: 'Stoop Season',
    genre: 'Hip-Hop',
    year: 2017,
    taggedTempo: '93',
    taggedKey: 'Eb',
    encoding: [...AAC],
  },
]

// A track: one audio file of the DJ, with its tags, what analysis found, and what the DJ made of it.
import type {BeatGrid} from './beat-grid.js'
import type {Cue, Origin} from './cue.js'
import type {Extras} from './json.js'
import type {MusicalKey} from './key.js'

declare const trackIdBrand: unique symbol

/** Made by crate, unique in a library, kept when the file is renamed, moved or retagged. */
export type TrackId = string & {readonly [trackIdBrand]: true}

/** What the file's tags say; null where a tag is absent. `tempoBpm` and `key` are as written there. */
export interface Tags {
  readonly title: string | null
  readonly artist: string | null
  readonly album: string | null
  readonly albumArtist: string | null
  readonly genre: string | null
  readonly comment: string | null
  readonly label: string | null
  readonly remixer: string | null
  readonly composer: string | null
  readonly producer: string | null
  readonly grouping: string | null
  /** Version of the song, as in "Extended Mix". */
  readonly mix: string | null
  readonly catalogNumber: string | null
  readonly isrc: string | null
  readonly year: number | null
  /** ISO 8601 date, year first, month and day where known. */
  readonly releaseDate: string | null
  readonly trackNumber: number | null
  readonly trackTotal: number | null
  readonly discNumber: number | null
  readonly tempoBpm: number | null
  readonly key: string | null
}

export const EMPTY_TAGS: Tags = {
  title: null,
  artist: null,
  album: null,
  albumArtist: null,
  genre: null,
  comment: null,
  label: null,
  remixer: null,
  composer: null,
  producer: null,
  grouping: null,
  mix: null,
  catalogNumber: null,
  isrc: null,
  year: null,
  releaseDate: null,
  trackNumber: null,
  trackTotal: null,
  discNumber: null,
  tempoBpm: null,
  key: null,
}

export type AudioFormat = 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg' | 'opus' | 'm4a' | 'aac' | 'wma' | 'video'

/**
 * How an MP3 says where its music starts; programs disagree by it (FORMATS §5). `none` no Xing/Info header, `xing` the
 * header without a tag of its encoder, `lavc` FFmpeg's tag (Lavf, Lavc) in it, which tells the delay but is taken for
 * `xing` by DJ programs, `lame-crc-bad` LAME tag with a wrong or zero CRC, `lame` a valid LAME tag.
 */
export type Mp3HeaderCase = 'none' | 'xing' | 'lavc' | 'lame-crc-bad' | 'lame'

export interface AudioFile {
  /** Absolute, in the form of the system that it came from (a Windows path stays one on Linux). */
  readonly path: string
  readonly sizeBytes: number | null
  /** Milliseconds since 1970, with the fraction that the file system gives. */
  readonly modifiedAtMs: number | null
  readonly format: AudioFormat | null
  readonly durationMs: number | null
  readonly sampleRateHz: number | null
  readonly channels: number | null
  readonly bitDepth: number | null
  readonly bitRateKbps: number | null
  readonly mp3HeaderCase: Mp3HeaderCase | null
}

export type SectionLabel = 'intro' | 'build' | 'drop' | 'break' | 'verse' | 'outro'

export interface Section {
  readonly startMs: number
  readonly endMs: number
  readonly label: SectionLabel
  readonly bars: number
}

export interface KeyEstimate extends MusicalKey {
  /** 0 to 1. */
  readonly confidence: number
  /** Offset of the recording from A = 440 Hz, −50 to 50; null where not measured. */
  readonly tuningCents: number | null
}

/** What crate's analysers found in the audio. Null is an honest "cannot be told". */
export interface TrackAnalysis {
  readonly tempoBpm: number | null
  /** 0 to 1. */
  readonly tempoConfidence: number | null
  readonly tempoAlternativesBpm: readonly number[]
  readonly isTempoVariable: boolean
  readonly beatGrid: BeatGrid
  readonly key: KeyEstimate | null
  /** 1 to 10. */
  readonly energy: number | null
  /** Integrated, EBU R128. */
  readonly loudnessLufs: number | null
  /** dBTP. */
  readonly truePeakDb: number | null
  readonly sections: readonly Section[]
  readonly cues: readonly Cue[]
  readonly mixInMs: number | null
  readonly mixOutMs: number | null
}

/** A track as the library shows it: where a person set a grid or cues, those stand; else what analysis found. */
export interface Track {
  readonly id: TrackId
  readonly file: AudioFile
  /** Hash of the audio payload without tags; null while unknown (a file that was never seen here). */
  readonly audioHash: string | null
  readonly tags: Tags
  readonly tempoBpm: number | null
  readonly key: MusicalKey | null
  readonly beatGrid: BeatGrid
  readonly gridOrigin: Origin | null
  readonly isGridLocked: boolean
  readonly cues: readonly Cue[]
  readonly analysis: TrackAnalysis | null
  /** 0 to 5; fractions only where a program stored one. */
  readonly ratingStars: number | null
  readonly colorRgb: number | null
  readonly playCount: number
  /** ISO 8601, date or date and time. */
  readonly lastPlayedAt: string | null
  /** ISO 8601, date or date and time. */
  readonly addedAt: string | null
  readonly extras: Extras
}

/** "Artist – Title" as people see it, from tags, else from the file name. */
export function trackName(track: {
  readonly tags: Pick<Tags, 'artist' | 'title'>
  readonly file: Pick<AudioFile, 'path'>
}): string {
  const {artist, title} = track.tags
  const fileName = track.file.path.split(/[/\\]/).at(-1) ?? track.file.path
  const name = title ?? fileName.replace(/\.[^.]+$/, '')
  return artist === null ? name : `${artist} – ${name}`
}

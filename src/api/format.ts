// Formats of DJ programs: exporters (library → files) and importers (files → library).

import type {PlaylistNode} from '../core/playlist.js'
import type {AudioFormat, Mp3HeaderCase, Tags, Track, TrackId} from '../core/track.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

/** What a format cannot carry. The person is told how often it occurs before anything is written. */
export type Loss =
  | 'analysis'
  | 'color'
  | 'comment'
  | 'cue-color'
  | 'cue-name'
  | 'cue-precision'
  | 'date-added'
  | 'energy'
  | 'fade-cues'
  | 'flexible-grid'
  | 'folders'
  | 'grid'
  | 'hot-cues'
  | 'hot-cues-above-8'
  | 'key'
  | 'last-played'
  | 'load-cues'
  /** Locks of grids and loops against changes. */
  | 'locks'
  /** Of the two, those of loops alone. */
  | 'loop-locks'
  | 'loops'
  | 'loudness'
  | 'memory-cue-color'
  | 'memory-cues'
  | 'play-count'
  | 'playlist-duplicates'
  | 'playlists'
  | 'rating'
  | 'smart-rules'
  | 'tags'
  /** Dates are kept, the time of the day is not. */
  | 'time-of-day'

/** The library as an exporter sees it. Iterating again starts again; memory stays bounded while iterating. */
export interface LibraryView {
  readonly trackCount: number
  tracks(): AsyncIterable<Track>
  /** One track; null where the id is not in this view. */
  track(id: TrackId): Promise<Track | null>
  /** The playlist tree, holding only tracks of this view. */
  playlists(): readonly PlaylistNode[]
}

/** Files of the person's: names are relative to the folder or file that the person gave, `''` is that itself. */
export interface FileAccess {
  /** Whole file; null where there is none. */
  read(path: string): Promise<Uint8Array | null>
  /** The file in pieces of bounded size. */
  stream(path: string): AsyncIterable<Uint8Array>
  /** Names of files and folders (these end in `/`) directly inside; empty where there is no such folder. */
  list(path: string): Promise<readonly string[]>
  /** The absolute path, for messages and for libraries that open files themselves. */
  resolve(path: string): string
}

/**
 * One tag inside an audio file, as its container keeps it. `key` is `GEOB:Serato Markers2` or `TXXX:…` or a frame id
 * for ID3 (MP3, AIFF, WAV), the comment name for Vorbis (FLAC, Ogg, Opus), `----:com.serato.dj:markersv2` or an atom
 * name for MP4; texts from before ID3 are `INFO:INAM` (WAV) and `AIFF:NAME` (AIFF). `bytes` are the value
 * without the container's framing: of GEOB the object, of others the text.
 */
export interface RawTag {
  readonly key: string
  readonly bytes: Uint8Array
}

export interface RawTags {
  readonly container: 'id3' | 'vorbis' | 'mp4'
  readonly format: AudioFormat
  readonly tags: readonly RawTag[]
}

export interface Mp3Header {
  readonly headerCase: Mp3HeaderCase
  readonly sampleRateHz: number
}

export interface AudioTagAccess {
  /** @param path absolute path of the audio file. Null where the container has no place for tags or is not known. */
  read(path: string): Promise<RawTags | null>
  /**
   * How an MP3 says where its music starts, which an importer needs to convert positions (FORMATS §5); null where the
   * file is not there or is no MP3. Absent where there is no access to audio files; positions then stay as they are.
   */
  mp3HeaderCase?(path: string): Promise<Mp3HeaderCase | null>
  /** The same with the rate of the samples, in which the silence before the music is counted. */
  mp3Header?(path: string): Promise<Mp3Header | null>
}

/** What an exporter yields; the host does the writing, after a backup, atomically, and never outside the target. */
export type ExportPiece =
  | {
      readonly kind: 'file'
      /** Relative to the target folder, `/` between names; `''` where the target is one file. */
      readonly path: string
      /** Pulled while writing; strings are written as UTF-8. */
      readonly chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>
    }
  | {
      /** Changes to tags inside an audio file: listed keys are set, null removes, all others stay as they are. */
      readonly kind: 'tags'
      readonly audioPath: string
      /** What changes, for a person to read before it happens: `8 cues`, `beat grid`. */
      readonly changes?: readonly string[]
      readonly set: readonly {readonly key: string; readonly bytes: Uint8Array | null}[]
    }
  | ExportWarning

export interface ExportWarning {
  readonly kind: 'warning'
  /** Path of the track or name of the playlist that it is about. */
  readonly subject: string
  readonly message: string
}

export interface ExportRequest {
  readonly library: LibraryView
  /** What is at the target now, for formats that merge. */
  readonly target: FileAccess
  readonly audioTags: AudioTagAccess
  /** The person allowed changes inside audio files (--write-tags). */
  readonly canWriteTags: boolean
  /** Apply the table of MP3 and AAC position differences (FORMATS §5). */
  readonly shiftsPositions: boolean
  /** Options of the format, as `--option name=value` gave them. */
  readonly options: Readonly<Record<string, string>>
}

export interface Exporter {
  /** What is lost of this library with these options, where that is less than the contribution's `loses` tells. */
  loses?(request: Pick<ExportRequest, 'library' | 'target' | 'options'>): Promise<readonly Loss[]>
  export(request: ExportRequest, context: Context): AsyncIterable<ExportPiece>
}

export interface ExporterContribution extends Contribution<Exporter> {
  /** Shown to people: `Rekordbox XML`. */
  readonly name: string
  /** Whether `--to` names one file or a folder. */
  readonly target: 'file' | 'folder'
  /** File name within a folder given as `--to`, where the target is one file. */
  readonly fileName?: string
  readonly loses: readonly Loss[]
  /** The tags that have no place in the format, for `tags` in `loses` to be counted. */
  readonly losesTags?: readonly (keyof Tags)[]
  /** What --option NAME=VALUE may set: name → its values and what they do. Others are refused; absent, all are passed on. */
  readonly options?: Readonly<Record<string, string>>
  /** What a person does in the program once the files are there; one sentence or two, shown after each export that wrote. */
  readonly nextStep?: string
  /** Names of processes and lock files by which the host knows that the program runs; then it writes nothing. */
  readonly program?: {readonly processNames: readonly string[]; readonly lockFiles?: readonly string[]}
}

/** A track as another program knows it; what is absent there is null, what crate does not know is in `extras`. */
export type ImportedTrack = Omit<Track, 'id' | 'audioHash' | 'analysis'> & {
  /** How playlists of the same import name this track. */
  readonly ref: string
}

export type ImportItem =
  | {readonly kind: 'track'; readonly track: ImportedTrack}
  /** The whole tree, once, after all tracks. */
  | {readonly kind: 'playlists'; readonly nodes: readonly PlaylistNode<string>[]}
  | {readonly kind: 'warning'; readonly subject: string; readonly message: string}

export interface ImportRequest {
  readonly source: FileAccess
  readonly audioTags: AudioTagAccess
  readonly shiftsPositions: boolean
  readonly options: Readonly<Record<string, string>>
}

export interface Importer {
  /** @throws FORMAT_INVALID only where nothing can be read on; single bad items are warnings */
  import(request: ImportRequest, context: Context): AsyncIterable<ImportItem>
}

export interface ImporterContribution extends Contribution<Importer> {
  readonly name: string
  readonly source: 'file' | 'folder'
  /** What this importer cannot read although the format has it. */
  readonly loses: readonly Loss[]
  /** What --option NAME=VALUE may set: name → its values and what they do. Others are refused; absent, all are passed on. */
  readonly options?: Readonly<Record<string, string>>
}

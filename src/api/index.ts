// The public contract, published as `crate-dj/plugin`: types only.

export type {Beat, BeatGrid, GridMarker} from '../core/beat-grid.js'
export type {Cue, CueKind, Origin} from '../core/cue.js'
export type {CrateErrorOptions, ErrorCode} from '../core/errors.js'
export type {Extras, JsonValue} from '../core/json.js'
export type {KeyNotation, Mode, MusicalKey, Tonic} from '../core/key.js'
export type {FolderNode, ListNode, PlaylistNode, SmartNode} from '../core/playlist.js'
export type {
  AudioFile,
  AudioFormat,
  KeyEstimate,
  Mp3HeaderCase,
  Section,
  SectionLabel,
  Tags,
  Track,
  TrackAnalysis,
  TrackId,
} from '../core/track.js'
export type {Analyzer, AnalyzerContribution, AnalyzerResult, Pcm} from './analyzer.js'
export type {Context, CoreFunctions, Log, Progress} from './context.js'
export type {Contribution} from './contribution.js'
export type {
  AudioTagAccess,
  Exporter,
  ExporterContribution,
  ExportPiece,
  ExportRequest,
  ExportWarning,
  FileAccess,
  ImportedTrack,
  Importer,
  ImporterContribution,
  ImportItem,
  ImportRequest,
  LibraryView,
  Loss,
  RawTag,
  RawTags,
} from './format.js'
export type {CratePlugin} from './plugin.js'

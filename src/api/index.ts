// The public contract, published as `crate-dj/plugin`: types only.

export type {Beat, BeatGrid, GridMarker} from '../core/beat-grid.js'
export type {Cue, CueKind, Origin} from '../core/cue.js'
export type {DeckPhase, DeckState} from '../core/deck.js'
export type {CrateErrorOptions, ErrorCode} from '../core/errors.js'
export type {Extras, JsonValue} from '../core/json.js'
export type {KeyNotation, Mode, MusicalKey, Tonic} from '../core/key.js'
export type {OscArgument, OutputMessage} from '../core/message.js'
export type {ControlChange, GestureEvent, MotionFrame, Quaternion, Vector3} from '../core/motion.js'
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
export type {
  GestureContribution,
  GestureLesson,
  GestureRecognizer,
  GestureStream,
  GestureTake,
  GestureWarning,
  TrainedGestures,
} from './gesture.js'
export type {NowPlaying, NowPlayingConnection, NowPlayingContribution} from './now-playing.js'
export type {Output, OutputContribution, OutputPort, OutputTarget} from './output.js'
export type {CratePlugin} from './plugin.js'
export type {
  ControlReading,
  DecoderCounts,
  Measured,
  MotionReading,
  Sensor,
  SensorConnection,
  SensorContribution,
  SensorDecoder,
  SensorItem,
  SensorNotice,
  SensorProfile,
  SensorSettings,
  Transport,
} from './sensor.js'

// The public contract, published as `crate-dj/plugin`: types only.

export type {Beat, BeatGrid, GridMarker} from '../core/beat-grid.js'
export type {Cue, CueKind, Origin} from '../core/cue.js'
export type {DeckPhase, DeckState} from '../core/deck.js'
export type {CrateErrorOptions, ErrorCode} from '../core/errors.js'
export type {Extras, JsonValue} from '../core/json.js'
export type {KeyNotation, Mode, MusicalKey, Tonic} from '../core/key.js'
export type {GestureLesson, GestureTake, GestureWarning, TrainedGestures} from '../core/lesson.js'
export type {OscArgument, OutputMessage} from '../core/message.js'
export type {ControlChange, GestureEvent, MotionFrame, Quaternion, Vector3} from '../core/motion.js'
export type {FolderNode, ListNode, PlaylistNode, SmartNode} from '../core/playlist.js'
export type {PluginReach} from '../core/plugin/manifest.js'
export type {Setting, SettingsSchema} from '../core/plugin/settings.js'
export type {ClockProgram, PositionShift, ShiftedFile, ShiftOptions, ShiftStanding} from '../core/position-shift.js'
export type {ControlReading, Measured, MotionReading, SensorItem, SensorNotice} from '../core/reading.js'
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
export type {Action, ActionContribution, ActionMoment} from './action.js'
export type {Analyzer, AnalyzerContribution, AnalyzerResult, Pcm} from './analyzer.js'
export type {Context, CoreFunctions, Log, Progress} from './context.js'
export type {Contribution} from './contribution.js'
export type {Database, DatabaseAccess, DatabaseCopy, DatabaseRow, DatabaseValue} from './database.js'
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
export type {GestureContribution, GestureRecognizer, GestureStream} from './gesture.js'
export type {NowPlaying, NowPlayingConnection, NowPlayingContribution} from './now-playing.js'
export type {Output, OutputContribution, OutputPort, OutputTarget} from './output.js'
export type {CratePlugin} from './plugin.js'
export type {
  DecoderCounts,
  Sensor,
  SensorConnection,
  SensorContribution,
  SensorDecoder,
  SensorProfile,
  SensorSettings,
  Transport,
} from './sensor.js'
export type {Source, SourceContribution, SourceItem, WantedMusic} from './source.js'
export type {StoredObject, Uploader, UploaderContribution, UploadItem, UploadSession} from './uploader.js'

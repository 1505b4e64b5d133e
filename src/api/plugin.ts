// What a plugin package exports by default.
import type {ActionContribution} from './action.js'
import type {AnalyzerContribution} from './analyzer.js'
import type {ExporterContribution, ImporterContribution} from './format.js'
import type {GestureContribution} from './gesture.js'
import type {NowPlayingContribution} from './now-playing.js'
import type {OutputContribution} from './output.js'
import type {SensorContribution} from './sensor.js'
import type {SourceContribution} from './source.js'
import type {UploaderContribution} from './uploader.js'

/** All contributions of one package, by kind; a kind that it does not have is left out. */
export interface CratePlugin {
  readonly analyzers?: readonly AnalyzerContribution[]
  readonly exporters?: readonly ExporterContribution[]
  readonly importers?: readonly ImporterContribution[]
  readonly sensors?: readonly SensorContribution[]
  readonly gestures?: readonly GestureContribution[]
  readonly outputs?: readonly OutputContribution[]
  readonly nowPlaying?: readonly NowPlayingContribution[]
  readonly actions?: readonly ActionContribution[]
  readonly sources?: readonly SourceContribution[]
  readonly uploaders?: readonly UploaderContribution[]
}

// What a plugin package exports by default.
import type {AnalyzerContribution} from './analyzer.js'
import type {ExporterContribution, ImporterContribution} from './format.js'

/** All contributions of one package, by kind; a kind that it does not have is left out. */
export interface CratePlugin {
  readonly analyzers?: readonly AnalyzerContribution[]
  readonly exporters?: readonly ExporterContribution[]
  readonly importers?: readonly ImporterContribution[]
}

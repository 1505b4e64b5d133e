// Exports the whole library to every target of a sync.
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import {type ItemFailure, itemFailure} from '../../core/errors.js'
import {createRegistry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {type ExportReport, exportLibrary} from './export-library.js'

/** One target that cannot be written does not hinder the others. */
export async function exportToAll(
  environment: Environment,
  library: Library,
  config: CrateConfig,
  {exports, isDryRun = false}: {readonly exports: Readonly<Record<string, string>>; readonly isDryRun?: boolean},
): Promise<{reports: ExportReport[]; failures: ItemFailure[]}> {
  const registry = createRegistry(environment)
  const reports: ExportReport[] = []
  const failures: ItemFailure[] = []
  for (const [formatId, target] of Object.entries(exports)) {
    try {
      const report = await exportLibrary(environment, library, registry, {formatId, target, config, isDryRun})
      reports.push(report)
      failures.push(...report.failures)
    } catch (error) {
      environment.signal.throwIfAborted()
      failures.push(itemFailure(`export ${formatId} to ${target}`, error))
    }
  }
  return {reports, failures}
}

// From one program's library to another's without touching the person's own: through a library that lives for a moment.
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expandHome, readConfig} from '../adapters/config/config-file.js'
import type {Environment} from '../core/environment.js'
import {createRegistry} from '../host/registry.js'
import {type ExportPlan, type ExportReport, exportLibrary} from './export/export-library.js'
import {type ImportReport, importLibrary} from './import/import-library.js'
import {withLibrary} from './with-library.js'

export interface ConvertRequest {
  readonly from: string
  readonly source: string
  readonly to: string
  readonly target: string
  readonly mappings: readonly string[]
  readonly importOptions: Readonly<Record<string, string>>
  readonly exportOptions: Readonly<Record<string, string>>
  readonly shiftsPositions: boolean
  readonly canWriteTags: boolean
  readonly isDryRun: boolean
  /** Told what was read, before anything is written. */
  readonly onImported?: (report: ImportReport) => void
  readonly onPlan?: (plan: ExportPlan) => void
}

/** @throws as importing and exporting do; nothing is written where nothing can be read */
export async function convert(
  environment: Environment,
  request: ConvertRequest,
): Promise<{imported: ImportReport; exported: ExportReport}> {
  const config = await readConfig(environment.configFile)
  const registry = createRegistry(environment)
  const libraryFolder = await mkdtemp(join(tmpdir(), 'crate-convert-'))
  try {
    return await withLibrary({...environment, libraryFolder}, async (library) => {
      const {shiftsPositions} = request
      const imported = await importLibrary(environment, library, registry, {
        formatId: request.from,
        source: request.source,
        config,
        mappings: request.mappings,
        options: request.importOptions,
        shiftsPositions,
      })
      request.onImported?.(imported)
      const exported = await exportLibrary(environment, library, registry, {
        formatId: request.to,
        target: expandHome(request.target),
        config,
        selection: {query: null, playlists: null, withMissing: true},
        options: request.exportOptions,
        canWriteTags: request.canWriteTags,
        shiftsPositions,
        isDryRun: request.isDryRun,
        backupFolder: join(environment.libraryFolder, 'backups'),
        ...(request.onPlan === undefined ? {} : {onPlan: request.onPlan}),
      })
      return {imported, exported}
    })
  } finally {
    await rm(libraryFolder, {recursive: true, force: true})
  }
}

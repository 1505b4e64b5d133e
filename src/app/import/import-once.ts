// One import by command.
import {readConfig} from '../../adapters/config/config-file.js'
import type {Environment} from '../../core/environment.js'
import {createRegistry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {type ImportReport, type ImportRequest, importLibrary} from './import-library.js'

export async function importOnce(
  environment: Environment,
  library: Library,
  request: Omit<ImportRequest, 'config'>,
): Promise<ImportReport> {
  const config = await readConfig(environment.configFile)
  return importLibrary(environment, library, createRegistry(environment), {...request, config})
}

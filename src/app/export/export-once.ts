// One export by command: the target is given or the config's.
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {createRegistry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {type ExportReport, type ExportRequest, exportLibrary} from './export-library.js'

/** @throws USAGE when there is no target, and as `exportLibrary` does */
export async function exportOnce(
  environment: Environment,
  library: Library,
  request: Omit<ExportRequest, 'target' | 'config'> & {readonly target: string | null},
): Promise<ExportReport> {
  const config = await readConfig(environment.configFile)
  const {formatId} = request
  const target = request.target === null ? config.targets[formatId] : expandHome(request.target)
  if (target === undefined)
    throw new CrateError('USAGE', `where should the ${formatId} export go?`, {
      hints: [`crate export ${formatId} --to PATH`, `Or set it once, under "targets" in ${environment.configFile}`],
    })
  return exportLibrary(environment, library, createRegistry(environment), {...request, target, config})
}

/** One playlist to a format, `ID` or `ID=PATH`. @throws USAGE when neither the text nor the config names a path */
export function exportPlaylist(
  environment: Environment,
  library: Library,
  text: string,
  playlist: string,
): Promise<ExportReport> {
  const [formatId = '', ...path] = text.split('=')
  return exportOnce(environment, library, {
    formatId,
    target: path.length === 0 ? null : path.join('='),
    selection: {query: null, playlists: [playlist]},
  })
}

// One export by command: the target is given or the config's.
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import type {CrateConfig} from '../../core/config.js'
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
  const target = targetOf(environment, config, request.formatId, request.target)
  return exportLibrary(environment, library, createRegistry(environment), {...request, target, config})
}

function targetOf({configFile}: Environment, {targets}: CrateConfig, formatId: string, given: string | null): string {
  const target = given === null ? targets[formatId] : expandHome(given)
  if (target === undefined)
    throw new CrateError('USAGE', `where should the ${formatId} export go?`, {
      hints: [`crate export ${formatId} --to PATH`, `Or set it once, under "targets" in ${configFile}`],
    })
  return target
}

/**
 * Whether playlists can go to these targets, before one is made.
 *
 * @param texts `ID` or `ID=PATH` each
 * @throws USAGE for an unknown format, and when neither the text nor the config names a path
 */
export async function checkPlaylistTargets(environment: Environment, texts: readonly string[]): Promise<void> {
  if (texts.length === 0) return
  const config = await readConfig(environment.configFile)
  const registry = createRegistry(environment)
  for (const {formatId, target} of texts.map(parseTarget)) {
    await registry.find('exporters', formatId)
    targetOf(environment, config, formatId, target)
  }
}

/** One playlist to a format. @param text as `checkPlaylistTargets` takes it, and with the same errors */
export function exportPlaylist(
  environment: Environment,
  library: Library,
  text: string,
  playlist: string,
  onPlan?: ExportRequest['onPlan'],
): Promise<ExportReport> {
  return exportOnce(environment, library, {
    ...parseTarget(text),
    selection: {query: null, playlists: [playlist]},
    ...(onPlan === undefined ? {} : {onPlan}),
  })
}

function parseTarget(text: string): {formatId: string; target: string | null} {
  const [formatId = '', ...path] = text.split('=')
  return {formatId, target: path.length === 0 ? null : path.join('=')}
}

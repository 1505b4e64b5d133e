// `crate download`: one run at a time, with its folder, its programs and an archive in order.
import {mkdir} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {TARGET_FORMATS, type TargetFormat} from '../../adapters/audio/transcode.js'
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import {FFMPEG, locate} from '../../adapters/programs/find-program.js'
import {ageWarning, requireYtDlp} from '../../adapters/ytdlp/program.js'
import type {CrateConfig} from '../../core/config.js'
import {checkTemplate, DEFAULT_TEMPLATE} from '../../core/download/file-name.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {createRegistry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {mendArchive} from './archive.js'
import type {DeliverOptions} from './deliver.js'
import type {DownloadRequest, DownloadResult} from './request.js'
import {DownloadRun} from './run.js'

/**
 * @throws TOOL_MISSING, CONFIG_INVALID, USAGE, LIBRARY_BUSY (another download runs), DISK_FULL, ABORTED; what befalls
 *   single pieces is in the result
 */
export async function download(
  environment: Environment,
  library: Library,
  request: DownloadRequest,
): Promise<DownloadResult> {
  const config = await readConfig(environment.configFile)
  const folder = resolve(expandHome(request.folder ?? downloadFolderOf(config)))
  const {acquireLock} = await import('../../store/lock.js')
  const lock = acquireLock(library.folder, 'download', environment.nowMs())
  try {
    const run = await prepareRun(environment, library, config, folder, request)
    return await run.finish()
  } finally {
    lock.release()
  }
}

/** Where downloads go when nobody says: the config's folder, else one beside the first music folder. */
export function downloadFolderOf({downloads, music}: CrateConfig): string {
  if (downloads.folder !== null) return downloads.folder
  const [first] = music
  return first === undefined ? expandHome('~/Music/Downloads') : join(dirname(resolve(first)), 'Downloads')
}

function formatOf(text: string): TargetFormat {
  const format = TARGET_FORMATS.find((one) => one === text)
  if (format === undefined)
    throw new CrateError('CONFIG_INVALID', `"${text}" is no format of downloads`, {
      hints: [`There are: ${TARGET_FORMATS.join(', ')}.`],
    })
  return format
}

async function prepareRun(
  environment: Environment,
  library: Library,
  config: CrateConfig,
  folder: string,
  request: DownloadRequest,
) {
  const template = request.template ?? config.downloads.template ?? DEFAULT_TEMPLATE
  checkTemplate(template)
  const format = request.format ?? formatOf(config.downloads.format ?? 'keep')
  const program = await requireYtDlp(config.tools.ytDlp, environment.dataFolder, environment.nowMs())
  const warning = ageWarning(program)
  if (warning !== null) environment.reporter.warn(warning)
  const ffmpeg = await locate(config.tools.ffmpeg ?? FFMPEG.name)
  try {
    if (!request.isDryRun) await mkdir(folder, {recursive: true})
  } catch (error) {
    throw fileError(error, folder, 'write')
  }
  await mendArchive(library, environment.signal)
  const delivery: DeliverOptions = {
    library,
    folder,
    template,
    format,
    ffmpeg,
    signal: environment.signal,
    takenPaths: new Set(),
    nowMs: environment.nowMs,
  }
  const registry = createRegistry(environment)
  return new DownloadRun({environment, library, registry, request, program: program.path, delivery})
}

// Installs a program that crate calls, because the person asked for it.
import {installYtDlp} from '../../adapters/ytdlp/install.js'
import type {Environment} from '../../core/environment.js'

/** yt-dlp, the only one whose releases run as they are. @throws NETWORK_FAILED, TOOL_FAILED, FILE_UNWRITABLE, DISK_FULL */
export async function installTool(
  environment: Environment,
): Promise<{readonly path: string; readonly version: string}> {
  environment.reporter.info('fetching yt-dlp')
  return installYtDlp(environment.dataFolder, environment)
}

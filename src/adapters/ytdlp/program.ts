// Which yt-dlp there is and how old it is: services change, and a release of last year rarely gets through.
import {CrateError} from '../../core/errors.js'
import {findProgram, installCommand, locate, YT_DLP} from '../programs/find-program.js'
import {ownYtDlp} from './own-copy.js'

export interface YtDlpProgram {
  readonly path: string
  /** `2025.06.30`; null where it is not one of its own version numbers. */
  readonly version: string | null
  readonly ageDays: number | null
}

/** From here on its version is shown with a warning. */
export const OLD_AFTER_DAYS = 180
/** The first release with everything that crate asks of it (`--print playlist:`, `--progress-template`). */
const OLDEST_VERSION = '2022.06.22'

/**
 * @param configured path from the config, then the only place looked at
 * @param dataFolder where a copy is that crate was asked to install; it comes before PATH
 * @throws TOOL_MISSING where there is none or one that is too old, saying what to do
 */
export async function requireYtDlp(
  configured: string | null,
  dataFolder: string,
  nowMs: number,
): Promise<YtDlpProgram> {
  const found = await findProgram(YT_DLP, configured ?? (await locate(ownYtDlp(dataFolder))))
  if (found === null || found.version === null)
    throw new CrateError(
      'TOOL_MISSING',
      configured === null
        ? 'yt-dlp is not installed'
        : `${configured} (tools.ytDlp of the config) is not a yt-dlp that runs`,
      {
        hints: [`Install it: ${installCommand(YT_DLP)}`, 'Or let crate do it: crate doctor --install yt-dlp'],
        details: {tool: 'yt-dlp', configured},
      },
    )
  const program = {path: found.path, ...describeVersion(found.version, nowMs)}
  if (program.version !== null && program.version < OLDEST_VERSION)
    throw new CrateError(
      'TOOL_MISSING',
      `this yt-dlp is of ${program.version}, crate needs ${OLDEST_VERSION} or newer`,
      {
        hints: [`Update it: ${installCommand(YT_DLP)}`, 'Or let crate do it: crate doctor --install yt-dlp'],
        details: {tool: 'yt-dlp', ...program},
      },
    )
  return program
}

/** yt-dlp's versions are dates. */
export function describeVersion(text: string, nowMs: number): {version: string | null; ageDays: number | null} {
  const match = /^(\d{4})\.(\d{2})\.(\d{2})/.exec(text)
  if (match === null) return {version: null, ageDays: null}
  const [version, year, month, day] = match
  const releasedMs = Date.UTC(Number(year), Number(month) - 1, Number(day))
  return {version, ageDays: Math.max(0, Math.floor((nowMs - releasedMs) / 86_400_000))}
}

/** One line for the person where the program is old; null where it is not. */
export function ageWarning({version, ageDays}: Pick<YtDlpProgram, 'version' | 'ageDays'>): string | null {
  if (ageDays === null || ageDays < OLD_AFTER_DAYS) return null
  return `yt-dlp ${version ?? ''} is ${Math.floor(ageDays / 30)} months old and services change often; a newer one: crate doctor --install yt-dlp`
}

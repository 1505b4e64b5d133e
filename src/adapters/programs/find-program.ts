// Finds programs that crate calls but does not bring: where they are, which version, how to get them.
import {execFile} from 'node:child_process'
import {access, constants} from 'node:fs/promises'
import {delimiter, isAbsolute, join} from 'node:path'
import {promisify} from 'node:util'

export interface FoundProgram {
  readonly path: string
  /** The first line that it prints about itself; null where it did not answer in time. */
  readonly version: string | null
}

export interface ProgramFacts {
  readonly name: string
  readonly versionArguments: readonly string[]
  /** What a person without it misses. */
  readonly neededFor: string
  readonly install: {readonly linux: string; readonly darwin: string; readonly win32: string}
}

export const FFMPEG: ProgramFacts = {
  name: 'ffmpeg',
  versionArguments: ['-version'],
  neededFor: 'Opus and WMA files, very long files, and conversion',
  install: {linux: 'sudo apt install ffmpeg', darwin: 'brew install ffmpeg', win32: 'winget install Gyan.FFmpeg'},
}

export const YT_DLP: ProgramFacts = {
  name: 'yt-dlp',
  versionArguments: ['--version'],
  neededFor: 'downloads from links, searches and playlists',
  install: {linux: 'pipx install yt-dlp', darwin: 'brew install yt-dlp', win32: 'winget install yt-dlp'},
}

/** The command that installs the program on this system. */
export function installCommand(program: ProgramFacts, platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin' || platform === 'win32' ? program.install[platform] : program.install.linux
}

/** @param configured path from the config, which is then the only place looked at */
export async function findProgram(program: ProgramFacts, configured: string | null): Promise<FoundProgram | null> {
  const path = await locate(configured ?? program.name)
  return path === null ? null : {path, version: await askVersion(path, program.versionArguments)}
}

/** The absolute path of a program on PATH (or of one given by path); null where it is not there or may not be run. */
export async function locate(name: string): Promise<string | null> {
  const hasFolder = isAbsolute(name) || /[/\\]/.test(name)
  const folders = hasFolder ? [''] : (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const folder of folders)
    for (const ending of endings) {
      const path = join(folder, name + ending)
      if (await isRunnable(path)) return path
    }
  return null
}

function isRunnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function askVersion(path: string, versionArguments: readonly string[]): Promise<string | null> {
  try {
    const {stdout} = await promisify(execFile)(path, [...versionArguments], {timeout: 10_000, windowsHide: true})
    return stdout.split('\n')[0]?.trim() ?? null
  } catch {
    return null
  }
}

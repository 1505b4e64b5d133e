// Fetches yt-dlp's own release into a folder of crate's, its checksum verified; only when the person asks for it.
import {createHash} from 'node:crypto'
import {chmod, mkdir, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {fileError} from '../files/errors.js'
import {findProgram, YT_DLP} from '../programs/find-program.js'
import {ownYtDlp} from './own-copy.js'
import {describeVersion} from './program.js'

/** Releases of the yt-dlp project; a mirror may be named by CRATE_YT_DLP_RELEASES. */
const RELEASES = 'https://github.com/yt-dlp/yt-dlp/releases/latest/download'
const LARGEST_BYTES = 200_000_000

/** The file of a release for this system; the last one needs Python. Source: yt-dlp's README, "RELEASE FILES". */
export function releaseFile(platform: NodeJS.Platform, arch: string): string {
  if (platform === 'win32') return 'yt-dlp.exe'
  if (platform === 'darwin') return 'yt-dlp_macos'
  if (platform === 'linux' && arch === 'x64') return 'yt-dlp_linux'
  return platform === 'linux' && arch === 'arm64' ? 'yt-dlp_linux_aarch64' : 'yt-dlp'
}

/**
 * Installs or replaces it; the old one stays where anything fails.
 *
 * @returns path and version of what is there now
 * @throws NETWORK_FAILED, TOOL_FAILED where the checksum differs or the program does not run, FILE_UNWRITABLE, DISK_FULL
 */
export async function installYtDlp(
  dataFolder: string,
  {signal, nowMs}: {readonly signal: AbortSignal; nowMs(): number},
): Promise<{readonly path: string; readonly version: string}> {
  const releases = process.env['CRATE_YT_DLP_RELEASES'] ?? RELEASES
  const name = releaseFile(process.platform, process.arch)
  const sums = new TextDecoder().decode(await download(`${releases}/SHA2-256SUMS`, signal))
  const expected = sums.split(/\r?\n/).flatMap((line) => {
    const [sum = '', file] = line.trim().split(/\s+\*?/)
    return file === name && /^[0-9a-f]{64}$/i.test(sum) ? [sum.toLowerCase()] : []
  })[0]
  if (expected === undefined) throw new CrateError('TOOL_FAILED', `the release of yt-dlp has no checksum for ${name}`)
  const program = await download(`${releases}/${name}`, signal)
  if (createHash('sha256').update(program).digest('hex') !== expected)
    throw new CrateError(
      'TOOL_FAILED',
      'yt-dlp arrived with another checksum than its release names; it was thrown away',
      {hints: ['Run the command again.']},
    )
  const path = ownYtDlp(dataFolder)
  const temporary = `${path}.${process.pid}.crate-part`
  try {
    await mkdir(join(dataFolder, 'bin'), {recursive: true})
    await writeFile(temporary, program)
    await chmod(temporary, 0o755)
    const found = await findProgram(YT_DLP, temporary)
    if (
      found?.version === undefined ||
      found.version === null ||
      describeVersion(found.version, nowMs()).version === null
    )
      throw new CrateError('TOOL_FAILED', 'the yt-dlp that came does not run on this system', {
        hints: ['Install it by your system: pipx install yt-dlp'],
      })
    await rename(temporary, path)
    return {path, version: found.version}
  } catch (error) {
    throw fileError(error, path, 'write')
  } finally {
    await rm(temporary, {force: true})
  }
}

async function download(address: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const answer = await fetch(address, {signal})
    if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`)
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of answer.body) {
      bytes += piece.length
      if (bytes > LARGEST_BYTES) throw new Error('it is larger than any release')
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  } catch (cause) {
    signal.throwIfAborted()
    throw new CrateError('NETWORK_FAILED', `${address} cannot be fetched: ${(cause as Error).message}`, {
      hints: ['Check the network, or install it by your system: pipx install yt-dlp'],
      cause,
    })
  }
}

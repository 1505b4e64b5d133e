// Where pieces are while they are fetched: a hidden folder in the download folder, so that the last step is a rename.
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {fileError} from '../../adapters/files/errors.js'
import {isAbandoned} from '../../adapters/ytdlp/claim.js'

const STAGING = '.crate-download'

/** A folder for one link alone: a file that was left half in it is gone on with. @throws FILE_UNWRITABLE, DISK_FULL */
export async function openStaging(folder: string, link: string): Promise<string> {
  const path = join(folder, STAGING, createHash('sha256').update(link).digest('hex').slice(0, 24))
  try {
    await mkdir(path, {recursive: true})
  } catch (error) {
    throw fileError(error, path, 'write')
  }
  return path
}

/** Empty folders of finished pieces go; halves of unfinished ones stay for the next run. */
export async function sweepStaging(folder: string): Promise<void> {
  const staging = join(folder, STAGING)
  if (!existsSync(staging)) return
  const names = await readdir(staging).catch(() => [])
  for (const name of names) {
    const inside = await readdir(join(staging, name)).catch(() => ['?'])
    if (inside.length === 0 || isAbandoned(name)) await rm(join(staging, name), {recursive: true, force: true})
  }
  if ((await readdir(staging).catch(() => ['?'])).length === 0) await rm(staging, {recursive: true, force: true})
}

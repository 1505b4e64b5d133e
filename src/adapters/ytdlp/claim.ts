// One yt-dlp for one folder: a crate that was killed leaves its yt-dlp running for a while, and two of them writing into
// the same half file would spoil it without a word.
import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

/** A yt-dlp whose crate is gone ends with the next line that nobody reads. */
const PATIENCE_MS = 10_000
const POLL_MS = 100

const OWNER = 'owner.pid'
const LEFT = /-left-by-(\d+)$/

/**
 * Waits for another process that still writes into the folder, so that the caller goes on with what it left; one that does
 * not end keeps the folder under another name, and the caller begins anew in an empty one.
 */
export async function claimFolder(folder: string, signal: AbortSignal): Promise<void> {
  const owner = Number(await readFile(join(folder, OWNER), 'utf8').catch(() => ''))
  if (owner === 0 || Number.isNaN(owner)) return
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if (!isAlive(owner)) return
    signal.throwIfAborted()
    await sleep(POLL_MS)
  }
  await rename(folder, `${folder}-left-by-${owner}`)
  await mkdir(folder)
}

/** Notes who writes into it; `releaseFolder` takes the note back. */
export async function markFolder(folder: string, pid: number): Promise<void> {
  await writeFile(join(folder, OWNER), String(pid))
}

export async function releaseFolder(folder: string): Promise<void> {
  await rm(join(folder, OWNER), {force: true})
}

/** Whether a folder was moved aside and nobody writes into it any more. */
export function isAbandoned(name: string): boolean {
  const owner = LEFT.exec(name)?.[1]
  return owner !== undefined && !isAlive(Number(owner))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

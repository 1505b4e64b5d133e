// What a killed upload needs to go on with: one small file per transfer under way, in crate's own data folder.
import {createHash} from 'node:crypto'
import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

export interface TransferNotes {
  /** Null where nothing was noted of this content under this name, or too long ago. */
  read(): string | null
  /** A note that cannot be kept costs a fresh start, never the upload. */
  write(token: string): void
  remove(): void
}

/** Services forget half transfers; Google after a week (cloud.google.com/storage/docs/resumable-uploads). */
const KEPT_MS = 6 * 24 * 3_600_000

/** @param target archive as the person wrote it */
export function transferNotes(
  dataFolder: string,
  target: string,
  {name, sizeBytes, crc32c}: {readonly name: string; readonly sizeBytes: number; readonly crc32c: string},
  nowMs: () => number,
): TransferNotes {
  const folder = join(dataFolder, 'uploads')
  const id = createHash('sha256').update([target, name, sizeBytes, crc32c].join('\0')).digest('hex').slice(0, 32)
  const path = join(folder, `${id}.json`)
  return {
    read() {
      try {
        const {token, notedAtMs} = JSON.parse(readFileSync(path, 'utf8')) as {token?: unknown; notedAtMs?: unknown}
        const isFresh = typeof notedAtMs === 'number' && nowMs() - notedAtMs < KEPT_MS
        return isFresh && typeof token === 'string' ? token : null
      } catch {
        return null
      }
    },
    write(token) {
      try {
        mkdirSync(folder, {recursive: true})
        writeFileSync(`${path}.${process.pid}`, JSON.stringify({token, notedAtMs: nowMs()}), {mode: 0o600})
        renameSync(`${path}.${process.pid}`, path)
      } catch {
        return
      }
    },
    remove: () => rmSync(path, {force: true}),
  }
}

// Dated copies of a person's files from before crate changed them, and the way back.

import {createReadStream} from 'node:fs'
import {copyFile, mkdir, readdir, readFile, rm, stat} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {fileError} from '../files/errors.js'
import {StagedWrite, writeFileAtomically} from '../files/staged-write.js'
import {readRawTags, writeRawTags} from '../tags/raw-tags.js'

/** One backup: what was done, when, and where each file came from. `copy` is null for a file that was not there before. */
export interface Backup {
  readonly id: string
  readonly reason: string
  readonly createdAt: string
  readonly files: readonly {readonly path: string; readonly copy: string | null}[]
  /** Absent in backups of files alone. */
  readonly tags?: readonly TagChange[]
}

const INDEX = 'backup.json'
/** Older ones are removed, so that nightly syncs do not fill the disk. */
const KEPT_PER_REASON = 20

/** Tags inside an audio file as they were: null for one that was not there. */
export interface TagChange {
  readonly path: string
  /** `set` holds every tag of the file: others that are there now are removed on the way back. */
  readonly isWhole?: boolean
  readonly set: readonly {readonly key: string; readonly base64: string | null}[]
}

export interface BackupStore {
  /** Copies the files as they are now. @param reason short, the same for the same kind of change: `export rekordbox` */
  create(reason: string, paths: readonly string[], tags?: readonly TagChange[]): Promise<Backup>
  /** Newest first; folders that hold no readable index are left out. */
  list(): Promise<readonly Backup[]>
  /** Puts every file back as it was; files that were not there before are removed. */
  restore(id: string): Promise<Backup>
}

export function backupStore(folder: string, nowMs: () => number): BackupStore {
  const read = async (id: string): Promise<Backup | null> => {
    try {
      return JSON.parse(await readFile(join(folder, id, INDEX), 'utf8')) as Backup
    } catch {
      return null
    }
  }
  const list = async () => {
    const names = await readdir(folder).catch(() => [] as string[])
    const backups = await Promise.all(names.map(read))
    return backups.filter((backup) => backup !== null).sort((a, b) => b.id.localeCompare(a.id))
  }
  return {
    list,
    create: async (reason, paths, tags = []) => {
      const createdAt = new Date(nowMs()).toISOString()
      const id = `${createdAt.replaceAll(/[:.]/g, '-')}-${reason.replaceAll(/[^a-z0-9]+/gi, '-')}`
      const files: {path: string; copy: string | null}[] = []
      try {
        await mkdir(join(folder, id), {recursive: true})
        for (const [index, path] of paths.entries()) {
          const isThere = await stat(path).then(
            (stats) => stats.isFile(),
            () => false,
          )
          const copy = isThere ? `${index}-${basename(path)}` : null
          if (copy !== null) await copyFile(path, join(folder, id, copy))
          files.push({path, copy})
        }
        const backup: Backup = {id, reason, createdAt, files, tags}
        await writeFileAtomically(join(folder, id, INDEX), `${JSON.stringify(backup, null, 2)}\n`)
        const old = (await list()).filter((other) => other.reason === reason).slice(KEPT_PER_REASON)
        for (const {id: oldId} of old) await rm(join(folder, oldId), {recursive: true, force: true})
        return backup
      } catch (error) {
        await rm(join(folder, id), {recursive: true, force: true}).catch(() => undefined)
        throw fileError(error, join(folder, id), 'write')
      }
    },
    restore: async (id) => {
      const backup = await read(id)
      if (backup === null)
        throw new CrateError('FILE_NOT_FOUND', `there is no backup "${id}"`, {
          hints: ['crate library restore lists the backups.'],
        })
      const staged = new StagedWrite()
      try {
        for (const {path, copy} of backup.files)
          if (copy !== null) await staged.stage(path, createReadStream(join(folder, id, copy)))
        await staged.commit()
        for (const {path, copy} of backup.files) if (copy === null) await rm(path, {force: true})
        for (const change of backup.tags ?? []) await restoreTags(change)
      } catch (error) {
        await staged.discard()
        throw fileError(error, join(folder, id), 'read')
      }
      return backup
    },
  }
}

async function restoreTags({path, isWhole = false, set}: TagChange): Promise<void> {
  const kept = new Set(set.map(({key}) => key))
  const added = isWhole ? ((await readRawTags(path))?.tags ?? []).filter(({key}) => !kept.has(key)) : []
  await writeRawTags(path, [
    ...set.map(({key, base64}) => ({key, bytes: base64 === null ? null : Buffer.from(base64, 'base64')})),
    ...added.map(({key}) => ({key, bytes: null})),
  ])
}

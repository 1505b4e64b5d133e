// Dated copies of a person's files from before crate changed them, and the way back.

import {createReadStream, existsSync} from 'node:fs'
import {copyFile, mkdir, readdir, readFile, rm, stat} from 'node:fs/promises'
import {basename, join} from 'node:path'
import type {RawTag} from '../../api/format.js'
import {CrateError, type ItemFailure, itemFailure} from '../../core/errors.js'
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
  /** The format whose program the files belong to. */
  readonly formatId?: string
}

export interface NewBackup {
  /** Short, the same for the same kind of change: `export rekordbox`. */
  readonly reason: string
  /** Of files that are there, or that will be made. */
  readonly paths: readonly string[]
  readonly tags?: readonly TagChange[]
  readonly formatId?: string
}

const INDEX = 'backup.json'
/** Between these and the very first, which holds what was there before crate came, others are removed. */
const KEPT_PER_REASON = 20

/** Tags inside an audio file as they were: null for one that was not there. */
export interface TagChange {
  readonly path: string
  /** `set` holds every tag of the file: others that are there now are removed on the way back. */
  readonly isWhole?: boolean
  readonly set: readonly {readonly key: string; readonly base64: string | null}[]
}

export interface RestoredBackup {
  readonly restored: Backup
  /** What was there until now. */
  readonly before: Backup
  /** Audio files that keep their tags as they are now, because they are gone or cannot be changed. */
  readonly failures: readonly ItemFailure[]
}

export interface BackupStore {
  /** Copies the files as they are now. */
  create(backup: NewBackup): Promise<Backup>
  /** Newest first; folders that hold no readable index are left out. */
  list(): Promise<readonly Backup[]>
  /** @throws FILE_NOT_FOUND */
  find(id: string): Promise<Backup>
  /**
   * Puts every file back as it was; files that were not there before are removed. What is there now is backed up first.
   *
   * @throws FILE_NOT_FOUND
   */
  restore(id: string): Promise<RestoredBackup>
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
  const find = async (id: string) => {
    const backup = await read(id)
    if (backup !== null) return backup
    throw new CrateError('FILE_NOT_FOUND', `there is no backup "${id}"`, {
      hints: ['crate library restore lists the backups.'],
    })
  }
  const create: BackupStore['create'] = async ({reason, paths, tags = [], formatId}) => {
    const createdAt = new Date(nowMs()).toISOString()
    const id = freeName(folder, `${createdAt.replaceAll(/[:.]/g, '-')}-${reason.replaceAll(/[^a-z0-9]+/gi, '-')}`)
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
      const backup: Backup = {id, reason, createdAt, files, tags, ...(formatId === undefined ? {} : {formatId})}
      await writeFileAtomically(join(folder, id, INDEX), `${JSON.stringify(backup, null, 2)}\n`)
      const old = (await list()).filter((other) => other.reason === reason).slice(KEPT_PER_REASON, -1)
      for (const {id: oldId} of old) await rm(join(folder, oldId), {recursive: true, force: true})
      return backup
    } catch (error) {
      await rm(join(folder, id), {recursive: true, force: true}).catch(() => undefined)
      throw fileError(error, join(folder, id), 'write')
    }
  }
  return {
    list,
    find,
    create,
    restore: async (id) => {
      const backup = await find(id)
      const {files, tags = [], formatId} = backup
      const before = await create({
        reason: 'restore',
        paths: files.map(({path}) => path),
        tags: await currentTags(tags),
        ...(formatId === undefined ? {} : {formatId}),
      })
      const staged = new StagedWrite()
      try {
        for (const {path, copy} of files)
          if (copy !== null) await staged.stage(path, createReadStream(join(folder, id, copy)))
        await staged.commit()
        for (const {path, copy} of files) if (copy === null) await rm(path, {force: true})
      } catch (error) {
        await staged.discard()
        throw fileError(error, join(folder, id), 'read')
      }
      return {restored: backup, before, failures: await restoreAllTags(tags)}
    },
  }
}

/** Two backups of the same moment get different names. */
function freeName(folder: string, wanted: string): string {
  let name = wanted
  for (let n = 2; existsSync(join(folder, name)); n++) name = `${wanted}-${n}`
  return name
}

/** Null where they cannot be read: then they cannot be set either, which the restore tells. */
async function tagsOf(path: string): Promise<readonly RawTag[] | null> {
  try {
    return (await readRawTags(path))?.tags ?? null
  } catch {
    return null
  }
}

/** The tags that a restore will set, as they are now; files that are gone have none. */
async function currentTags(changes: readonly TagChange[]): Promise<TagChange[]> {
  const current: TagChange[] = []
  for (const {path, isWhole = false, set} of changes) {
    const tags = await tagsOf(path)
    if (tags === null) continue
    const base64Of = ({bytes}: {readonly bytes: Uint8Array}) => Buffer.from(bytes).toString('base64')
    const kept = isWhole
      ? tags.map((tag) => ({key: tag.key, base64: base64Of(tag)}))
      : set.map(({key}) => {
          const tag = tags.find((other) => other.key === key)
          return {key, base64: tag === undefined ? null : base64Of(tag)}
        })
    current.push({path, ...(isWhole ? {isWhole} : {}), set: kept})
  }
  return current
}

async function restoreAllTags(changes: readonly TagChange[]): Promise<ItemFailure[]> {
  const failures: ItemFailure[] = []
  for (const change of changes) {
    try {
      await restoreTags(change)
    } catch (error) {
      failures.push(itemFailure(change.path, error))
    }
  }
  return failures
}

async function restoreTags({path, isWhole = false, set}: TagChange): Promise<void> {
  const kept = new Set(set.map(({key}) => key))
  const added = isWhole ? ((await readRawTags(path))?.tags ?? []).filter(({key}) => !kept.has(key)) : []
  await writeRawTags(path, [
    ...set.map(({key, base64}) => ({key, bytes: base64 === null ? null : Buffer.from(base64, 'base64')})),
    ...added.map(({key}) => ({key, bytes: null})),
  ])
}

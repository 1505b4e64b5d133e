// Writes what an exporter yields: staged, backed up where it replaces what crate did not write, renamed together.
import type {Backup, BackupStore, TagChange} from '../../adapters/backups/backup-store.js'
import {pathInside} from '../../adapters/files/file-access.js'
import {digestOfFile, measureChunks, type StagedFile, StagedWrite} from '../../adapters/files/staged-write.js'
import {readRawTags, writeRawTags} from '../../adapters/tags/raw-tags.js'
import type {ExportPiece} from '../../api/format.js'
import type {Environment, ProgressTask} from '../../core/environment.js'
import {type ItemFailure, itemFailure} from '../../core/errors.js'

export interface Warning {
  readonly subject: string
  readonly message: string
}

/** What happens to the tags inside one audio file. */
export interface TagPlan {
  readonly path: string
  readonly keys: readonly string[]
  /** In words; empty where the format does not tell. */
  readonly changes: readonly string[]
}

export interface WrittenExport {
  /** Files that are new or changed. */
  readonly written: readonly StagedFile[]
  readonly unchangedFiles: number
  readonly taggedFiles: number
  readonly tags: readonly TagPlan[]
  readonly warnings: readonly Warning[]
  readonly failures: readonly ItemFailure[]
  readonly backup: Backup | null
}

/** Remembers what crate itself wrote, so that only a person's files are backed up. */
export interface WrittenBefore {
  digestOf(path: string): string | null
  remember(path: string, digest: string): void
}

export interface WriteOptions {
  readonly formatId: string
  /** The folder that piece paths are relative to, or the one file. */
  readonly root: string
  readonly isDryRun: boolean
  readonly backups: BackupStore
  readonly writtenBefore: WrittenBefore
  /** Told what will happen to tags before the first file is changed; waited for. */
  readonly onPlan?: (tags: readonly TagPlan[]) => Promise<void>
}

/** A dry run touches nothing: no folder is made, and no file beside the target. */
export async function writePieces(
  pieces: AsyncIterable<ExportPiece>,
  {formatId, root, isDryRun, backups, writtenBefore, onPlan}: WriteOptions,
  {signal}: Pick<Environment, 'signal'>,
  task: ProgressTask,
): Promise<WrittenExport> {
  const staged = new StagedWrite()
  const written: StagedFile[] = []
  const warnings: Warning[] = []
  const tagPieces: Extract<ExportPiece, {kind: 'tags'}>[] = []
  let unchangedFiles = 0
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted()
      if (piece.kind === 'warning') warnings.push({subject: piece.subject, message: piece.message})
      else if (piece.kind === 'tags') tagPieces.push(piece)
      else {
        const path = pathInside(root, piece.path)
        const write = isDryRun ? measureChunks : (...args: Parameters<typeof measureChunks>) => staged.stage(...args)
        const file = await write(path, piece.chunks, signal)
        if (file.digest === (await digestOfFile(path))) {
          await staged.drop(path)
          unchangedFiles++
        } else written.push(file)
        task.update(written.length + unchangedFiles, piece.path)
      }
    }
    const tags = tagPieces.map(
      ({audioPath, set, changes = []}): TagPlan => ({
        path: audioPath,
        keys: set.map(({key}) => key),
        changes,
      }),
    )
    await onPlan?.(tags)
    if (isDryRun)
      return {written, unchangedFiles, taggedFiles: tagPieces.length, tags, warnings, failures: [], backup: null}
    const {changes, failures} = await tagChanges(tagPieces)
    const backup = await backUp(written, changes, formatId, backups, writtenBefore)
    await staged.commit()
    for (const {path, digest} of written) writtenBefore.remember(path, digest)
    // A file whose tags could not be kept is left as it is: it is among the failures already.
    const unkept = new Set(failures.map(({path}) => path))
    for (const {audioPath, set} of tagPieces) {
      if (unkept.has(audioPath)) continue
      signal.throwIfAborted()
      try {
        await writeRawTags(audioPath, set)
      } catch (error) {
        failures.push(itemFailure(audioPath, error))
      }
    }
    const taggedFiles = tagPieces.length - failures.length
    return {written, unchangedFiles, taggedFiles, tags, warnings, failures, backup}
  } catch (error) {
    await staged.discard()
    throw error
  }
}

/** The values that the tags have now, for the way back. */
async function tagChanges(
  pieces: readonly Extract<ExportPiece, {kind: 'tags'}>[],
): Promise<{changes: TagChange[]; failures: ItemFailure[]}> {
  const changes: TagChange[] = []
  const failures: ItemFailure[] = []
  for (const {audioPath, set} of pieces) {
    try {
      const current = new Map((await readRawTags(audioPath))?.tags.map(({key, bytes}) => [key, bytes]))
      changes.push({
        path: audioPath,
        set: set.map(({key}) => {
          const bytes = current.get(key)
          return {key, base64: bytes === undefined ? null : Buffer.from(bytes).toString('base64')}
        }),
      })
    } catch (error) {
      failures.push(itemFailure(audioPath, error))
    }
  }
  return {changes, failures}
}

async function backUp(
  written: readonly StagedFile[],
  tags: readonly TagChange[],
  formatId: string,
  backups: BackupStore,
  writtenBefore: WrittenBefore,
): Promise<Backup | null> {
  if (tags.length === 0 && !(await replacesForeign(written, writtenBefore))) return null
  const paths = written.map(({path}) => path)
  return backups.create({reason: `export ${formatId}`, paths, tags, formatId})
}

/** Whether a file is replaced that a person or a program made, or changed since crate wrote it. */
async function replacesForeign(written: readonly StagedFile[], writtenBefore: WrittenBefore): Promise<boolean> {
  for (const {path} of written) {
    const digest = await digestOfFile(path)
    if (digest !== null && writtenBefore.digestOf(path) !== digest) return true
  }
  return false
}

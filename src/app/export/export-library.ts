// Exports a library to a format: the program's state checked, losses told before anything is in place, all written together.
import {existsSync, statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {backupStore} from '../../adapters/backups/backup-store.js'
import {fileAccess} from '../../adapters/files/file-access.js'
import {readRawTags} from '../../adapters/tags/raw-tags.js'
import type {ExporterContribution} from '../../api/format.js'
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import type {ItemFailure} from '../../core/errors.js'
import {createContext} from '../../host/context.js'
import type {CountedLoss} from '../../host/losses.js'
import type {Registry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {checkOptions} from '../format-options.js'
import {refuseWhileRunning} from '../refuse-while-running.js'
import {countLosses} from './count-losses.js'
import {libraryView, type Selection} from './library-view.js'
import {type TagPlan, type Warning, type WrittenBefore, type WrittenExport, writePieces} from './write-pieces.js'

export interface ExportRequest {
  readonly formatId: string
  /** As the person gave it; a folder for a format of one file gets the format's own file name. */
  readonly target: string
  readonly config: CrateConfig
  readonly selection?: Selection
  readonly options?: Readonly<Record<string, string>>
  readonly canWriteTags?: boolean
  readonly shiftsPositions?: boolean
  readonly isDryRun?: boolean
  /** Where backups go; beside the library where left out. */
  readonly backupFolder?: string
  /** Told once, before anything is written. */
  readonly onPlan?: (plan: ExportPlan) => void
}

/** What a person should know before it happens. */
export interface ExportPlan {
  readonly name: string
  readonly losses: readonly CountedLoss[]
  readonly tags: readonly TagPlan[]
  readonly isDryRun: boolean
}

export interface ExportReport {
  readonly format: string
  readonly name: string
  readonly target: string
  readonly tracks: number
  /** Tracks that stay out because their files are gone. */
  readonly leftOut: number
  readonly files: readonly {readonly path: string; readonly bytes: number}[]
  readonly unchangedFiles: number
  readonly taggedFiles: number
  readonly tags: readonly TagPlan[]
  readonly losses: readonly CountedLoss[]
  readonly warnings: readonly Warning[]
  readonly failures: readonly ItemFailure[]
  /** Id of the backup of what was replaced; null where nothing of a person's was. */
  readonly backup: string | null
  readonly isDryRun: boolean
  /** What the person does now in the program; null where nothing was written or nothing is to be done. */
  readonly nextStep: string | null
}

/** @throws USAGE for an unknown format, TARGET_RUNNING, FILE_*, DISK_FULL */
export async function exportLibrary(
  environment: Environment,
  library: Library,
  registry: Registry,
  request: ExportRequest,
): Promise<ExportReport> {
  const {nowMs, reporter} = environment
  const {formatId, config, isDryRun = false, canWriteTags = false} = request
  const format = await registry.find('exporters', formatId)
  const options = request.options ?? {}
  checkOptions(format, options)
  const root = targetPath(format, request.target)
  if (!isDryRun) await refuseWhileRunning(format, [format.target === 'folder' ? root : dirname(root)])

  const view = libraryView(library, request.selection ?? {query: null, playlists: null}, nowMs())
  const exporter = await format.load()
  const target = fileAccess(root)
  const loses = (await exporter.loses?.({library: view, target, options})) ?? format.loses
  const count = countLosses(view, loses, format.losesTags ?? [])
  let losses: readonly CountedLoss[] = []
  const context = createContext(environment, format.id, config.plugins[format.id])
  const task = reporter.task(`Exporting ${format.name}`, null)
  const pieces = exporter.export(
    {
      library: count.view,
      target,
      audioTags: {read: readRawTags},
      canWriteTags,
      shiftsPositions: request.shiftsPositions ?? true,
      options,
    },
    context,
  )
  const written = await writePieces(
    pieces,
    {
      formatId,
      root,
      isDryRun,
      backups: backupStore(request.backupFolder ?? join(library.folder, 'backups'), nowMs),
      writtenBefore: digestsIn(library),
      onPlan: async (tags) => {
        losses = await count.result()
        request.onPlan?.({name: format.name, losses, tags, isDryRun})
      },
    },
    environment,
    task,
  ).finally(() => task.finish())
  return {
    format: format.id,
    name: format.name,
    target: root,
    tracks: view.trackCount,
    leftOut: view.leftOut,
    files: written.written.map(({path, bytes}) => ({path, bytes})),
    unchangedFiles: written.unchangedFiles,
    taggedFiles: written.taggedFiles,
    tags: written.tags,
    losses,
    warnings: [...remarks(format, view, written, request), ...written.warnings],
    failures: written.failures,
    backup: written.backup?.id ?? null,
    isDryRun,
    nextStep: written.written.length > 0 && !isDryRun ? (format.nextStep ?? null) : null,
  }
}

/** What a person may not have meant. */
function remarks(
  {name}: ExporterContribution,
  {trackCount}: {readonly trackCount: number},
  {tags}: Pick<WrittenExport, 'tags'>,
  {selection, canWriteTags = false}: ExportRequest,
): Warning[] {
  const remarks: Warning[] = []
  const query = selection?.query ?? null
  if (trackCount === 0)
    remarks.push({subject: name, message: query === null ? 'there is no track to export' : `no track matches ${query}`})
  else if (canWriteTags && tags.length === 0)
    remarks.push({subject: '--write-tags', message: `no audio file needs other tags for ${name}`})
  return remarks
}

function targetPath(format: ExporterContribution, target: string): string {
  const path = resolve(target)
  if (format.target === 'folder') return path
  const isFolder = /[/\\]$/.test(target) || (existsSync(path) && statSync(path).isDirectory())
  return isFolder ? join(path, format.fileName ?? format.id) : path
}

/** What crate wrote from this library, anywhere. */
export function digestsIn({settings}: Library): WrittenBefore {
  return {
    digestOf: (path) => {
      const digest = settings.get(`written:${path}`)
      return typeof digest === 'string' ? digest : null
    },
    remember: (path, digest) => settings.set(`written:${path}`, digest),
  }
}

// Exports a library to a format: losses counted first, the program's state checked, everything written together.
import {existsSync, statSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {backupStore} from '../../adapters/backups/backup-store.js'
import {fileAccess} from '../../adapters/files/file-access.js'
import {signOfRunning} from '../../adapters/programs/running.js'
import {readRawTags} from '../../adapters/tags/raw-tags.js'
import type {ExporterContribution} from '../../api/format.js'
import type {CrateConfig} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, type ItemFailure} from '../../core/errors.js'
import {createContext} from '../../host/context.js'
import {type CountedLoss, lossTally} from '../../host/losses.js'
import type {Registry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {libraryView, type Selection} from './library-view.js'
import {type Warning, type WrittenBefore, writePieces} from './write-pieces.js'

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
}

export interface ExportReport {
  readonly format: string
  readonly name: string
  readonly target: string
  readonly tracks: number
  readonly files: readonly {readonly path: string; readonly bytes: number}[]
  readonly unchangedFiles: number
  readonly taggedFiles: number
  readonly losses: readonly CountedLoss[]
  readonly warnings: readonly Warning[]
  readonly failures: readonly ItemFailure[]
  /** Id of the backup of what was replaced; null where nothing of a person's was. */
  readonly backup: string | null
  readonly isDryRun: boolean
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
  const root = targetPath(format, request.target)
  if (!isDryRun) await refuseWhileRunning(format, root)

  const view = libraryView(library, request.selection ?? {query: null, playlists: null}, nowMs())
  const losses = await countLosses(format, view)
  const exporter = await format.load()
  const context = createContext(environment, format.id, config.plugins[format.id])
  const task = reporter.task(`Exporting ${format.name}`, null)
  const pieces = exporter.export(
    {
      library: view,
      target: fileAccess(root),
      audioTags: {read: readRawTags},
      canWriteTags,
      shiftsPositions: request.shiftsPositions ?? true,
      options: request.options ?? {},
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
    },
    environment,
    task,
  ).finally(() => task.finish())
  return {
    format: format.id,
    name: format.name,
    target: root,
    tracks: view.trackCount,
    files: written.written.map(({path, bytes}) => ({path, bytes})),
    unchangedFiles: written.unchangedFiles,
    taggedFiles: written.taggedFiles,
    losses,
    warnings: written.warnings,
    failures: written.failures,
    backup: written.backup?.id ?? null,
    isDryRun,
  }
}

function targetPath(format: ExporterContribution, target: string): string {
  const path = resolve(target)
  if (format.target === 'folder') return path
  const isFolder = /[/\\]$/.test(target) || (existsSync(path) && statSync(path).isDirectory())
  return isFolder ? join(path, format.fileName ?? format.id) : path
}

async function refuseWhileRunning(format: ExporterContribution, root: string): Promise<void> {
  if (format.program === undefined) return
  const sign = await signOfRunning(format.program, format.target === 'folder' ? root : dirname(root))
  if (sign !== null)
    throw new CrateError('TARGET_RUNNING', `${format.name} is not written while the program is open: ${sign}`, {
      hints: ['Close it and run the command again: it would overwrite the export when it closes.'],
    })
}

async function countLosses(format: ExporterContribution, view: ReturnType<typeof libraryView>): Promise<CountedLoss[]> {
  if (format.loses.length === 0) return []
  const tally = lossTally(format.loses)
  for await (const track of view.tracks()) tally.addTrack(track)
  tally.addPlaylists(view.playlists())
  return tally.result()
}

function digestsIn({settings}: Library): WrittenBefore {
  return {
    digestOf: (path) => {
      const digest = settings.get(`written:${path}`)
      return typeof digest === 'string' ? digest : null
    },
    remember: (path, digest) => settings.set(`written:${path}`, digest),
  }
}

// Imports by a plugin from a real folder or file, as the host runs it.

import {backupStore} from '../../src/adapters/backups/backup-store.js'
import {databaseAccess} from '../../src/adapters/files/database-access.js'
import {fileAccess} from '../../src/adapters/files/file-access.js'
import type {Exporter, ExportRequest, ImportedTrack, Importer, LibraryView} from '../../src/api/index.js'
import {writePieces} from '../../src/app/export/write-pieces.js'
import type {PlaylistNode} from '../../src/core/playlist.js'
import type {Mp3HeaderCase} from '../../src/core/track.js'
import {audioTags, type Imported, testContext} from '../exporters/harness.js'

export interface ImportSettings {
  readonly options?: Readonly<Record<string, string>>
  readonly shiftsPositions?: boolean
  readonly headerCase?: (path: string) => Mp3HeaderCase | null
}

export async function importFrom(
  importer: Importer,
  path: string,
  {options = {}, shiftsPositions = true, headerCase = () => null}: ImportSettings = {},
): Promise<Imported> {
  const tracks: ImportedTrack[] = []
  const warnings: {subject: string; message: string}[] = []
  let playlists: readonly PlaylistNode<string>[] = []
  const request = {source: fileAccess(path), audioTags: audioTags(headerCase), shiftsPositions, options}
  for await (const item of importer.import(request, testContext()))
    if (item.kind === 'track') tracks.push(item.track)
    else if (item.kind === 'playlists') playlists = item.nodes
    else warnings.push(item)
  return {tracks, playlists, warnings}
}

/** Writes as `crate export` does, with its backup in `backups`. */
export async function exportTo(
  exporter: Exporter,
  library: LibraryView,
  root: string,
  backups: string,
  request: Partial<ExportRequest> = {},
) {
  const full: ExportRequest = {
    library,
    target: fileAccess(root),
    audioTags: audioTags(),
    canWriteTags: false,
    shiftsPositions: true,
    options: {},
    ...request,
  }
  const context = {...testContext(), databases: databaseAccess()}
  return writePieces(
    exporter.export(full, context),
    {
      formatId: 'test',
      root,
      isDryRun: false,
      backups: backupStore(backups, context.nowMs),
      writtenBefore: {digestOf: () => null, remember: () => undefined},
    },
    {signal: context.signal},
    {update: () => undefined, setTotal: () => undefined, finish: () => undefined},
  )
}

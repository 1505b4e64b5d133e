// Reads a `_Serato_` folder: the track list, the crates, what was played, and the tags inside the audio files.
import {existsSync} from 'node:fs'
import type {Context} from '../../src/api/context.js'
import type {FileAccess, ImportedTrack, Importer, ImportItem, ImportRequest} from '../../src/api/format.js'
import {CrateError} from '../../src/core/errors.js'
import {bareTrack} from '../shared/imported-track.js'
import {type SeratoRecord, streamRecords} from './container.js'
import {type Crate, decodeCrate, encodeCrate} from './crate.js'
import {levelsOfFileName} from './crate-name.js'
import {playlistsOfCrates, type TreeCrate} from './crate-tree.js'
import {DATABASE_FILE, decodeRow, textField} from './database.js'
import {
  absolutePathOf,
  drivePathKey,
  driveRootOption,
  knownDriveRoot,
  SERATO_FOLDER,
  type SeratoPlace,
  seratoPlace,
} from './drive.js'
import {cratesOfOrder, decodeOrder} from './order.js'
import {trackFromRow} from './row-track.js'
import {decodeSession} from './session.js'
import {decodeSmartCrate} from './smart-crate.js'
import {queryOfRules} from './smart-rules.js'
import {withSeratoTags} from './tags/track-tags.js'

/** Audio files that are opened at once for their tags. */
const OPEN_FILES = 8

/** Paths that are looked up on the disk to tell the root of the drive. */
const SAMPLE_PATHS = 50

export const seratoImport: Importer = {
  import: importSerato,
}

async function* importSerato(request: ImportRequest, context: Context): AsyncGenerator<ImportItem> {
  const {source} = request
  const place = seratoPlace(source.resolve(''))
  const names = await source.list(place.prefix)
  const crateFiles = await source.list(`${place.prefix}Subcrates`)
  const hasDatabase = names.includes(DATABASE_FILE)
  if (!hasDatabase && crateFiles.length === 0) throw noLibrary(source)

  const warnings: ImportItem[] = []
  const crates = await readCrates(source, place, crateFiles, warnings)
  const root = await driveRoot(request, place, hasDatabase, crates)
  const lastPlays = await lastPlaysByPath(source, place)
  const known = new Set<string>()
  const finish = async (listed: ImportedTrack): Promise<ImportedTrack> => {
    const {track, warnings: reasons} = await withSeratoTags(listed, request.audioTags, request.shiftsPositions)
    for (const message of reasons) warnings.push({kind: 'warning', subject: track.file.path, message})
    return withLastPlay(track, lastPlays)
  }

  if (hasDatabase)
    for await (const batch of databaseTracks(source, place, root, known, warnings)) {
      context.signal.throwIfAborted()
      for (let at = 0; at < batch.length; at += OPEN_FILES) {
        const tracks = await Promise.all(batch.slice(at, at + OPEN_FILES).map(finish))
        for (const track of tracks) yield {kind: 'track', track}
      }
      context.progress.update(known.size, null)
    }

  for (const path of new Set(crates.flatMap((crate) => crate.refs))) {
    const ref = drivePathKey(path)
    const absolute = absolutePathOf(root, path)
    if (known.has(ref) || absolute === null) continue
    known.add(ref)
    yield {kind: 'track', track: await finish(bareTrack(ref, absolute))}
  }
  yield* warnings
  const order = await source.read(`${place.prefix}neworder.pref`)
  const named = crates.map((crate) => ({...crate, refs: crate.refs.map(drivePathKey).filter((ref) => known.has(ref))}))
  yield {kind: 'playlists', nodes: playlistsOfCrates(named, order === null ? [] : cratesOfOrder(decodeOrder(order)))}
}

function noLibrary(source: FileAccess): CrateError {
  const folder = source.resolve('')
  return new CrateError('FORMAT_INVALID', `${folder} holds no Serato library: no "${DATABASE_FILE}" and no crates`, {
    hints: [`Give the drive or folder that holds "${SERATO_FOLDER}", such as ~/Music or /Volumes/USB.`],
    details: {folder},
  })
}

/** Tracks of `database V2`, batch by batch; `known` collects their names, `warnings` what could not be read. */
async function* databaseTracks(
  source: FileAccess,
  place: SeratoPlace,
  root: string,
  known: Set<string>,
  warnings: ImportItem[],
): AsyncGenerator<ImportedTrack[]> {
  const warn = (subject: string, message: string) => warnings.push({kind: 'warning', subject, message})
  let unreadable = 0
  let repeated = 0
  const trackOf = (record: SeratoRecord): ImportedTrack | null => {
    if (record.tag !== 'otrk') return null
    const row = decodeRow(record.payload)
    const drivePath = row === null ? null : textField(row, 'pfil')
    const path = drivePath === null ? null : absolutePathOf(root, drivePath)
    if (row === null || drivePath === null || path === null) {
      unreadable++
      return null
    }
    const ref = drivePathKey(drivePath)
    if (known.has(ref)) {
      repeated++
      return null
    }
    known.add(ref)
    return trackFromRow(row, ref, path)
  }
  try {
    for await (const records of streamRecords(source.stream(place.prefix + DATABASE_FILE)))
      yield records.map(trackOf).filter((track) => track !== null)
  } catch (error) {
    if (!(error instanceof CrateError) || error.code !== 'FORMAT_INVALID') throw error
    warn(DATABASE_FILE, `${error.message}; ${known.size} tracks before it were read`)
  }
  if (unreadable > 0) warn(DATABASE_FILE, `${unreadable} rows could not be read`)
  if (repeated > 0) warn(DATABASE_FILE, `${repeated} rows name a track that is listed before; the first counts`)
}

async function readCrates(
  source: FileAccess,
  place: SeratoPlace,
  crateFiles: readonly string[],
  warnings: ImportItem[],
): Promise<TreeCrate[]> {
  const crates: TreeCrate[] = []
  const read = async (
    folder: string,
    name: string,
    decode: (bytes: Uint8Array, levels: string[]) => TreeCrate & Pick<Crate, 'brokenAt'>,
  ) => {
    const levels = levelsOfFileName(name, folder === 'Subcrates' ? '.crate' : '.scrate')
    const bytes = levels === null ? null : await source.read(`${place.prefix}${folder}/${name}`)
    if (levels === null || bytes === null) return
    const crate = decode(bytes, levels)
    crates.push(crate)
    if (crate.brokenAt !== null)
      warnings.push({
        kind: 'warning',
        subject: name,
        message: `is damaged at byte ${crate.brokenAt}; ${crate.refs.length} tracks before it were read`,
      })
  }
  for (const name of crateFiles)
    await read('Subcrates', name, (bytes, levels) => {
      const {paths, brokenAt} = decodeCrate(bytes)
      return {levels, refs: paths, smart: null, brokenAt}
    })
  for (const name of await source.list(`${place.prefix}SmartCrates`))
    await read('SmartCrates', name, (bytes, levels) => {
      const smart = decodeSmartCrate(bytes)
      const rules = encodeCrate({records: smart.records.filter(({tag}) => tag !== 'otrk')}).toString('base64')
      return {levels, refs: smart.paths, smart: {query: queryOfRules(smart), rules}, brokenAt: smart.brokenAt}
    })
  return crates
}

/** The root below which the tracks are: as told, as the place tells, or as the files on the disk tell. */
async function driveRoot(
  request: ImportRequest,
  place: SeratoPlace,
  hasDatabase: boolean,
  crates: readonly TreeCrate[],
): Promise<string> {
  const told = driveRootOption(request.options) ?? knownDriveRoot(place.parent)
  if (told !== null) return told
  const sample = crates.flatMap((crate) => crate.refs).slice(0, SAMPLE_PATHS)
  if (hasDatabase) sample.push(...(await firstPaths(request.source, place)))
  const found = (root: string) =>
    sample.filter((path) => {
      const absolute = absolutePathOf(root, path)
      return absolute !== null && existsSync(absolute)
    }).length
  const [below, top] = [found(place.parent), found('/')]
  if (below !== top) return below > top ? place.parent : '/'
  const isHome = sample.some((path) => /^(?:Users|home)\//.test(path))
  return isHome ? '/' : place.parent
}

async function firstPaths(source: FileAccess, place: SeratoPlace): Promise<string[]> {
  try {
    for await (const records of streamRecords(source.stream(place.prefix + DATABASE_FILE))) {
      const rows = records.filter(({tag}) => tag === 'otrk').slice(0, SAMPLE_PATHS)
      if (rows.length > 0) return rows.map(({payload}) => textField(decodeRow(payload) ?? [], 'pfil') ?? '')
    }
  } catch (error) {
    // The damage is told where the whole file is read.
    if (!(error instanceof CrateError)) throw error
  }
  return []
}

/** When each track was last played, by the path as Serato's history has it, seen from the root of the drive. */
async function lastPlaysByPath(source: FileAccess, place: SeratoPlace): Promise<ReadonlyMap<string, number>> {
  const lastPlays = new Map<string, number>()
  const folder = `${place.prefix}History/Sessions`
  for (const name of await source.list(folder)) {
    const bytes = name.endsWith('.session') ? await source.read(`${folder}/${name}`) : null
    if (bytes === null) continue
    for (const {path, startedAtMs, isPlayed} of decodeSession(bytes).plays) {
      if (path === null || startedAtMs === null || !isPlayed) continue
      const key = drivePathKey(
        path
          .replace(/^[A-Za-z]:/, '')
          .replaceAll('\\', '/')
          .replace(/^\/(?:Volumes\/[^/]+\/)?/, ''),
      )
      if (startedAtMs > (lastPlays.get(key) ?? 0)) lastPlays.set(key, startedAtMs)
    }
  }
  return lastPlays
}

function withLastPlay(track: ImportedTrack, lastPlays: ReadonlyMap<string, number>): ImportedTrack {
  const playedAtMs = lastPlays.get(track.ref)
  return playedAtMs === undefined
    ? track
    : {...track, lastPlayedAt: new Date(playedAtMs).toISOString().replace('.000Z', 'Z')}
}

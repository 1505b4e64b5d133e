// Merges the library into `database V2`: rows of our tracks are brought up to date, all others pass through untouched.
import type {Context} from '../../src/api/context.js'
import type {ExportPiece, ExportRequest, FileAccess} from '../../src/api/format.js'
import {CrateError} from '../../src/core/errors.js'
import {encodeRecord, type SeratoRecord, streamRecords} from './container.js'
import {DATABASE_FILE, databaseHead, decodeRow, encodeRow, newRow, type Row, textField, withFields} from './database.js'
import {drivePathKey, type SeratoPlace} from './drive.js'
import type {DriveTracks} from './exporter.js'
import {changesForRow, fieldsOfTrack} from './row-track.js'

const PIECE_BYTES = 1 << 18

export interface PresentRows {
  readonly exists: boolean
  /** What keeps the file from being written; null where it can be read to its end. */
  readonly damage: string | null
  /** Paths as the rows write them, by `drivePathKey`. */
  readonly pathOf: ReadonlyMap<string, string>
}

export async function presentRows(target: FileAccess, place: SeratoPlace): Promise<PresentRows> {
  const pathOf = new Map<string, string>()
  const names = await target.list(place.prefix)
  if (!names.includes(DATABASE_FILE)) return {exists: false, damage: null, pathOf}
  try {
    for await (const records of streamRecords(target.stream(place.prefix + DATABASE_FILE)))
      for (const record of records) {
        const path = pathOfRow(rowOf(record))
        if (path !== null) pathOf.set(drivePathKey(path), path)
      }
  } catch (error) {
    if (!(error instanceof CrateError) || error.code !== 'FORMAT_INVALID') throw error
    return {exists: true, damage: error.message, pathOf}
  }
  return {exists: true, damage: null, pathOf}
}

/** Nothing where no row would change. */
export async function* databasePiece(
  request: ExportRequest,
  context: Context,
  place: SeratoPlace,
  present: PresentRows,
  tracks: DriveTracks,
): AsyncGenerator<ExportPiece> {
  if (present.damage !== null) {
    const message = `is damaged and is left as it is: ${present.damage}`
    yield {kind: 'warning', subject: DATABASE_FILE, message}
    return
  }
  if (!(await hasChanges(request, context, place, present, tracks))) return
  const chunks = joined(databaseRecords(request, context, place, present, tracks))
  yield {kind: 'file', path: place.prefix + DATABASE_FILE, chunks}
}

async function hasChanges(
  request: ExportRequest,
  context: Context,
  place: SeratoPlace,
  present: PresentRows,
  tracks: DriveTracks,
): Promise<boolean> {
  for (const key of tracks.idOf.keys()) if (!present.pathOf.has(key)) return true
  if (!present.exists) return false
  for await (const records of streamRecords(request.target.stream(place.prefix + DATABASE_FILE))) {
    context.signal.throwIfAborted()
    for (const record of records) if ((await changedRow(record, request, tracks)) !== null) return true
  }
  return false
}

async function* databaseRecords(
  request: ExportRequest,
  context: Context,
  place: SeratoPlace,
  present: PresentRows,
  tracks: DriveTracks,
): AsyncGenerator<Buffer> {
  let done = 0
  if (present.exists)
    for await (const records of streamRecords(request.target.stream(place.prefix + DATABASE_FILE))) {
      context.signal.throwIfAborted()
      for (const record of records) {
        const changed = await changedRow(record, request, tracks)
        yield changed === null ? encodeRecord(record) : encodeRow(changed)
        done++
      }
      context.progress.update(done, null, DATABASE_FILE)
    }
  else yield databaseHead()
  const nowMs = context.nowMs()
  for await (const track of request.library.tracks()) {
    const drivePath = tracks.pathOf.get(track.id)
    if (drivePath === undefined) continue
    const key = drivePathKey(drivePath)
    if (present.pathOf.has(key) || tracks.idOf.get(key) !== track.id) continue
    context.signal.throwIfAborted()
    yield encodeRow(newRow(fieldsOfTrack(track, drivePath, nowMs)))
    if (++done % 1000 === 0) context.progress.update(done, null, DATABASE_FILE)
  }
}

/** The row of one of our tracks with what crate knows better; null where it stays as it is. */
async function changedRow(record: SeratoRecord, request: ExportRequest, tracks: DriveTracks): Promise<Row | null> {
  const row = rowOf(record)
  const path = pathOfRow(row)
  const id = path === null ? undefined : tracks.idOf.get(drivePathKey(path))
  if (row === null || id === undefined) return null
  const track = await request.library.track(id)
  const changes = track === null ? null : changesForRow(row, track)
  return changes === null || changes.size === 0 ? null : withFields(row, changes)
}

function rowOf(record: SeratoRecord): Row | null {
  return record.tag === 'otrk' ? decodeRow(record.payload) : null
}

function pathOfRow(row: Row | null): string | null {
  return row === null ? null : textField(row, 'pfil')
}

/** Small buffers in pieces of about 256 kB. */
async function* joined(buffers: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const buffer of buffers) {
    waiting.push(buffer)
    bytes += buffer.length
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

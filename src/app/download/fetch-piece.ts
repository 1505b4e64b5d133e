// One piece on its way: fetched into a folder of its own and delivered, or found to be a list of others.
import {rm} from 'node:fs/promises'
import {type Fetched, fetchLink} from '../../adapters/ytdlp/fetch.js'
import type {PieceFacts} from '../../adapters/ytdlp/protocol.js'
import type {Context} from '../../api/context.js'
import {onOneLine} from '../../core/download/link.js'
import {crateErrorFrom} from '../../core/errors.js'
import type {Registry} from '../../host/registry.js'
import {type Delivered, type DeliverOptions, deliver} from './deliver.js'
import type {DownloadRequest, Piece} from './request.js'
import type {ShownProgress} from './shown-progress.js'
import {openStaging} from './staging.js'

export type FetchedList = Extract<Fetched, {kind: 'list'}>

export interface FetchOptions {
  readonly registry: Registry
  /** Path of yt-dlp. */
  readonly program: string
  readonly request: Pick<DownloadRequest, 'access' | 'maxBytes'>
  readonly delivery: DeliverOptions
  readonly progress: ShownProgress
  contextOf(sourceId: string): Context
}

/**
 * @param attempt from 1
 * @throws what fetching and `deliver` throw; what came half stays for the next try where that can go on with it
 */
export async function fetchPiece(
  piece: Piece,
  attempt: number,
  options: FetchOptions,
): Promise<FetchedList | Delivered> {
  const {delivery, progress} = options
  progress.show(piece.link, {share: null, note: attempt === 1 ? 'opening' : `try ${attempt}`})
  const staging = await openStaging(delivery.folder, piece.link)
  const sweep = () => rm(staging, {recursive: true, force: true})
  const fetched = await fetchInto(staging, piece, options).catch(async (error: unknown) => {
    // A half file of what is not wanted; of anything else it is gone on with.
    if (crateErrorFrom(error).code === 'FORMAT_UNSUPPORTED') await sweep()
    throw error
  })
  if (fetched.kind === 'list') return fetched
  progress.show(piece.link, {share: 1, note: 'tagging'})
  const delivered = await deliver(piece, fetched, delivery).catch(async (error: unknown) => {
    delivery.signal.throwIfAborted()
    // What came whole and is not usable would be offered again as it is.
    if (crateErrorFrom(error).code !== 'DISK_FULL') await sweep()
    throw error
  })
  await sweep()
  return delivered
}

async function fetchInto(
  folder: string,
  piece: Piece,
  {registry, program, request, delivery, progress, contextOf}: FetchOptions,
): Promise<Fetched> {
  if (piece.fetchedBy !== null) {
    const contribution = await registry.find('sources', piece.fetchedBy)
    const source = await contribution.load()
    const path = (await source.fetch?.(piece.link, folder, contextOf(contribution.id))) ?? ''
    const facts = {...NO_FACTS, link: piece.link, title: piece.about.title ?? null}
    return {kind: 'file', path, piece: facts, thumbnail: null}
  }
  return fetchLink({
    program,
    link: piece.link,
    folder,
    signal: delivery.signal,
    access: request.access,
    maxBytes: request.maxBytes,
    onPiece: ({title}) => {
      if (title !== null) progress.show(piece.link, {label: onOneLine(title)})
    },
    onProgress: ({bytes, totalBytes}) =>
      progress.show(piece.link, {
        share: totalBytes === null ? null : Math.min(1, bytes / Math.max(1, totalBytes)),
        note: `${(bytes / 1e6).toFixed(1)} MB`,
      }),
  })
}

/** Sources of plugins tell nothing but the file. */
const NO_FACTS: PieceFacts = {
  id: null,
  isEntry: false,
  extractor: null,
  title: null,
  link: null,
  durationMs: null,
  channel: null,
  isVerified: false,
  artist: null,
  track: null,
  album: null,
  genre: null,
  year: null,
  releaseDate: null,
  isLive: false,
  availability: null,
  viewCount: null,
  codec: null,
  listTitle: null,
}

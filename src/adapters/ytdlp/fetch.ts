// One link through yt-dlp: a file in a folder of its own, or the entries of the list that the link turned out to be.
import {readdir} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {claimFolder, markFolder, releaseFolder} from './claim.js'
import {complaintError, complaintFrom} from './complaints.js'
import type {PieceFacts, TransferProgress} from './protocol.js'
import {runYtDlp} from './run.js'

export interface FetchRequest {
  readonly program: string
  readonly link: string
  /** For this link alone: a file left half in it is gone on with. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly access: AccessOptions
  readonly maxBytes: number
  /** Its page was opened; the transfer comes now. */
  onPiece(piece: PieceFacts): void
  onProgress(progress: TransferProgress): void
}

/** A login of the person's own, as yt-dlp takes it. */
export interface AccessOptions {
  readonly cookiesFile: string | null
  readonly cookiesFromBrowser: string | null
  /** Megabytes a second at most, for slow lines; null for no limit. */
  readonly limitRate: string | null
}

export type Fetched =
  | {readonly kind: 'file'; readonly path: string; readonly piece: PieceFacts; readonly thumbnail: string | null}
  | {readonly kind: 'list'; readonly title: string | null; readonly entries: readonly PieceFacts[]}

/** The best that DJ programs play: they do not know Opus, which services often rank first; else the best there is. */
const FORMATS = 'bestaudio[acodec!^=?opus][ext!=?opus]/bestaudio/best'
/** A stream whose length nobody tells is taken for endless after this. */
const LONGEST_UNTOLD_BYTES = 400_000_000

/**
 * @throws NOT_AVAILABLE, NETWORK_FAILED, FORMAT_UNSUPPORTED, DISK_FULL, TOOL_FAILED with `details.complaint`; ABORTED
 */
export async function fetchLink(request: FetchRequest): Promise<Fetched> {
  const {program, link, folder, signal, access, maxBytes, onPiece, onProgress} = request
  const entries: PieceFacts[] = []
  let piece: PieceFacts | null = null
  let path: string | null = null
  let list: {title: string | null} | null = null
  await claimFolder(folder, signal)
  let mark: Promise<void> = Promise.resolve()
  const {status, errors} = await runYtDlp({
    program,
    targets: [link],
    folder,
    signal,
    onStart: (pid) => {
      // Where the disk is full, the transfer itself will say so.
      mark = markFolder(folder, pid).catch(() => undefined)
    },
    options: [
      '--output=audio.%(ext)s',
      '--output=thumbnail:cover.%(ext)s',
      `--format=${FORMATS}`,
      '--match-filters=!is_live',
      `--max-filesize=${maxBytes}`,
      '--continue',
      '--no-mtime',
      '--retries=3',
      '--fragment-retries=3',
      '--abort-on-unavailable-fragments',
      '--write-thumbnail',
      '--fixup=never',
      ...accessArguments(access),
    ],
    onLine(line) {
      if (line.kind === 'piece' && line.piece.isEntry) entries.push(line.piece)
      else if (line.kind === 'piece') {
        if (line.piece.isLive) throw complaintError('live', link, '')
        piece = line.piece
        onPiece(line.piece)
      } else if (line.kind === 'file') path = resolve(folder, line.path)
      else if (line.kind === 'list') list = line
      else if (line.kind === 'progress') {
        const {bytes, isTotalKnown} = line.progress
        if (bytes > maxBytes || (!isTotalKnown && bytes > LONGEST_UNTOLD_BYTES))
          throw complaintError('too-large', link, '')
        onProgress(line.progress)
      }
    },
  }).finally(async () => {
    await mark
    await releaseFolder(folder)
  })
  const found = list as {title: string | null} | null
  if (path !== null && piece !== null) return {kind: 'file', path, piece, thumbnail: await findThumbnail(folder)}
  if (entries.length > 0 || (found !== null && status === 0))
    return {kind: 'list', title: found?.title ?? entries[0]?.listTitle ?? null, entries}
  const words = errors.join(' ')
  // Skipped without a word: by the filter for live streams before its page is told, by the limit of size after it.
  if (status === 0 && words === '') throw complaintError(piece === null ? 'live' : 'too-large', link, '')
  throw complaintError(complaintFrom(words), link, errors[0] ?? `exit status ${status}`)
}

export interface SearchRequest {
  readonly program: string
  readonly service: 'ytsearch' | 'scsearch'
  readonly words: string
  readonly count: number
  readonly signal: AbortSignal
  readonly access: AccessOptions
}

/** The first results of a search, their pages not opened. @throws as `fetchLink` */
export async function searchPieces({
  program,
  service,
  words,
  count,
  signal,
  access,
}: SearchRequest): Promise<PieceFacts[]> {
  const target = `${service}${count}:${words}`
  const pieces: PieceFacts[] = []
  const {status, errors} = await runYtDlp({
    program,
    targets: [target],
    folder: tmpdir(),
    signal,
    options: ['--skip-download', ...accessArguments(access)],
    onLine: (line) => {
      if (line.kind === 'piece') pieces.push(line.piece)
    },
  })
  if (status !== 0 && pieces.length === 0)
    throw complaintError(complaintFrom(errors.join(' ')), target, errors[0] ?? `exit status ${status}`)
  return pieces
}

function accessArguments({cookiesFile, cookiesFromBrowser, limitRate}: AccessOptions): string[] {
  return [
    ...(cookiesFile === null ? [] : [`--cookies=${resolve(cookiesFile)}`]),
    ...(cookiesFromBrowser === null ? [] : [`--cookies-from-browser=${cookiesFromBrowser}`]),
    ...(limitRate === null ? [] : [`--limit-rate=${limitRate}`]),
  ]
}

async function findThumbnail(folder: string): Promise<string | null> {
  const names = await readdir(folder)
  const name = names.find((one) => /^cover\.(?:jpe?g|png|webp)$/i.test(one))
  return name === undefined ? null : join(folder, name)
}

/** Browsers that yt-dlp reads cookies of; anything else is refused before it reaches a command line. */
export function checkBrowser(name: string): void {
  if (!/^(?:brave|chrome|chromium|edge|firefox|opera|safari|vivaldi)(?:[:+][^\s-][^\s]*)?$/i.test(name))
    throw new CrateError('USAGE', `"${name}" is no browser that yt-dlp can read cookies of`, {
      hints: ['Known are brave, chrome, chromium, edge, firefox, opera, safari, vivaldi.'],
    })
}

// The whole of `crate download`: sources → pieces → files in the folder, each once, and a report of the rest.
import {existsSync} from 'node:fs'
import {mkdir, readdir, rm} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {TARGET_FORMATS, type TargetFormat} from '../../adapters/audio/transcode.js'
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import {FFMPEG, locate} from '../../adapters/programs/find-program.js'
import {type Complaint, isGone, isPassing} from '../../adapters/ytdlp/complaints.js'
import {type Fetched, fetchLink} from '../../adapters/ytdlp/fetch.js'
import {ageWarning, requireYtDlp} from '../../adapters/ytdlp/program.js'
import type {PieceFacts} from '../../adapters/ytdlp/protocol.js'
import type {SourceItem, WantedMusic} from '../../api/source.js'
import type {CrateConfig} from '../../core/config.js'
import {pauseBefore} from '../../core/download/back-off.js'
import {checkTemplate, DEFAULT_TEMPLATE} from '../../core/download/file-name.js'
import {canonicalLink, hostOfLink, parseSearchLink} from '../../core/download/link.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, crateErrorFrom, type ItemFailure, itemFailure} from '../../core/errors.js'
import {createContext} from '../../host/context.js'
import {createRegistry, type Registry} from '../../host/registry.js'
import type {Library} from '../../store/library.js'
import {
  mayBeSearchedAgain,
  mendArchive,
  recordFailure,
  recordNoMatch,
  recordReview,
  reviewItemFrom,
  wantedKey,
} from './archive.js'
import {type DeliverOptions, deliver, STAGING, stagingFolder} from './deliver.js'
import {findVersion} from './find-version.js'
import {createHostQueue, type HostQueue} from './host-queue.js'
import {writeManifest} from './manifest-file.js'
import type {DownloadedTrack, DownloadRequest, DownloadResult, Piece, ReviewItem} from './request.js'

/** Lists that lead to lists: a channel has tabs, a tab has lists. */
const DEEPEST_LIST = 3
/** So often the manifest is brought up to date while it runs. */
const MANIFEST_EVERY = 25

/**
 * @throws TOOL_MISSING, CONFIG_INVALID, USAGE, LIBRARY_BUSY (another download runs), DISK_FULL, ABORTED; what befalls
 *   single pieces is in the result
 */
export async function download(
  environment: Environment,
  library: Library,
  request: DownloadRequest,
): Promise<DownloadResult> {
  const config = await readConfig(environment.configFile)
  const folder = resolve(expandHome(request.folder ?? downloadFolderOf(config)))
  const {acquireLock} = await import('../../store/lock.js')
  const lock = acquireLock(library.folder, 'download', environment.nowMs())
  try {
    const run = await prepareRun(environment, library, config, folder, request)
    return await run.finish()
  } finally {
    lock.release()
  }
}

/** Where downloads go when nobody says: the config's folder, else one beside the first music folder. */
export function downloadFolderOf({downloads, music}: CrateConfig): string {
  if (downloads.folder !== null) return downloads.folder
  const [first] = music
  return first === undefined ? expandHome('~/Music/Downloads') : join(dirname(resolve(first)), 'Downloads')
}

function formatOf(text: string): TargetFormat {
  const format = TARGET_FORMATS.find((one) => one === text)
  if (format === undefined)
    throw new CrateError('CONFIG_INVALID', `"${text}" is no format of downloads`, {
      hints: [`There are: ${TARGET_FORMATS.join(', ')}.`],
    })
  return format
}

async function prepareRun(
  environment: Environment,
  library: Library,
  config: CrateConfig,
  folder: string,
  request: DownloadRequest,
) {
  const template = request.template ?? config.downloads.template ?? DEFAULT_TEMPLATE
  checkTemplate(template)
  const format = request.format ?? formatOf(config.downloads.format ?? 'keep')
  const program = await requireYtDlp(config.tools.ytDlp, environment.dataFolder, environment.nowMs())
  const warning = ageWarning(program)
  if (warning !== null) environment.reporter.warn(warning)
  const ffmpeg = await locate(config.tools.ffmpeg ?? FFMPEG.name)
  try {
    if (!request.isDryRun) await mkdir(folder, {recursive: true})
  } catch (error) {
    throw fileError(error, folder, 'write')
  }
  await mendArchive(library, environment.signal)
  const deliverOptions: DeliverOptions = {
    library,
    folder,
    template,
    format,
    ffmpeg,
    signal: environment.signal,
    takenPaths: new Set(),
    nowMs: environment.nowMs,
  }
  return new DownloadRun(
    environment,
    library,
    createRegistry(environment),
    request,
    folder,
    program.path,
    deliverOptions,
  )
}

/** One run: holds the counts, the queue and what is known of each piece. */
class DownloadRun {
  readonly #environment: Environment
  readonly #library: Library
  readonly #registry: Registry
  readonly #request: DownloadRequest
  readonly #folder: string
  readonly #program: string
  readonly #deliverOptions: DeliverOptions
  readonly #queue: HostQueue
  readonly #task
  readonly #startedMs: number
  /** Links and keys seen in this run. */
  readonly #seen = new Set<string>()
  /** What is being fetched now → percent. */
  readonly #current = new Map<string, string>()
  readonly #tracks: DownloadedTrack[] = []
  readonly #planned: {link: string; title: string | null}[] = []
  readonly #review: ReviewItem[] = []
  readonly #failures: ItemFailure[] = []
  readonly #counts = {listed: 0, fetched: 0, known: 0, duplicates: 0, repeated: 0, gone: 0, newlyGone: 0, done: 0}

  constructor(
    environment: Environment,
    library: Library,
    registry: Registry,
    request: DownloadRequest,
    folder: string,
    program: string,
    deliverOptions: DeliverOptions,
  ) {
    this.#environment = environment
    this.#library = library
    this.#registry = registry
    this.#request = request
    this.#folder = folder
    this.#program = program
    this.#deliverOptions = deliverOptions
    this.#queue = createHostQueue({jobs: request.jobs, perHost: request.jobsPerHost}, environment)
    this.#task = environment.reporter.task('Downloading', null)
    this.#startedMs = environment.nowMs()
  }

  async finish(): Promise<DownloadResult> {
    try {
      for (const {key, wanted, link} of this.#request.chosen)
        if (this.#isFirst(key)) this.#takeChosen(key, wanted, link)
      for (const source of this.#request.sources) await this.#addSource(source)
      await this.#queue.drain()
    } finally {
      this.#task.finish()
      await this.#sweep()
    }
    const manifest = this.#request.isDryRun ? null : await writeManifest(this.#library, this.#folder)
    const {done: _done, newlyGone: _newlyGone, ...counts} = this.#counts
    return {
      folder: this.#folder,
      tracks: this.#tracks,
      planned: this.#planned,
      review: this.#review,
      failures: this.#failures,
      manifest,
      summary: {
        ...counts,
        review: this.#review.length,
        failed: this.#failures.length - this.#counts.newlyGone,
        elapsedMs: this.#environment.nowMs() - this.#startedMs,
      },
    }
  }

  async #addSource(target: string): Promise<void> {
    try {
      const contribution = (await this.#registry.list('sources')).find((one) =>
        one.contribution.takes(target),
      )?.contribution
      if (contribution === undefined)
        throw new CrateError('USAGE', `"${target}" is no link, no list and no search`, {
          hints: ['A search is written ytsearch:"Artist - Title"; a list ends in .txt or .csv.'],
        })
      const source = await contribution.load()
      const context = createContext(this.#environment, contribution.id)
      const fetchedBy = source.fetch === undefined ? null : contribution.id
      for await (const item of source.list(target, context)) this.#addItem(item, fetchedBy)
    } catch (error) {
      this.#environment.signal.throwIfAborted()
      this.#failures.push(itemFailure(target, error))
    }
  }

  #addItem(item: SourceItem, fetchedBy: string | null): void {
    switch (item.kind) {
      case 'link':
        this.#addPiece({link: item.link, about: item.about, list: null, fetchedBy, depth: 0, wantedKey: null})
        return
      case 'wanted':
        this.#addWanted(item.wanted, item.service ?? this.#request.searchService)
        return
      case 'failure':
        this.#failures.push({path: item.subject, code: item.code, message: item.message, hints: []})
    }
  }

  /** True the first time that this key comes in this run. */
  #isFirst(key: string): boolean {
    this.#counts.listed += this.#seen.has(key) ? 0 : 1
    if (this.#seen.has(key)) {
      this.#counts.repeated++
      return false
    }
    this.#seen.add(key)
    this.#showTotal()
    return true
  }

  #addPiece(piece: Piece): void {
    const link =
      piece.fetchedBy === null && parseSearchLink(piece.link) === null ? canonicalLink(piece.link) : piece.link
    if (link === null) {
      this.#failures.push(itemFailure(piece.link, new CrateError('USAGE', 'only http and https links are fetched')))
      return
    }
    if (!this.#isFirst(link)) return
    const known = this.#library.downloads.get(link)
    if (known !== null && this.#isSettled(known.state)) {
      this.#countKnown(known.state)
      return
    }
    const fresh = {...piece, link}
    if (this.#request.isDryRun && parseSearchLink(link) === null && piece.depth > 0) {
      this.#planned.push({link, title: piece.about.title ?? null})
      this.#step()
      return
    }
    this.#enqueue(hostOfLink(link), link, (attempt) => this.#fetchPiece(fresh, attempt))
  }

  #isSettled(state: string): boolean {
    return state === 'done' || (state === 'gone' && !this.#request.retriesAll)
  }

  #countKnown(state: string): void {
    if (state === 'gone') this.#counts.gone++
    else this.#counts.known++
    this.#step()
  }

  #addWanted(wanted: WantedMusic, service: 'ytsearch' | 'scsearch'): void {
    const key = wantedKey(wanted)
    if (!this.#isFirst(key)) return
    const known = this.#library.downloads.get(key)
    if (known !== null && this.#isSettled(known.state)) {
      this.#countKnown(known.state)
      return
    }
    if (known !== null && !this.#request.retriesAll) {
      const review = reviewItemFrom(known)
      if (review !== null) {
        this.#review.push(review)
        this.#step()
        return
      }
      if (!mayBeSearchedAgain(known, this.#environment.nowMs())) {
        this.#failures.push(itemFailure(nameOf(wanted), noMatch(wanted)))
        this.#step()
        return
      }
    }
    this.#enqueue(hostOfLink(`${service}:x`), nameOf(wanted), async () => this.#search(key, wanted, service))
  }

  /** Runs the work with back-off; what fails for good is reported and the rest goes on. */
  #enqueue(host: string, subject: string, work: (attempt: number) => Promise<void>, attempt = 1): void {
    const {signal, reporter} = this.#environment
    this.#queue.add(host, async () => {
      try {
        await work(attempt)
        this.#step()
      } catch (error) {
        signal.throwIfAborted()
        const failure = crateErrorFrom(error)
        const complaint = (failure.details['complaint'] ?? 'other') as Complaint
        const pauseMs = isPassing(complaint)
          ? pauseBefore(attempt + 1, this.#request.firstPauseMs, Math.random())
          : null
        if (pauseMs !== null) {
          if (complaint !== 'network') this.#queue.pause(host, pauseMs)
          reporter.debug(`${subject}: ${failure.message}; again in ${pauseMs} ms`)
          this.#enqueue(host, subject, work, attempt + 1)
          return
        }
        this.#giveUp(subject, failure, complaint)
        if (failure.code === 'DISK_FULL' || failure.code === 'TOOL_MISSING') throw failure
      } finally {
        this.#current.delete(subject)
      }
    })
  }

  #giveUp(subject: string, failure: CrateError, complaint: Complaint): void {
    if (isGone(complaint)) {
      this.#counts.gone++
      this.#counts.newlyGone++
    }
    this.#failures.push(itemFailure(subject, failure))
    if (failure.code !== 'DISK_FULL' && failure.code !== 'TOOL_MISSING' && /^https?:/.test(subject))
      recordFailure(this.#library, subject, failure, isGone(complaint), this.#environment.nowMs())
    this.#step()
  }

  async #search(key: string, wanted: WantedMusic, service: 'ytsearch' | 'scsearch'): Promise<void> {
    const {signal, nowMs} = this.#environment
    this.#show(nameOf(wanted), 'searching')
    const found = await findVersion(wanted, {program: this.#program, service, access: this.#request.access, signal})
    if (found.kind === 'none') {
      recordNoMatch(this.#library, key, wanted, nowMs())
      throw noMatch(wanted)
    }
    if (found.kind === 'doubtful') {
      const item = {key, wanted, candidates: found.candidates}
      recordReview(this.#library, item)
      this.#review.push(item)
      return
    }
    if (this.#request.isDryRun) {
      this.#planned.push({link: found.link, title: found.candidate.title})
      return
    }
    this.#counts.done--
    this.#takeChosen(key, wanted, found.link)
  }

  /** A title whose link is known: fetched like any link, counted with its title. */
  #takeChosen(key: string, wanted: WantedMusic, link: string): void {
    const known = this.#library.downloads.get(link)
    if (known?.state === 'done' || this.#seen.has(link)) {
      if (known?.state === 'done')
        this.#library.downloads.put({...known, link: key, details: {link, isDuplicate: true}})
      this.#counts.known++
      return
    }
    this.#seen.add(link)
    const about = {title: wanted.title, ...(wanted.artist === null ? {} : {artist: wanted.artist})}
    const piece = {link, about, list: null, fetchedBy: null, depth: 0, wantedKey: key}
    this.#enqueue(hostOfLink(link), link, (attempt) => this.#fetchPiece(piece, attempt))
  }

  async #fetchPiece(piece: Piece, attempt: number): Promise<void> {
    const {signal} = this.#environment
    const folder = stagingFolder(this.#folder, piece.link)
    this.#show(piece.link, attempt === 1 ? 'starting' : `try ${attempt}`)
    await mkdir(folder, {recursive: true}).catch((error: unknown) => {
      throw fileError(error, folder, 'write')
    })
    const fetched = await this.#fetchInto(folder, piece)
    if (fetched.kind === 'list') {
      this.#openList(piece, fetched)
      return
    }
    this.#show(piece.link, 'tagging')
    const delivered = await deliver(piece, fetched, this.#deliverOptions).catch(async (error: unknown) => {
      signal.throwIfAborted()
      // What came whole and is not usable would be offered again as it is.
      if (crateErrorFrom(error).code !== 'DISK_FULL') await rm(folder, {recursive: true, force: true})
      throw error
    })
    await rm(folder, {recursive: true, force: true})
    if (delivered.kind === 'duplicate') this.#counts.duplicates++
    else {
      this.#tracks.push(delivered.track)
      this.#counts.fetched++
      if (this.#counts.fetched % MANIFEST_EVERY === 0) await writeManifest(this.#library, this.#folder)
    }
    if (piece.wantedKey !== null) {
      const done = this.#library.downloads.get(piece.link)
      if (done !== null)
        this.#library.downloads.put({...done, link: piece.wantedKey, details: {link: piece.link, isDuplicate: true}})
    }
  }

  async #fetchInto(folder: string, piece: Piece): Promise<Fetched> {
    const {signal} = this.#environment
    if (piece.fetchedBy !== null) {
      const contribution = await this.#registry.find('sources', piece.fetchedBy)
      const source = await contribution.load()
      const path = (await source.fetch?.(piece.link, folder, createContext(this.#environment, contribution.id))) ?? ''
      return {
        kind: 'file',
        path,
        piece: {...NO_FACTS, link: piece.link, title: piece.about.title ?? null},
        thumbnail: null,
      }
    }
    return fetchLink({
      program: this.#program,
      link: piece.link,
      folder,
      signal,
      access: this.#request.access,
      maxBytes: this.#request.maxBytes,
      onProgress: ({bytes, totalBytes}) =>
        this.#show(
          piece.link,
          totalBytes === null
            ? `${Math.round(bytes / 1e5) / 10} MB`
            : `${Math.floor((100 * bytes) / Math.max(1, totalBytes))} %`,
        ),
    })
  }

  #openList(piece: Piece, list: Extract<Fetched, {kind: 'list'}>): void {
    if (piece.depth >= DEEPEST_LIST)
      throw new CrateError('FORMAT_UNSUPPORTED', 'lists within lists within lists are not followed any further')
    if (list.entries.length === 0)
      throw new CrateError('NOT_AVAILABLE', 'the list is empty', {details: {complaint: 'other'}})
    // The list itself is not a piece.
    this.#counts.listed--
    this.#counts.done--
    for (const entry of list.entries) this.#addEntry(entry, piece, list.title)
  }

  #addEntry(entry: PieceFacts, piece: Piece, listTitle: string | null): void {
    const link = entry.link === null ? null : canonicalLink(entry.link)
    if (link === null) {
      this.#failures.push(
        itemFailure(
          `${piece.link}: ${entry.title ?? entry.id ?? 'an entry'}`,
          new CrateError('FORMAT_UNSUPPORTED', 'the entry has no link that can be fetched'),
        ),
      )
      return
    }
    // YouTube lists what is gone under these names; asking for it would only be refused.
    const isGoneEntry = entry.availability === 'private' || /^\[(?:private|deleted) video\]$/i.test(entry.title ?? '')
    if (isGoneEntry && !this.#request.retriesAll) {
      if (!this.#isFirst(link)) return
      const known = this.#library.downloads.get(link)
      if (known?.state === 'done') {
        this.#countKnown('done')
        return
      }
      this.#giveUp(
        link,
        new CrateError('NOT_AVAILABLE', 'it is private or deleted', {details: {complaint: 'private'}}),
        'private',
      )
      return
    }
    const about =
      piece.depth === 0 && Object.keys(piece.about.tags ?? {}).length > 0 ? {tags: piece.about.tags ?? {}} : {}
    const title = this.#request.isDryRun && entry.title !== null ? {title: entry.title} : {}
    this.#addPiece({
      link,
      about: {...about, ...title},
      list: listTitle ?? piece.list,
      fetchedBy: null,
      depth: piece.depth + 1,
      wantedKey: null,
    })
  }

  #step(): void {
    this.#counts.done++
    this.#showTotal()
  }

  #show(subject: string, state: string): void {
    this.#current.set(subject, state)
    this.#showTotal()
  }

  #showTotal(): void {
    this.#task.setTotal(Math.max(this.#counts.listed, 1))
    const note = [...this.#current]
      .slice(0, 4)
      .map(([subject, state]) => `${subject.replace(/^https?:\/\/(?:www\.)?/, '').slice(-32)} ${state}`)
    this.#task.update(this.#counts.done, note.join(' · '))
  }

  /** Empty folders of finished pieces go; halves of unfinished ones stay for the next run. */
  async #sweep(): Promise<void> {
    const staging = join(this.#folder, STAGING)
    if (!existsSync(staging)) return
    const names = await readdir(staging).catch(() => [])
    for (const name of names) {
      const inside = await readdir(join(staging, name)).catch(() => ['?'])
      if (inside.length === 0) await rm(join(staging, name), {recursive: true, force: true})
    }
    if ((await readdir(staging).catch(() => ['?'])).length === 0) await rm(staging, {recursive: true, force: true})
  }
}

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

export function nameOf({artist, title}: WantedMusic): string {
  return artist === null ? title : `${artist} - ${title}`
}

function noMatch(wanted: WantedMusic): CrateError {
  return new CrateError('NOT_AVAILABLE', 'nothing that was found fits', {
    hints: ['Give its link in the list, or look yourself and: crate download LINK'],
    details: {wanted, complaint: 'other'},
  })
}

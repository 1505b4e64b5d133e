// One run of `crate download`: sources → pieces → the queue, each piece fetched once, and what came of it counted.
import {rm} from 'node:fs/promises'
import {type Complaint, isGone} from '../../adapters/ytdlp/complaints.js'
import {type Fetched, fetchLink} from '../../adapters/ytdlp/fetch.js'
import type {PieceFacts} from '../../adapters/ytdlp/protocol.js'
import type {Context} from '../../api/context.js'
import type {SourceItem, WantedMusic} from '../../api/source.js'
import {canonicalLink, hostOfLink, onOneLine, parseSearchLink} from '../../core/download/link.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, crateErrorFrom, type ItemFailure, itemFailure} from '../../core/errors.js'
import {createContext} from '../../host/context.js'
import type {Registry} from '../../host/registry.js'
import type {Download} from '../../store/downloads.js'
import type {Library} from '../../store/library.js'
import {
  isLost,
  mayBeSearchedAgain,
  recordFailure,
  recordNoMatch,
  recordReview,
  reviewItemFrom,
  wantedKey,
} from './archive.js'
import {type DeliverOptions, deliver} from './deliver.js'
import {findVersion} from './find-version.js'
import {writeManifest} from './manifest-file.js'
import {createPatientQueue, type PatientQueue} from './patient-queue.js'
import type {DownloadedTrack, DownloadRequest, DownloadResult, Piece, ReviewItem} from './request.js'
import {createShownProgress, type ShownProgress} from './shown-progress.js'
import {openStaging, sweepStaging} from './staging.js'

/** Lists that lead to lists: a channel has tabs, a tab has lists. */
const DEEPEST_LIST = 3
/** So often the manifest is brought up to date while it runs. */
const MANIFEST_EVERY = 25

/** One run: holds the counts, the queue and what is known of each piece. */
export class DownloadRun {
  readonly #environment: Environment
  readonly #library: Library
  readonly #registry: Registry
  readonly #request: DownloadRequest
  readonly #folder: string
  readonly #program: string
  readonly #deliverOptions: DeliverOptions
  readonly #queue: PatientQueue
  readonly #progress: ShownProgress
  readonly #startedMs: number
  /** One for each kind of source, however many are named. */
  readonly #contexts = new Map<string, Context>()
  /** Links and keys seen in this run. */
  readonly #seen = new Set<string>()
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
    this.#queue = createPatientQueue(request, environment, {
      done: () => this.#step(),
      gaveUp: (subject, failure, complaint) => this.#giveUp(subject, failure, complaint),
      triedOnce: (subject) => this.#progress.hide(subject),
    })
    this.#progress = createShownProgress(environment.reporter.task('Downloading', null))
    this.#startedMs = environment.nowMs()
  }

  async finish(): Promise<DownloadResult> {
    try {
      for (const {key, wanted, link} of this.#request.chosen)
        if (this.#isFirst(key)) this.#takeChosen(key, wanted, link)
      for (const source of this.#request.sources) await this.#addSource(source)
      await this.#queue.drain()
    } finally {
      this.#progress.finish()
      await sweepStaging(this.#folder)
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
      const context = this.#contextOf(contribution.id)
      const fetchedBy = source.fetch === undefined ? null : contribution.id
      for await (const item of source.list(target, context)) this.#addItem(item, fetchedBy)
    } catch (error) {
      this.#environment.signal.throwIfAborted()
      this.#failures.push(itemFailure(target, error))
    }
  }

  #contextOf(id: string): Context {
    const context = this.#contexts.get(id) ?? createContext(this.#environment, id)
    this.#contexts.set(id, context)
    return context
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
    this.#progress.update(this.#counts.done, this.#counts.listed)
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
    if (known !== null && this.#isSettled(known)) {
      this.#countKnown(known.state)
      return
    }
    const fresh = {...piece, link}
    if (this.#request.isDryRun && parseSearchLink(link) === null && piece.depth > 0) {
      this.#planned.push({link, title: piece.about.title ?? null})
      this.#step()
      return
    }
    this.#queue.add(hostOfLink(link), link, (attempt) => this.#fetchPiece(fresh, attempt))
  }

  #isSettled(known: Download): boolean {
    if (known.state === 'done') return !(this.#request.retriesAll && isLost(this.#library, known))
    return known.state === 'gone' && !this.#request.retriesAll
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
    if (known !== null && this.#isSettled(known)) {
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
    this.#queue.add(hostOfLink(`${service}:x`), nameOf(wanted), async () => this.#search(key, wanted, service))
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
    this.#progress.show(nameOf(wanted), {note: 'searching'})
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
    this.#queue.add(hostOfLink(link), link, (attempt) => this.#fetchPiece(piece, attempt))
  }

  async #fetchPiece(piece: Piece, attempt: number): Promise<void> {
    const {signal} = this.#environment
    this.#progress.show(piece.link, {share: null, note: attempt === 1 ? 'opening' : `try ${attempt}`})
    const folder = await openStaging(this.#folder, piece.link)
    const fetched = await this.#fetchInto(folder, piece).catch(async (error: unknown) => {
      // A half file of what is not wanted; of anything else it is gone on with.
      if (crateErrorFrom(error).code === 'FORMAT_UNSUPPORTED') await rm(folder, {recursive: true, force: true})
      throw error
    })
    if (fetched.kind === 'list') {
      this.#openList(piece, fetched)
      return
    }
    this.#progress.show(piece.link, {share: 1, note: 'tagging'})
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
      const path = (await source.fetch?.(piece.link, folder, this.#contextOf(contribution.id))) ?? ''
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
      onPiece: ({title}) => {
        if (title !== null) this.#progress.show(piece.link, {label: onOneLine(title)})
      },
      onProgress: ({bytes, totalBytes}) =>
        this.#progress.show(piece.link, {
          share: totalBytes === null ? null : Math.min(1, bytes / Math.max(1, totalBytes)),
          note: `${(bytes / 1e6).toFixed(1)} MB`,
        }),
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
    this.#progress.update(this.#counts.done, this.#counts.listed)
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

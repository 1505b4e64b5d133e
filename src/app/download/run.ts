// One run of `crate download`: sources → pieces → the queue; what each of them comes to is counted by the tally.
import {type Complaint, isGone} from '../../adapters/ytdlp/complaints.js'
import type {PieceFacts} from '../../adapters/ytdlp/protocol.js'
import type {Context} from '../../api/context.js'
import type {SourceItem, WantedMusic} from '../../api/source.js'
import {canonicalLink, hostOfLink, parseSearchLink} from '../../core/download/link.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, itemFailure} from '../../core/errors.js'
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
import type {DeliverOptions} from './deliver.js'
import {type FetchedList, type FetchOptions, fetchPiece} from './fetch-piece.js'
import {findVersion} from './find-version.js'
import {writeManifest} from './manifest-file.js'
import {createPatientQueue, type PatientQueue} from './patient-queue.js'
import type {DownloadRequest, DownloadResult, Piece} from './request.js'
import {RunTally} from './run-tally.js'
import {createShownProgress, type ShownProgress} from './shown-progress.js'
import {sweepStaging} from './staging.js'

/** Lists that lead to lists: a channel has tabs, a tab has lists. */
const DEEPEST_LIST = 3
/** So often the manifest is brought up to date while it runs. */
const MANIFEST_EVERY = 25

export interface RunParts {
  readonly environment: Environment
  readonly library: Library
  readonly registry: Registry
  readonly request: DownloadRequest
  /** Path of yt-dlp. */
  readonly program: string
  readonly delivery: DeliverOptions
}

export class DownloadRun {
  readonly #parts: RunParts
  readonly #queue: PatientQueue
  readonly #progress: ShownProgress
  readonly #tally: RunTally
  readonly #fetching: FetchOptions
  readonly #startedMs: number
  /** One for each kind of source, however many are named. */
  readonly #contexts = new Map<string, Context>()

  constructor(parts: RunParts) {
    const {environment, registry, request, program, delivery} = parts
    this.#parts = parts
    this.#progress = createShownProgress(environment.reporter.task('Downloading', null))
    this.#tally = new RunTally(this.#progress)
    this.#queue = createPatientQueue(request, environment, {
      done: () => this.#tally.step(),
      gaveUp: (subject, failure, complaint) => this.#giveUp(subject, failure, complaint),
      triedOnce: (subject) => this.#progress.hide(subject),
    })
    const contextOf = (id: string) => this.#contextOf(id)
    this.#fetching = {registry, program, request, delivery, progress: this.#progress, contextOf}
    this.#startedMs = environment.nowMs()
  }

  async finish(): Promise<DownloadResult> {
    const {environment, library, request, delivery} = this.#parts
    const {folder} = delivery
    try {
      for (const {key, wanted, link} of request.chosen)
        if (this.#tally.isFirst(key)) this.#takeChosen(key, wanted, link)
      for (const source of request.sources) await this.#addSource(source)
      await this.#queue.drain()
    } finally {
      this.#progress.finish()
      await sweepStaging(folder)
    }
    const manifest = request.isDryRun ? null : await writeManifest(library, folder)
    return {folder, manifest, ...this.#tally.result(environment.nowMs() - this.#startedMs)}
  }

  async #addSource(target: string): Promise<void> {
    const {environment, registry} = this.#parts
    try {
      const sources = await registry.list('sources')
      const contribution = sources.find((one) => one.contribution.takes(target))?.contribution
      if (contribution === undefined)
        throw new CrateError('USAGE', `"${target}" is no link, no list and no search`, {
          hints: ['A search is written ytsearch:"Artist - Title"; a list ends in .txt or .csv.'],
        })
      const source = await contribution.load()
      const context = this.#contextOf(contribution.id)
      const fetchedBy = source.fetch === undefined ? null : contribution.id
      for await (const item of source.list(target, context)) this.#addItem(item, fetchedBy)
    } catch (error) {
      environment.signal.throwIfAborted()
      this.#tally.failures.push(itemFailure(target, error))
    }
  }

  #contextOf(id: string): Context {
    const context = this.#contexts.get(id) ?? createContext(this.#parts.environment, id)
    this.#contexts.set(id, context)
    return context
  }

  #addItem(item: SourceItem, fetchedBy: string | null): void {
    switch (item.kind) {
      case 'link':
        this.#addPiece({link: item.link, about: item.about, list: null, fetchedBy, depth: 0, wantedKey: null})
        return
      case 'wanted':
        this.#addWanted(item.wanted, item.service ?? this.#parts.request.searchService)
        return
      case 'failure':
        this.#tally.failures.push({path: item.subject, code: item.code, message: item.message, hints: []})
    }
  }

  #addPiece(piece: Piece): void {
    const {library, request} = this.#parts
    const isPlainLink = piece.fetchedBy === null && parseSearchLink(piece.link) === null
    const link = isPlainLink ? canonicalLink(piece.link) : piece.link
    if (link === null) {
      this.#tally.failures.push(
        itemFailure(piece.link, new CrateError('USAGE', 'only http and https links are fetched')),
      )
      return
    }
    if (!this.#tally.isFirst(link) || this.#isSettled(library.downloads.get(link))) return
    if (request.isDryRun && parseSearchLink(link) === null && piece.depth > 0) {
      this.#tally.planned.push({link, title: piece.about.title ?? null})
      this.#tally.step()
      return
    }
    this.#enqueue({...piece, link})
  }

  /** Counts what the archive says for good: it is here, or not to be had. */
  #isSettled(known: Download | null): boolean {
    const {library, request} = this.#parts
    const isDone = known?.state === 'done' && !(request.retriesAll && isLost(library, known))
    const isGoneForGood = known?.state === 'gone' && !request.retriesAll
    if (isDone) this.#tally.known()
    else if (isGoneForGood) this.#tally.gone(false)
    else return false
    this.#tally.step()
    return true
  }

  #enqueue(piece: Piece): void {
    this.#queue.add(hostOfLink(piece.link), piece.link, (attempt) => this.#take(piece, attempt))
  }

  #addWanted(wanted: WantedMusic, service: 'ytsearch' | 'scsearch'): void {
    const {environment, library, request} = this.#parts
    const key = wantedKey(wanted)
    if (!this.#tally.isFirst(key)) return
    const known = library.downloads.get(key)
    if (this.#isSettled(known)) return
    if (known !== null && !request.retriesAll) {
      const review = reviewItemFrom(known)
      if (review !== null || !mayBeSearchedAgain(known, environment.nowMs())) {
        if (review === null) this.#tally.failures.push(itemFailure(nameOf(wanted), noMatch(wanted)))
        else this.#tally.review.push(review)
        this.#tally.step()
        return
      }
    }
    this.#queue.add(hostOfLink(`${service}:x`), nameOf(wanted), async () => this.#search(key, wanted, service))
  }

  #giveUp(subject: string, failure: CrateError, complaint: Complaint): void {
    const {environment, library} = this.#parts
    if (isGone(complaint)) this.#tally.gone(true)
    this.#tally.failures.push(itemFailure(subject, failure))
    if (failure.code !== 'DISK_FULL' && failure.code !== 'TOOL_MISSING' && /^https?:/.test(subject))
      recordFailure(library, subject, failure, isGone(complaint), environment.nowMs())
    this.#tally.step()
  }

  async #search(key: string, wanted: WantedMusic, service: 'ytsearch' | 'scsearch'): Promise<void> {
    const {environment, library, request, program} = this.#parts
    const {signal, nowMs} = environment
    this.#progress.show(nameOf(wanted), {note: 'searching'})
    const found = await findVersion(wanted, {program, service, access: request.access, signal})
    if (found.kind === 'none') {
      recordNoMatch(library, key, wanted, nowMs())
      throw noMatch(wanted)
    }
    if (found.kind === 'doubtful') {
      const item = {key, wanted, candidates: found.candidates}
      recordReview(library, item)
      this.#tally.review.push(item)
      return
    }
    if (request.isDryRun) {
      this.#tally.planned.push({link: found.link, title: found.candidate.title})
      return
    }
    this.#tally.goOn()
    this.#takeChosen(key, wanted, found.link)
  }

  /** A title whose link is known: fetched like any link, counted with its title. */
  #takeChosen(key: string, wanted: WantedMusic, link: string): void {
    const {downloads} = this.#parts.library
    const known = downloads.get(link)
    if (known?.state === 'done') downloads.put({...known, link: key, details: {link, isDuplicate: true}})
    if (known?.state === 'done' || this.#tally.hasCome(link)) {
      this.#tally.known()
      this.#tally.step()
      return
    }
    const about = {title: wanted.title, ...(wanted.artist === null ? {} : {artist: wanted.artist})}
    this.#enqueue({link, about, list: null, fetchedBy: null, depth: 0, wantedKey: key})
  }

  async #take(piece: Piece, attempt: number): Promise<void> {
    const {library, delivery} = this.#parts
    const fetched = await fetchPiece(piece, attempt, this.#fetching)
    if (fetched.kind === 'list') {
      this.#openList(piece, fetched)
      return
    }
    if (fetched.kind === 'duplicate') this.#tally.duplicate()
    else {
      const count = this.#tally.tracks.push(fetched.track)
      if (count % MANIFEST_EVERY === 0) await writeManifest(library, delivery.folder)
    }
    const done = piece.wantedKey === null ? null : library.downloads.get(piece.link)
    if (piece.wantedKey !== null && done !== null)
      library.downloads.put({...done, link: piece.wantedKey, details: {link: piece.link, isDuplicate: true}})
  }

  #openList(piece: Piece, list: FetchedList): void {
    if (piece.depth >= DEEPEST_LIST)
      throw new CrateError('FORMAT_UNSUPPORTED', 'lists within lists within lists are not followed any further')
    if (list.entries.length === 0)
      throw new CrateError('NOT_AVAILABLE', 'the list is empty', {details: {complaint: 'other'}})
    this.#tally.dissolve()
    for (const entry of list.entries) this.#addEntry(entry, piece, list.title)
  }

  #addEntry(entry: PieceFacts, piece: Piece, listTitle: string | null): void {
    const {library, request} = this.#parts
    const link = entry.link === null ? null : canonicalLink(entry.link)
    if (link === null) {
      const name = `${piece.link}: ${entry.title ?? entry.id ?? 'an entry'}`
      const failure = new CrateError('FORMAT_UNSUPPORTED', 'the entry has no link that can be fetched')
      this.#tally.failures.push(itemFailure(name, failure))
      return
    }
    if (isSaidToBeGone(entry) && !request.retriesAll) {
      if (!this.#tally.isFirst(link)) return
      const known = library.downloads.get(link)
      if (known?.state === 'done' && this.#isSettled(known)) return
      const failure = new CrateError('NOT_AVAILABLE', 'it is private or deleted', {details: {complaint: 'private'}})
      this.#giveUp(link, failure, 'private')
      return
    }
    const about =
      piece.depth === 0 && Object.keys(piece.about.tags ?? {}).length > 0 ? {tags: piece.about.tags ?? {}} : {}
    const title = request.isDryRun && entry.title !== null ? {title: entry.title} : {}
    this.#addPiece({
      link,
      about: {...about, ...title},
      list: listTitle ?? piece.list,
      fetchedBy: null,
      depth: piece.depth + 1,
      wantedKey: null,
    })
  }
}

/** YouTube lists what is gone under these names; asking for it would only be refused. */
function isSaidToBeGone({availability, title}: PieceFacts): boolean {
  return availability === 'private' || /^\[(?:private|deleted) video\]$/i.test(title ?? '')
}

function nameOf({artist, title}: WantedMusic): string {
  return artist === null ? title : `${artist} - ${title}`
}

function noMatch(wanted: WantedMusic): CrateError {
  return new CrateError('NOT_AVAILABLE', 'nothing that was found fits', {
    hints: ['Give its link in the list, or look yourself and: crate download LINK'],
    details: {wanted, complaint: 'other'},
  })
}

// What one run of a download came to so far: counted as it goes, shown as a bar, handed over at the end.
import type {ItemFailure} from '../../core/errors.js'
import type {DownloadedTrack, DownloadResult, DownloadSummary, ReviewItem} from './request.js'
import type {ShownProgress} from './shown-progress.js'

export class RunTally {
  readonly tracks: DownloadedTrack[] = []
  readonly planned: {link: string; title: string | null}[] = []
  readonly review: ReviewItem[] = []
  readonly failures: ItemFailure[] = []
  /** Links and keys of titles that came in this run. */
  readonly #seen = new Set<string>()
  readonly #progress: Pick<ShownProgress, 'update'>
  readonly #counts = {listed: 0, known: 0, duplicates: 0, repeated: 0, gone: 0}
  /** Of what is gone, what was found so in this run: it is among the failures, and not one of those that failed. */
  #newlyGone = 0
  #done = 0

  constructor(progress: Pick<ShownProgress, 'update'>) {
    this.#progress = progress
  }

  /** True the first time that this key comes in this run: then it is one more to do. */
  isFirst(key: string): boolean {
    if (this.#seen.has(key)) {
      this.#counts.repeated++
      return false
    }
    this.#seen.add(key)
    this.#counts.listed++
    this.#show()
    return true
  }

  /** Whether a link came before; from now on it did. It is not counted: the title that led to it is. */
  hasCome(link: string): boolean {
    const has = this.#seen.has(link)
    this.#seen.add(link)
    return has
  }

  /** One is settled, whatever came of it. */
  step(): void {
    this.#done++
    this.#show()
  }

  /** One leads to others, and is none itself. */
  dissolve(): void {
    this.#counts.listed--
    this.#done--
  }

  /** One is still to be done under another name: a title whose link was found. */
  goOn(): void {
    this.#done--
  }

  known(): void {
    this.#counts.known++
  }

  duplicate(): void {
    this.#counts.duplicates++
  }

  gone(isNew: boolean): void {
    this.#counts.gone++
    if (isNew) this.#newlyGone++
  }

  result(elapsedMs: number): Pick<DownloadResult, 'tracks' | 'planned' | 'review' | 'failures'> & {
    readonly summary: DownloadSummary
  } {
    const {tracks, planned, review, failures} = this
    const failed = failures.length - this.#newlyGone
    return {
      tracks,
      planned,
      review,
      failures,
      summary: {...this.#counts, fetched: tracks.length, review: review.length, failed, elapsedMs},
    }
  }

  #show(): void {
    this.#progress.update(this.#done, this.#counts.listed)
  }
}

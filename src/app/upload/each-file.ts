// Work on many files of an archive: so many at once, each tried again while that may help, with bars of their own.
import {MOST_TRIES, pauseBefore} from '../../core/download/back-off.js'
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom, type ItemFailure, itemFailure} from '../../core/errors.js'
import {createHostQueue} from '../download/host-queue.js'
import {createShownProgress} from '../download/shown-progress.js'
import type {UploadRequest} from './request.js'

/** @param onBytes how much of this item has passed */
export type Work<T> = (item: T, onBytes: (bytes: number) => void) => Promise<void>

/** @returns what failed for good; the rest is done */
export async function forEachFile<T extends {readonly name: string; readonly sizeBytes: number}>(
  label: string,
  items: readonly T[],
  {signal, nowMs, reporter}: Environment,
  {jobs, firstPauseMs}: UploadRequest,
  work: Work<T>,
): Promise<ItemFailure[]> {
  const queue = createHostQueue({jobs, perHost: jobs}, {signal, nowMs})
  const progress = createShownProgress(reporter.task(label, items.length))
  const failures: ItemFailure[] = []
  let done = 0
  progress.update(done, items.length)
  const add = (item: T, attempt: number) =>
    queue.add('', async () => {
      const {name, sizeBytes} = item
      try {
        progress.show(name, {note: attempt === 1 ? 'checking' : `try ${attempt}`})
        await work(item, (bytes) =>
          progress.show(name, {share: bytes / Math.max(1, sizeBytes), note: `${(bytes / 1e6).toFixed(1)} MB`}),
        )
      } catch (error) {
        signal.throwIfAborted()
        const failure = crateErrorFrom(error, 'NETWORK_FAILED')
        const pauseMs =
          failure.code === 'NETWORK_FAILED' && attempt < MOST_TRIES
            ? pauseBefore(attempt + 1, firstPauseMs, Math.random())
            : null
        if (pauseMs !== null) {
          queue.pause('', pauseMs)
          add(item, attempt + 1)
          return
        }
        failures.push(itemFailure(name, failure))
      } finally {
        progress.hide(name)
      }
      progress.update(++done, items.length)
    })
  for (const item of items) add(item, 1)
  try {
    await queue.drain()
  } finally {
    progress.finish()
  }
  return failures
}

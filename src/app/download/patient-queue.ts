// Work that is tried again while its host is in trouble and given up in the end: patience on top of the plain queue.
import {type Complaint, isOfHost, isPassing} from '../../adapters/ytdlp/complaints.js'
import {ENOUGH_OF_HOST, MOST_TRIES, pauseOfHost} from '../../core/download/back-off.js'
import type {Environment} from '../../core/environment.js'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import {createHostQueue} from './host-queue.js'

export interface PatientQueue {
  /** @param work told which try it is, from 1 */
  add(host: string, subject: string, work: (attempt: number) => Promise<void>): void
  /** Resolves when everything added is done or given up; rejects with DISK_FULL, TOOL_MISSING and ABORTED. */
  drain(): Promise<void>
}

export interface PatientQueueEvents {
  done(): void
  gaveUp(subject: string, failure: CrateError, complaint: Complaint): void
  /** After each try, whatever came of it. */
  triedOnce(subject: string): void
}

export interface PatientQueueOptions {
  readonly jobs: number
  readonly jobsPerHost: number
  /** The first pause of a host that answers with trouble. */
  readonly firstPauseMs: number
}

export function createPatientQueue(
  {jobs, jobsPerHost, firstPauseMs}: PatientQueueOptions,
  {signal, reporter, nowMs}: Environment,
  events: PatientQueueEvents,
): PatientQueue {
  const queue = createHostQueue({jobs, perHost: jobsPerHost}, {signal, nowMs})
  /** Host → answers in a row that pass with time, and what the last of them was. */
  const trouble = new Map<string, {inARow: number; complaint: Complaint}>()

  const pauseHost = (host: string, complaint: Complaint, attempt: number): void => {
    if (!isOfHost(complaint)) return
    const inARow = (trouble.get(host)?.inARow ?? 0) + 1
    trouble.set(host, {inARow, complaint})
    // A broken line is told at once and mends soon; a service that asks for peace gets all of it.
    const pauseMs = firstPauseMs / (complaint === 'network' ? 10 : 1)
    queue.pause(host, pauseOfHost(inARow, attempt + 1, pauseMs, Math.random()))
  }

  const enqueue = (host: string, subject: string, work: (attempt: number) => Promise<void>, attempt: number): void => {
    queue.add(host, async () => {
      try {
        checkPatience(host, trouble.get(host))
        await work(attempt)
        trouble.delete(host)
        events.done()
      } catch (error) {
        signal.throwIfAborted()
        const failure = crateErrorFrom(error)
        const complaint = (failure.details['complaint'] ?? 'other') as Complaint
        const isLeft = failure.details['isLeft'] === true
        if (!isPassing(complaint) && complaint !== 'other') trouble.delete(host)
        if (!isLeft && isPassing(complaint) && attempt < MOST_TRIES) {
          pauseHost(host, complaint, attempt)
          reporter.debug(`${subject}: ${failure.message}; again, try ${attempt + 1}`)
          enqueue(host, subject, work, attempt + 1)
          return
        }
        events.gaveUp(subject, failure, complaint)
        if (failure.code === 'DISK_FULL' || failure.code === 'TOOL_MISSING') throw failure
      } finally {
        events.triedOnce(subject)
      }
    })
  }
  return {add: (host, subject, work) => enqueue(host, subject, work, 1), drain: () => queue.drain()}
}

/** @throws NETWORK_FAILED where the host has given nothing but trouble for long: a list of thousands would wait for days */
function checkPatience(host: string, trouble: {inARow: number; complaint: Complaint} | undefined): void {
  if (trouble === undefined) return
  const {inARow, complaint} = trouble
  const enough = complaint === 'rate' || complaint === 'server' ? ENOUGH_OF_HOST[complaint] : ENOUGH_OF_HOST.network
  if (inARow < enough) return
  throw new CrateError('NETWORK_FAILED', `not asked for: ${host} has answered nothing else ${inARow} times in a row`, {
    hints: ['Run the command again later; what is done stays done.'],
    details: {complaint, isLeft: true},
  })
}

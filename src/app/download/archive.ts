// What was fetched, asked for, given up: read in bulk, written as each piece is settled.
import {existsSync} from 'node:fs'
import {identifyAudioFile} from '../../adapters/audio/read-audio.js'
import type {WantedMusic} from '../../api/source.js'
import {plainText} from '../../core/download/plain-text.js'
import {crateErrorFrom, type ErrorCode} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'
import type {Download} from '../../store/downloads.js'
import type {Library} from '../../store/library.js'
import type {ReviewCandidate, ReviewItem} from './request.js'

/** A title that nothing was found for is searched for again after this. */
const SEARCH_AGAIN_AFTER_MS = 24 * 3_600_000

/** The archive key of a title: the same words in any spelling of case and accents, and the same length, are one. */
export function wantedKey({artist, title, durationMs}: WantedMusic): string {
  const length = durationMs === null ? '' : ` ${Math.round(durationMs / 1000)}s`
  return `wanted:${plainText(artist ?? '')} - ${plainText(title)}${length}`
}

/**
 * Finishes what a killed run had begun: a file that was put in its place and not yet marked is marked now, anything
 * else is forgotten and will be fetched.
 */
export async function mendArchive({downloads}: Library, signal: AbortSignal): Promise<void> {
  for (const download of downloads.list('wanted')) {
    const {path, audioHash, link} = download
    const isThere = path !== null && existsSync(path) && (await isAudio(path, audioHash, signal))
    if (isThere) downloads.put({...download, state: 'done'})
    else downloads.remove(link)
  }
}

async function isAudio(path: string, audioHash: string | null, signal: AbortSignal): Promise<boolean> {
  try {
    return (await identifyAudioFile(path, signal)).audioHash === audioHash
  } catch {
    signal.throwIfAborted()
    return false
  }
}

/** Where this audio is already: in the library, or fetched before; null where it is new. */
export function placeOfAudio({downloads, tracks}: Library, audioHash: string): string | null {
  const paths = [
    ...tracks.byAudioHash(audioHash).map(({file}) => file.path),
    ...downloads.byAudioHash(audioHash).flatMap(({path, state}) => (state === 'done' && path !== null ? [path] : [])),
  ]
  return paths.find((path) => existsSync(path)) ?? null
}

/** Fetched once, and neither its file nor the same audio elsewhere is left. */
export function isLost(library: Library, {state, path, audioHash}: Download): boolean {
  if (state !== 'done' || audioHash === null || (path !== null && existsSync(path))) return false
  return placeOfAudio(library, audioHash) === null
}

export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly complaint: string
}

export function recordFailure(
  {downloads}: Library,
  link: string,
  error: unknown,
  isGone: boolean,
  nowMs: number,
): void {
  const {code, message, details} = crateErrorFrom(error)
  const complaint = typeof details['complaint'] === 'string' ? details['complaint'] : 'other'
  downloads.put({
    link,
    state: isGone ? 'gone' : 'failed',
    audioHash: null,
    path: null,
    details: {code, message, complaint, triedAtMs: nowMs},
  })
}

export function recordReview({downloads}: Library, item: ReviewItem): void {
  const details = JSON.parse(JSON.stringify(item)) as Record<string, JsonValue>
  downloads.put({link: item.key, state: 'review', audioHash: null, path: null, details})
}

/** Null where the record is not of a review, or of another version of crate. */
export function reviewItemFrom({state, details, link}: Download): ReviewItem | null {
  if (state !== 'review' || !Array.isArray(details['candidates'])) return null
  return {
    key: link,
    wanted: details['wanted'] as unknown as WantedMusic,
    candidates: details['candidates'] as unknown as readonly ReviewCandidate[],
  }
}

export function recordNoMatch({downloads}: Library, key: string, wanted: WantedMusic, nowMs: number): void {
  downloads.put({
    link: key,
    state: 'failed',
    audioHash: null,
    path: null,
    details: {reason: 'no-match', wanted: {...wanted}, triedAtMs: nowMs},
  })
}

export function mayBeSearchedAgain({details}: Download, nowMs: number): boolean {
  const triedAtMs = details['triedAtMs']
  return details['reason'] !== 'no-match' || typeof triedAtMs !== 'number' || nowMs - triedAtMs > SEARCH_AGAIN_AFTER_MS
}

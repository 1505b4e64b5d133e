// What `crate download` is asked for, and what came of it.

import type {TargetFormat} from '../../adapters/audio/transcode.js'
import type {AccessOptions} from '../../adapters/ytdlp/fetch.js'
import type {WantedMusic} from '../../api/source.js'
import type {MatchReason} from '../../core/download/candidate.js'
import type {ItemFailure} from '../../core/errors.js'
import type {Tags} from '../../core/track.js'

export interface DownloadRequest {
  readonly sources: readonly string[]
  /** What the person chose from the review list. */
  readonly chosen: readonly Choice[]
  /** Null means the config's. */
  readonly folder: string | null
  readonly format: TargetFormat | null
  readonly template: string | null
  readonly jobs: number
  readonly jobsPerHost: number
  readonly searchService: 'ytsearch' | 'scsearch'
  readonly access: AccessOptions
  readonly maxBytes: number
  /** Before the second try after a 429 or 5xx; doubles with each. */
  readonly firstPauseMs: number
  /** Try again what was given up or is gone. */
  readonly retriesAll: boolean
  /** Search and match, fetch nothing. */
  readonly isDryRun: boolean
}

/** One piece that shall become a file. */
export interface Piece {
  /** Canonical link. */
  readonly link: string
  /** What lists say of it; it wins over what the service says. */
  readonly about: Partial<WantedMusic> & {readonly tags?: Partial<Tags>}
  /** Name of the list that it came from. */
  readonly list: string | null
  /** Id of the plugin source that fetches it; null for yt-dlp. */
  readonly fetchedBy: string | null
  /** Lists within lists that led here. */
  readonly depth: number
  /** Archive key of the title that was searched for; null where a link was given. */
  readonly wantedKey: string | null
}

export interface DownloadedTrack {
  readonly link: string
  readonly path: string
  readonly title: string
  readonly artist: string | null
  readonly durationMs: number | null
}

export interface ReviewItem {
  readonly key: string
  readonly wanted: WantedMusic
  readonly candidates: readonly ReviewCandidate[]
}

export interface Choice {
  /** Archive key of the review item. */
  readonly key: string
  readonly wanted: WantedMusic
  readonly link: string
}

export interface ReviewCandidate {
  readonly link: string
  readonly title: string
  readonly channel: string | null
  readonly durationMs: number | null
  readonly score: number
  readonly reasons: readonly MatchReason[]
}

export interface DownloadSummary {
  /** Different pieces that the sources name. */
  readonly listed: number
  readonly fetched: number
  /** Already in the archive. */
  readonly known: number
  /** Fetched, and found to be audio that is there already. */
  readonly duplicates: number
  /** Listed more than once. */
  readonly repeated: number
  readonly review: number
  /** Private, removed or protected: not asked for again. */
  readonly gone: number
  readonly failed: number
  readonly elapsedMs: number
}

export interface DownloadResult {
  readonly folder: string
  readonly tracks: readonly DownloadedTrack[]
  /** With --dry-run: what would be fetched. */
  readonly planned: readonly {readonly link: string; readonly title: string | null}[]
  readonly review: readonly ReviewItem[]
  readonly failures: readonly ItemFailure[]
  readonly manifest: string | null
  readonly summary: DownloadSummary
}

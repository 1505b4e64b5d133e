// Sources: what a person points at (a link, a list, a feed) → the pieces of music in it.
import type {ErrorCode} from '../core/errors.js'
import type {Tags} from '../core/track.js'
import type {Context} from './context.js'
import type {Contribution} from './contribution.js'

/** A piece as a list names it; what it does not say is null. */
export interface WantedMusic {
  readonly artist: string | null
  /** With its version, as written: "Glue (Bicep Remix)". */
  readonly title: string
  readonly durationMs: number | null
}

export type SourceItem =
  | {
      /** One piece, or a list that is opened in turn. http and https only, except where the source itself fetches. */
      readonly kind: 'link'
      readonly link: string
      /** What the source says of it; it wins over what the service says. */
      readonly about: Partial<WantedMusic> & {readonly tags?: Partial<Tags>}
    }
  | {
      /** Searched for, scored, and fetched only where the right version is sure. */
      readonly kind: 'wanted'
      readonly wanted: WantedMusic
      /** Where to search; null for the person's choice. */
      readonly service: 'ytsearch' | 'scsearch' | null
    }
  /** An entry that cannot be used; the others are. */
  | {readonly kind: 'failure'; readonly subject: string; readonly code: ErrorCode; readonly message: string}

export interface Source {
  /**
   * The pieces, as they become known; memory stays bounded while they are taken.
   *
   * @param target as the person wrote it
   * @throws FILE_NOT_FOUND, FILE_UNREADABLE, FORMAT_INVALID, NETWORK_FAILED where there is no list at all
   */
  list(target: string, context: Context): AsyncIterable<SourceItem>
  /**
   * Fetches one of its links into an empty folder and returns the file's path; yt-dlp does it where this is absent.
   * A file that is left there half is offered again in the same folder. crate checks, converts, tags and files it.
   *
   * @throws NOT_AVAILABLE for good, NETWORK_FAILED where another try may help
   */
  fetch?(link: string, folder: string, context: Context): Promise<string>
}

export interface SourceContribution extends Contribution<Source> {
  /** Whether it takes what the person wrote; looks at the text alone. The first source that says yes gets it. */
  takes(target: string): boolean
}

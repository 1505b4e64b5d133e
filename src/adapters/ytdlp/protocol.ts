// What crate has yt-dlp print: one JSON object per line, so that nothing is guessed from text meant for people.

/** Fields that are asked of yt-dlp; the names are its own (README, "OUTPUT TEMPLATE"). */
const FIELDS = [
  'id',
  '_type',
  'ie_key',
  'extractor_key',
  'title',
  'url',
  'webpage_url',
  'original_url',
  'duration',
  'channel',
  'uploader',
  'channel_is_verified',
  'artist',
  'artists',
  'track',
  'album',
  'genre',
  'genres',
  'release_year',
  'release_date',
  'upload_date',
  'live_status',
  'is_live',
  'availability',
  'view_count',
  'acodec',
  'ext',
  'playlist_id',
  'playlist_title',
  'playlist_index',
].join(',')

const PROGRESS = 'status,downloaded_bytes,total_bytes,total_bytes_estimate'

export const PRINT_ARGUMENTS: readonly string[] = [
  '--print',
  `video:{"crate":"piece","value":%(.{${FIELDS}})j}`,
  '--print',
  'after_move:{"crate":"file","value":%(.{id,filepath})j}',
  '--print',
  'playlist:{"crate":"list","value":%(.{id,title,playlist_count,webpage_url,original_url})j}',
  '--progress-template',
  `download:{"crate":"progress","value":%(progress.{${PROGRESS}})j}`,
]

/** A piece as yt-dlp describes it; of an entry in a list that was not opened, most is null. */
export interface PieceFacts {
  readonly id: string | null
  /** An entry of a list, whose own page was not opened. */
  readonly isEntry: boolean
  readonly extractor: string | null
  readonly title: string | null
  /** Its page; of an entry the link to open. */
  readonly link: string | null
  readonly durationMs: number | null
  readonly channel: string | null
  readonly isVerified: boolean
  readonly artist: string | null
  readonly track: string | null
  readonly album: string | null
  readonly genre: string | null
  readonly year: number | null
  /** ISO 8601. */
  readonly releaseDate: string | null
  readonly isLive: boolean
  /** `private`, `subscriber_only`, `needs_auth`, `public`, … as yt-dlp says it. */
  readonly availability: string | null
  readonly viewCount: number | null
  readonly codec: string | null
  readonly listTitle: string | null
}

export interface TransferProgress {
  readonly isFinished: boolean
  readonly bytes: number
  readonly totalBytes: number | null
  /** The server told the length; else it is an estimate or nothing. */
  readonly isTotalKnown: boolean
}

export type ProtocolLine =
  | {readonly kind: 'piece'; readonly piece: PieceFacts}
  | {readonly kind: 'file'; readonly path: string}
  | {readonly kind: 'list'; readonly id: string | null; readonly title: string | null; readonly count: number | null}
  | {readonly kind: 'progress'; readonly progress: TransferProgress}
  /** Not ours: text for people. */
  | {readonly kind: 'text'; readonly text: string}

export function parseProtocolLine(line: string): ProtocolLine {
  const text = {kind: 'text', text: line} as const
  if (!line.startsWith('{"crate":')) return text
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return text
  }
  const {crate, value} = parsed as {crate?: unknown; value?: unknown}
  if (typeof value !== 'object' || value === null) return text
  const fields = value as Record<string, unknown>
  switch (crate) {
    case 'piece':
      return {kind: 'piece', piece: pieceFrom(fields)}
    case 'file':
      return typeof fields['filepath'] === 'string' ? {kind: 'file', path: fields['filepath']} : text
    case 'list':
      return {
        kind: 'list',
        id: string(fields['id']),
        title: string(fields['title']),
        count: number(fields['playlist_count']),
      }
    case 'progress':
      return {kind: 'progress', progress: progressFrom(fields)}
    default:
      return text
  }
}

function progressFrom(fields: Record<string, unknown>): TransferProgress {
  const total = number(fields['total_bytes'])
  return {
    isFinished: fields['status'] === 'finished',
    bytes: number(fields['downloaded_bytes']) ?? total ?? 0,
    totalBytes: total ?? number(fields['total_bytes_estimate']),
    isTotalKnown: total !== null,
  }
}

function pieceFrom(fields: Record<string, unknown>): PieceFacts {
  const durationSeconds = number(fields['duration'])
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(string(fields['release_date']) ?? '')
  const isEntry = fields['_type'] === 'url' || fields['_type'] === 'url_transparent'
  return {
    id: string(fields['id']),
    isEntry,
    extractor: string(fields['ie_key']) ?? string(fields['extractor_key']),
    title: string(fields['title']),
    link: (isEntry ? string(fields['url']) : null) ?? string(fields['webpage_url']) ?? string(fields['original_url']),
    durationMs: durationSeconds === null ? null : Math.round(durationSeconds * 1000),
    channel: string(fields['channel']) ?? string(fields['uploader']),
    isVerified: fields['channel_is_verified'] === true,
    artist: string(fields['artist']) ?? joined(fields['artists']),
    track: string(fields['track']),
    album: string(fields['album']),
    genre: string(fields['genre']) ?? joined(fields['genres']),
    year: number(fields['release_year']),
    releaseDate: date === null ? null : `${date[1]}-${date[2]}-${date[3]}`,
    isLive:
      fields['is_live'] === true || fields['live_status'] === 'is_live' || fields['live_status'] === 'is_upcoming',
    availability: string(fields['availability']),
    viewCount: number(fields['view_count']),
    codec: string(fields['acodec']),
    listTitle: string(fields['playlist_title']),
  }
}

function string(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' && value !== 'NA' ? value : null
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function joined(value: unknown): string | null {
  return Array.isArray(value) ? string(value.filter((one) => typeof one === 'string').join(', ')) : null
}

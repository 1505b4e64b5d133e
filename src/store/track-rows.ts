// From rows of the database to the Track that the rest of crate sees: a person's word first, then analysis, then tags.
import {type BeatGrid, mainTempoBpm} from '../core/beat-grid.js'
import {type Cue, isMadeByPerson, mergeCues, type Origin} from '../core/cue.js'
import type {Extras} from '../core/json.js'
import {keyFromIndex, type MusicalKey, parseKey} from '../core/key.js'
import {
  type AudioFile,
  type AudioFormat,
  EMPTY_TAGS,
  type Mp3HeaderCase,
  type Tags,
  type Track,
  type TrackAnalysis,
  type TrackId,
} from '../core/track.js'

export const BUILT_IN_ANALYZER = 'crate'

const TAG_COLUMNS = {
  title: 'title',
  artist: 'artist',
  album: 'album',
  albumArtist: 'album_artist',
  genre: 'genre',
  comment: 'comment',
  label: 'label',
  remixer: 'remixer',
  composer: 'composer',
  producer: 'producer',
  grouping: 'grouping',
  mix: 'mix',
  catalogNumber: 'catalog_number',
  isrc: 'isrc',
  year: 'year',
  releaseDate: 'release_date',
  trackNumber: 'track_number',
  trackTotal: 'track_total',
  discNumber: 'disc_number',
  tempoBpm: 'tempo_bpm',
  key: 'key',
} as const satisfies Record<keyof Tags, string>

const TAG_NAMES = Object.keys(TAG_COLUMNS) as (keyof Tags)[]

export const TAG_COLUMN_LIST = Object.values(TAG_COLUMNS).join(', ')

/** In the order of TAG_COLUMN_LIST. */
export function tagValues(tags: Tags): (string | number | null)[] {
  return TAG_NAMES.map((name) => tags[name])
}

/** Every column of a track; tags are prefixed with `tag_`, as some names stand in both. */
export const SELECT_TRACK = `
  SELECT t.row, t.id, t.path, t.size_bytes, t.modified_at_ms, t.audio_hash, t.missing_since_ms, t.format, t.duration_ms,
    t.sample_rate_hz, t.channels, t.bit_depth, t.bit_rate_kbps, t.mp3_header_case,
    ${Object.values(TAG_COLUMNS)
      .map((column) => `g.${column} AS tag_${column}`)
      .join(', ')},
    m.rating_stars, m.color_rgb, m.tempo_bpm, m.tempo_origin, m.key_index, m.key_origin, m.grid, m.grid_origin,
    m.is_grid_locked, m.cues, m.play_count, m.last_played_at, m.added_at, m.extras, m.tag_fills, m.tag_edits,
    a.fields AS analysis,
    (SELECT json_group_array(json(x.fields)) FROM analyses x
      WHERE x.audio_hash = t.audio_hash AND x.analyzer <> '${BUILT_IN_ANALYZER}') AS other_analyses
  FROM tracks t
  JOIN tags g ON g.track_row = t.row
  JOIN marks m ON m.track_row = t.row
  LEFT JOIN analyses a ON a.audio_hash = t.audio_hash AND a.analyzer = '${BUILT_IN_ANALYZER}'`

/** Made once: a text put together for each of a hundred thousand rows would take as long as reading them. */
const ROW_NAMES = Object.fromEntries(TAG_NAMES.map((name) => [name, `tag_${TAG_COLUMNS[name]}`])) as {
  readonly [Name in keyof Tags]: `tag_${(typeof TAG_COLUMNS)[Name]}`
}

type TagRow = {readonly [Name in keyof Tags as `tag_${(typeof TAG_COLUMNS)[Name]}`]: Tags[Name]}

export interface TrackRow extends TagRow {
  readonly row: number
  readonly id: TrackId
  readonly path: string
  readonly size_bytes: number | null
  readonly modified_at_ms: number | null
  readonly audio_hash: string | null
  readonly missing_since_ms: number | null
  readonly format: AudioFormat | null
  readonly duration_ms: number | null
  readonly sample_rate_hz: number | null
  readonly channels: number | null
  readonly bit_depth: number | null
  readonly bit_rate_kbps: number | null
  readonly mp3_header_case: Mp3HeaderCase | null
  readonly rating_stars: number | null
  readonly color_rgb: number | null
  readonly tempo_bpm: number | null
  readonly tempo_origin: Origin | null
  readonly key_index: number | null
  readonly key_origin: Origin | null
  readonly grid: string | null
  readonly grid_origin: Origin | null
  readonly is_grid_locked: number
  readonly cues: string
  readonly play_count: number
  readonly last_played_at: string | null
  readonly added_at: string | null
  readonly extras: string
  readonly tag_fills: string
  readonly tag_edits: string
  readonly analysis: string | null
  readonly other_analyses: string
}

export function trackFromRow(row: TrackRow): Track {
  const tags = tagsFromRow(row)
  const analysis = analysisFromRow(row)
  const ownGrid = row.grid === null ? null : (JSON.parse(row.grid) as BeatGrid)
  const ownCues = row.cues === '[]' ? [] : (JSON.parse(row.cues) as Cue[])
  const beatGrid = ownGrid ?? analysis?.beatGrid ?? []
  const gridOrigin = ownGrid === null ? (beatGrid.length > 0 ? 'analysis' : null) : row.grid_origin
  return {
    id: row.id,
    file: fileFromRow(row),
    audioHash: row.audio_hash,
    tags,
    tempoBpm: tempoOf(row, ownGrid, analysis, tags),
    key: keyOf(row, analysis, tags),
    beatGrid,
    gridOrigin,
    isGridLocked: row.is_grid_locked === 1,
    cues: mergeCues(ownCues, analysis?.cues ?? []),
    analysis,
    ratingStars: row.rating_stars,
    colorRgb: row.color_rgb,
    playCount: row.play_count,
    lastPlayedAt: row.last_played_at,
    addedAt: row.added_at,
    extras: row.extras === '{}' ? {} : (JSON.parse(row.extras) as Extras),
  }
}

function fileFromRow(row: TrackRow): AudioFile {
  return {
    path: row.path,
    sizeBytes: row.size_bytes,
    modifiedAtMs: row.modified_at_ms,
    format: row.format,
    durationMs: row.duration_ms,
    sampleRateHz: row.sample_rate_hz,
    channels: row.channels,
    bitDepth: row.bit_depth,
    bitRateKbps: row.bit_rate_kbps,
    mp3HeaderCase: row.mp3_header_case,
  }
}

/** The file's own tags, before imports and edits. */
export function fileTagsFromRow(row: TrackRow): Tags {
  return tagsWith((name) => row[ROW_NAMES[name]])
}

function tagsWith(of: (name: keyof Tags) => Tags[keyof Tags]): Tags {
  const tags: Record<keyof Tags, Tags[keyof Tags]> = {...EMPTY_TAGS}
  for (const name of TAG_NAMES) tags[name] = of(name)
  return tags as Tags
}

function tagsFromRow(row: TrackRow): Tags {
  return layeredTags(fileTagsFromRow(row), row.tag_fills, row.tag_edits)
}

/** What a person edited stands for what the file says, and imports fill what it leaves empty; both as JSON. */
export function layeredTags<Name extends keyof Tags>(
  tags: Pick<Tags, Name>,
  fillsJson: string,
  editsJson: string,
): Pick<Tags, Name> {
  if (fillsJson === '{}' && editsJson === '{}') return tags
  const fills = JSON.parse(fillsJson) as Partial<Tags>
  const edits = JSON.parse(editsJson) as Partial<Tags>
  const layered = {...tags}
  for (const name of Object.keys(tags) as Name[])
    layered[name] = (name in edits ? edits[name] : (tags[name] ?? fills[name] ?? null)) as Tags[Name]
  return layered
}

/** Analysers of plugins replace the fields that they fill; they add nothing where crate's own analysis never ran. */
function analysisFromRow(row: TrackRow): TrackAnalysis | null {
  if (row.analysis === null) return null
  const own = JSON.parse(row.analysis) as TrackAnalysis
  if (row.other_analyses === '[]') return own
  return Object.assign({}, own, ...(JSON.parse(row.other_analyses) as Partial<TrackAnalysis>[]))
}

/** What the DJ set here or a program said of its own grid, the grid that a person made, what another program said, analysis; tags only before analysis. */
function tempoOf(row: TrackRow, ownGrid: BeatGrid | null, analysis: TrackAnalysis | null, tags: Tags): number | null {
  const isOfGrid = row.tempo_origin !== null && row.tempo_origin === row.grid_origin
  if (row.tempo_bpm !== null && (row.tempo_origin === 'user' || isOfGrid)) return row.tempo_bpm
  if (ownGrid !== null && isMadeByPerson(row.grid_origin)) {
    const tempoBpm = mainTempoBpm(ownGrid, row.duration_ms ?? 0)
    if (tempoBpm !== null) return tempoBpm
  }
  if (row.tempo_bpm !== null) return row.tempo_bpm
  return analysis === null ? tags.tempoBpm : analysis.tempoBpm
}

function keyOf(row: TrackRow, analysis: TrackAnalysis | null, tags: Tags): MusicalKey | null {
  if (row.key_index !== null) return keyFromIndex(row.key_index)
  if (analysis === null) return tags.key === null ? null : parseKey(tags.key)
  return analysis.key === null ? null : {tonic: analysis.key.tonic, mode: analysis.key.mode}
}

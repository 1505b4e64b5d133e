// Compiles a parsed query to SQL over track_index (alias i); it must mean what `matchesQuery` of the core means.
import type {QueryField, TextField} from '../core/query/fields.js'
import {matchesText} from '../core/query/match.js'
import type {Predicate, Query, Sort, Term, TextMatch} from '../core/query/query.js'
import type {SqlValue} from './sqlite.js'

export interface SqlPart {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** Rows of the playlists of which the path (`Folder/List`) fulfils a test. */
export type PlaylistRows = (isWanted: (path: string) => boolean) => readonly number[]

/** Where the text of a field stands as written: folded columns cannot serve regular expressions. */
const WRITTEN: Readonly<Record<string, string>> = {
  albumartist: 'g.album_artist',
  catalog: 'g.catalog_number',
  path: 't.path',
}

export function columnOf(field: Pick<QueryField, 'name'>): string {
  return `i."${field.name}"`
}

/** A boolean expression; true for an empty query. */
export function whereFromQuery(query: Query, playlistRows: PlaylistRows): SqlPart {
  const alternatives = query.alternatives.map((terms) =>
    joinParts(
      terms.map((term) => fromTerm(term, playlistRows)),
      ' AND ',
      'TRUE',
    ),
  )
  return joinParts(alternatives, ' OR ', 'TRUE')
}

/** Ends with the order of addition, so that the order is always the same. */
export function orderFromSorts(sorts: readonly Sort[]): string {
  const terms = sorts.map(({field, isDescending}) => {
    const value = field.kind === 'text' ? `nullif(${columnOf(field)}, '')` : columnOf(field)
    return `${value} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST`
  })
  return [...terms, 'i.track_row'].join(', ')
}

/** Joins for the tables beside track_index that an expression of this file names: tracks (t) and tags (g). */
export function joinsFor(sql: string): string {
  // CROSS JOIN keeps SQLite from starting with the wide tables.
  const tracks = /\bt\./.test(sql) ? 'CROSS JOIN tracks t ON t.row = i.track_row' : ''
  const tags = /\bg\./.test(sql) ? 'CROSS JOIN tags g ON g.track_row = i.track_row' : ''
  return `${tracks} ${tags}`
}

function joinParts(parts: readonly SqlPart[], operator: string, empty: string): SqlPart {
  if (parts.length === 0) return {sql: empty, values: []}
  return {sql: parts.map(({sql}) => `(${sql})`).join(operator), values: parts.flatMap(({values}) => values)}
}

function fromTerm({isNegated, predicate}: Term, playlistRows: PlaylistRows): SqlPart {
  const {sql, values} = fromPredicate(predicate, playlistRows)
  return {sql: isNegated ? `NOT coalesce(${sql}, FALSE)` : sql, values}
}

function fromPredicate(predicate: Predicate, playlistRows: PlaylistRows): SqlPart {
  if (predicate.kind === 'text') return fromText(predicate.field, predicate.match)
  if (predicate.kind === 'playlist') {
    const rows = playlistRows((path) => matchesText(predicate.match, path))
    const held = `SELECT p.track_row FROM playlist_tracks p WHERE p.playlist_row IN (SELECT value FROM json_each(?))`
    return {sql: `i.track_row IN (${held})`, values: [JSON.stringify(rows)]}
  }
  const column = columnOf(predicate.field)
  if (predicate.kind === 'absent') return {sql: `${column} IS NULL`, values: []}
  if (predicate.kind === 'one-of')
    return {sql: `${column} IN (${predicate.values.map(() => '?').join(', ')})`, values: predicate.values}
  const {from, until} = predicate
  const bounds: SqlPart[] = []
  if (from !== null) bounds.push({sql: `${column} >= ?`, values: [from]})
  if (until !== null) bounds.push({sql: `${column} < ?`, values: [until]})
  return joinParts(bounds, ' AND ', `${column} IS NOT NULL`)
}

function fromText(field: TextField, match: TextMatch): SqlPart {
  if (match.how === 'is') return {sql: `${columnOf(field)} = ?`, values: [match.folded]}
  if (match.how === 'contains')
    return match.folded === ''
      ? {sql: 'TRUE', values: []}
      : {sql: `instr(${columnOf(field)}, ?) > 0`, values: [match.folded]}
  return {sql: `matches_regex(?, ${writtenText(field)})`, values: [match.pattern.source]}
}

function writtenText(field: TextField): string {
  if (field.name === 'any')
    return `concat_ws(char(10), g.artist, g.title, g.mix, g.remixer, g.album, g.album_artist, g.label, g.genre,
      g."grouping", g.comment, file_name(t.path))`
  if (['id', 'format'].includes(field.name)) return `coalesce(t.${field.name}, '')`
  if (['color', 'grid'].includes(field.name)) return columnOf(field)
  return `coalesce(${WRITTEN[field.name] ?? `g."${field.name}"`}, '')`
}

/** The functions that compiled queries call. */
export const QUERY_FUNCTIONS: Readonly<Record<string, (...values: SqlValue[]) => SqlValue>> = {
  matches_regex: (pattern, text) => (regex(String(pattern)).test(String(text ?? '').normalize('NFC')) ? 1 : 0),
  file_name: (path) => String(path).split(/[/\\]/).at(-1) ?? '',
}

let lastRegex: {source: string; pattern: RegExp} | null = null

/** One query asks the same pattern of every row. */
function regex(source: string): RegExp {
  if (lastRegex?.source !== source) lastRegex = {source, pattern: new RegExp(source, 'iu')}
  return lastRegex.pattern
}

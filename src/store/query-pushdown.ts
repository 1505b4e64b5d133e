// The part of a query that the vector index can answer by itself, from the numbers that it holds beside each vector.
import type {Predicate, Query} from '../core/query/query.js'
import {VECTOR_FILTER_FIELDS} from './track-index.js'

const NAMES: ReadonlySet<string> = new Set(VECTOR_FILTER_FIELDS)

/** The column of the vector index for a field of the query language. */
export function filterColumn(name: string): string {
  return `f_${name}`
}

/**
 * A condition that every track fulfilling the query fulfils too (others may as well: the caller checks again); null
 * where nothing can be said.
 */
export function pushedDown(query: Query): string | null {
  const alternatives: string[] = []
  for (const terms of query.alternatives) {
    const conditions = terms.flatMap(({isNegated, predicate}) => {
      const sql = condition(predicate)
      return sql === null ? [] : [isNegated ? `NOT coalesce(${sql}, FALSE)` : sql]
    })
    if (conditions.length === 0) return null
    alternatives.push(conditions.map((sql) => `(${sql})`).join(' AND '))
  }
  return alternatives.map((sql) => `(${sql})`).join(' OR ')
}

function condition(predicate: Predicate): string | null {
  if (!NAMES.has(predicate.field.name)) return null
  const column = filterColumn(predicate.field.name)
  if (predicate.kind === 'absent') return `${column} IS NULL`
  if (predicate.kind === 'one-of') return `${column} IN (${predicate.values.join(', ')})`
  if (predicate.kind !== 'range') return null
  const bounds: string[] = []
  if (predicate.from !== null) bounds.push(`${column} >= ${predicate.from}`)
  if (predicate.until !== null) bounds.push(`${column} < ${predicate.until}`)
  return bounds.length === 0 ? `${column} IS NOT NULL` : `(${bounds.join(' AND ')})`
}

// A query after parsing: alternatives of terms over fields, an order and a limit. Data only.
import type {NumberField, PlaylistField, QueryField, TextField} from './fields.js'

export type TextMatch =
  /** Somewhere inside, folded. */
  | {readonly how: 'contains'; readonly folded: string}
  /** The whole text, folded; the empty text means "has none". */
  | {readonly how: 'is'; readonly folded: string}
  /** On the text as written (NFC). */
  | {readonly how: 'regex'; readonly pattern: RegExp}

/** A value that is absent fulfils none of these but `absent`; an absent text is an empty one. */
export type Predicate =
  | {readonly kind: 'text'; readonly field: TextField; readonly match: TextMatch}
  | {readonly kind: 'playlist'; readonly field: PlaylistField; readonly match: TextMatch}
  /** from ≤ value < until; null is open. */
  | {readonly kind: 'range'; readonly field: NumberField; readonly from: number | null; readonly until: number | null}
  | {readonly kind: 'one-of'; readonly field: NumberField; readonly values: readonly number[]}
  | {readonly kind: 'absent'; readonly field: NumberField}

export interface Term {
  readonly isNegated: boolean
  readonly predicate: Predicate
}

export interface Sort {
  readonly field: Exclude<QueryField, PlaylistField>
  readonly isDescending: boolean
}

export interface Query {
  /** A track matches when all terms of any alternative hold; one empty alternative matches everything. */
  readonly alternatives: readonly (readonly Term[])[]
  readonly sorts: readonly Sort[]
  readonly limit: number | null
}

export const EVERYTHING: Query = {alternatives: [[]], sorts: [], limit: null}

// The library's history, oldest first; a released migration is never changed, a new one is added below.
import {sql as library} from './0001-library.js'
import {sql as tagLayers} from './0002-tag-layers.js'

export interface Migration {
  readonly name: string
  readonly sql: string
}

export const MIGRATIONS: readonly Migration[] = [
  {name: '0001-library', sql: library},
  {name: '0002-tag-layers', sql: tagLayers},
]

// The library's history, oldest first; a released migration is never changed, a new one is added below.
import {sql as library} from './0001-library.js'

export interface Migration {
  readonly name: string
  readonly sql: string
}

export const MIGRATIONS: readonly Migration[] = [{name: '0001-library', sql: library}]

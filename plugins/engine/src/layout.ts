// Where the database of a folder lies, and which generation it is.
import type {Context, Database, FileAccess} from 'crate-dj/plugin'

export interface Place {
  /** The folder “Engine Library”, absolute. */
  readonly libraryFolder: string
  readonly main: string
  /** Cues and beats lie in a second database up to 1.x. */
  readonly performance: string | null
}

const FOLDERS = ['', 'Engine Library/']

/** @throws FORMAT_INVALID where there is none */
export async function findDatabase(source: FileAccess, {error}: Context): Promise<Place> {
  for (const folder of FOLDERS) {
    const names = await source.list(folder.slice(0, -1))
    const libraryFolder = source.resolve(folder.slice(0, -1))
    if (names.includes('Database2/') && (await source.list(`${folder}Database2`)).includes('m.db'))
      return {libraryFolder, main: `${folder}Database2/m.db`, performance: null}
    if (names.includes('m.db')) {
      const performance = names.includes('p.db') ? `${folder}p.db` : null
      return {libraryFolder, main: `${folder}m.db`, performance}
    }
  }
  throw error('FORMAT_INVALID', `${source.resolve('')} holds no library of Engine DJ (Database2/m.db or m.db)`, {
    hints: [
      'Name the folder “Engine Library”, or the drive that holds it. Start Engine DJ once, so that it makes one.',
    ],
  })
}

/** From Engine DJ 2 on tags stand in the table of tracks. */
export function isModern(database: Database): boolean {
  return database.tables.get('Track')?.includes('title') === true
}

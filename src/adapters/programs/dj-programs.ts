// Where Rekordbox, Serato and Traktor keep their libraries on this machine.
import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'

export interface FoundDjProgram {
  /** Id of the format. */
  readonly id: 'rekordbox' | 'serato' | 'traktor'
  readonly name: string
  /** The library file or folder that was found. */
  readonly path: string
  /** What `--to` would be for an export that this program reads. */
  readonly exportTarget: string
}

/** @param home the person's home folder. @see FORMATS §2.1, §15.1 */
export function findDjPrograms(home: string): FoundDjProgram[] {
  const found: FoundDjProgram[] = []
  const music = join(home, 'Music')
  const rekordboxFolders = [
    join(home, 'Library', 'Pioneer', 'rekordbox'),
    join(home, 'AppData', 'Roaming', 'Pioneer', 'rekordbox'),
  ]
  const rekordbox = rekordboxFolders.find((folder) => existsSync(folder))
  if (rekordbox !== undefined)
    found.push({id: 'rekordbox', name: 'Rekordbox', path: rekordbox, exportTarget: join(music, 'rekordbox.xml')})
  if (existsSync(join(music, '_Serato_')))
    found.push({id: 'serato', name: 'Serato DJ', path: join(music, '_Serato_'), exportTarget: music})
  const collection = newestTraktorCollection(join(home, 'Documents', 'Native Instruments'))
  if (collection !== null) found.push({id: 'traktor', name: 'Traktor', path: collection, exportTarget: collection})
  return found
}

/** Traktor keeps one folder per version; the highest is the one in use. */
function newestTraktorCollection(folder: string): string | null {
  if (!existsSync(folder)) return null
  const versions = readdirSync(folder)
    .filter((name) => /^Traktor [\d.]+$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', {numeric: true}))
    .reverse()
  const paths = versions.map((name) => join(folder, name, 'collection.nml'))
  return paths.find((path) => existsSync(path)) ?? null
}

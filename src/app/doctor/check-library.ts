// Whether the library is sound.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import type {Check} from './doctor.js'

export async function checkLibrary({libraryFolder}: Environment): Promise<Check> {
  const base = {id: 'library', name: 'Library'}
  if (!existsSync(join(libraryFolder, 'library.db')))
    return {...base, state: 'off', text: `none yet at ${libraryFolder}`, hint: 'crate sync ~/Music makes one'}
  try {
    const {openLibrary} = await import('../../store/library.js')
    const library = openLibrary(libraryFolder, {readOnly: true})
    try {
      const damage = library.findDamage()
      return damage.length === 0
        ? {...base, state: 'ok', text: `${library.tracks.count()} tracks at ${libraryFolder}`, hint: null}
        : {...base, state: 'broken', text: damage[0] ?? 'damaged', hint: 'crate library doctor --repair'}
    } finally {
      library.close()
    }
  } catch (error) {
    const {message, hints} = crateErrorFrom(error)
    return {...base, state: 'broken', text: message, hint: hints[0] ?? null}
  }
}

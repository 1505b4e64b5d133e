// Opens the library of an environment for one use case.
import type {Environment} from '../core/environment.js'
import type {Library} from '../store/library.js'

/** Hands the library to `use` and closes it after; SQLite's binary is loaded only now, because it is heavy. */
export async function withLibrary<T>(
  {libraryFolder, nowMs}: Environment,
  use: (library: Library) => Promise<T> | T,
): Promise<T> {
  const {openLibrary} = await import('../store/library.js')
  const library = openLibrary(libraryFolder, {nowMs})
  try {
    return await use(library)
  } finally {
    library.close()
  }
}

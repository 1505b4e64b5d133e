// Libraries in temporary folders for the tests of the store, with a clock and ids that can be told beforehand.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {type Library, type LibraryOptions, openLibrary} from '../../src/store/library.js'

export const NOW_MS = Date.UTC(2026, 5, 15, 12)

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crate-store-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** Ids go on counting when the same folder is opened again. */
const idCounts = new Map<string, number>()

export function openTemporary(folder = temporaryFolder(), options: LibraryOptions = {}): Library {
  const newId = () => {
    const count = (idCounts.get(folder) ?? 0) + 1
    idCounts.set(folder, count)
    return `id${String(count).padStart(4, '0')}`
  }
  const library = openLibrary(folder, {nowMs: () => NOW_MS, newId, ...options})
  onTestFinished(() => library.close())
  return library
}

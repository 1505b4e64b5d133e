// Opening a library that is not as it should be: each case with its own error and something to do.
import {execFileSync} from 'node:child_process'
import {closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import type {CrateError} from '../../src/core/errors.js'
import {openLibrary} from '../../src/store/library.js'
import {restoreLibrary} from '../../src/store/restore.js'
import {crateErrorFromSqlite} from '../../src/store/sqlite-errors.js'
import {itWith} from '../support/tools.js'
import {openTemporary, temporaryFolder} from './sample-library.js'
import {audioFile, findings} from './values.js'

function failure(work: () => unknown): CrateError {
  try {
    work()
  } catch (error) {
    return error as CrateError
  }
  throw new Error('it did not fail')
}

const itWithSqlite = itWith('sqlite3')

/** By the sqlite3 program, not by our own code. */
function sqlite3(path: string, sql: string): string {
  return execFileSync('sqlite3', [path, sql], {encoding: 'utf8'}).trim()
}

function filledLibrary(): string {
  const folder = temporaryFolder()
  const library = openTemporary(folder)
  library.transaction(() => {
    for (let n = 0; n < 300; n++) {
      library.tracks.add({file: audioFile(`/m/${n}`), audioHash: `h${n}`})
      library.analyses.put(`h${n}`, findings())
    }
  })
  library.close()
  return folder
}

const canMount = (() => {
  try {
    const probe = '/tmp/crate-mount-probe'
    mkdirSync(probe, {recursive: true})
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe], {stdio: 'ignore'})
    execFileSync('umount', [probe])
    return true
  } catch {
    return false
  }
})()

/** A small disk of its own. Without the right to mount, the tests that need it are skipped; under CI they fail. */
function mountDisk(size: string): string {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return folder
}
const itWithDisk = canMount || process.env['CI'] !== undefined ? it : it.skip
const withDisk = canMount ? '' : ' (skipped: no right to mount a small disk here)'

describe('openLibrary', () => {
  itWithSqlite('makes a library that sqlite3 finds sound: strict tables, a log, and our mark', () => {
    const folder = join(temporaryFolder(), 'new', 'library')
    const library = openTemporary(folder)
    const path = join(folder, 'library.db')
    expect(sqlite3(path, 'PRAGMA journal_mode')).toBe('wal')
    expect(sqlite3(path, 'PRAGMA application_id')).toBe(String(0x63726174))
    expect(
      sqlite3(
        path,
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite%'`,
      ),
    ).toBe('')
    expect(sqlite3(path, 'PRAGMA integrity_check; PRAGMA foreign_key_check')).toBe('ok')
    library.close()
    library.close()
  })

  itWithSqlite('refuses a library of a newer crate, and leaves it as it is', () => {
    const folder = filledLibrary()
    const path = join(folder, 'library.db')
    sqlite3(path, 'PRAGMA user_version = 999')
    const before = readFileSync(path)
    for (const readOnly of [false, true]) {
      const error = failure(() => openLibrary(folder, {readOnly}))
      expect(error).toMatchObject({code: 'LIBRARY_NEWER', details: {version: 999}})
      expect(error.hints[0]).toContain('npm install')
    }
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  itWithSqlite('refuses the database of another program, and files that are none', () => {
    const [other, text, cut, zeros] = [temporaryFolder(), temporaryFolder(), filledLibrary(), filledLibrary()]
    sqlite3(join(other, 'library.db'), 'CREATE TABLE songs (name TEXT)')
    writeFileSync(join(text, 'library.db'), 'not a database at all, and long enough to be read as one'.repeat(100))
    truncateSync(join(cut, 'library.db'), 8192)
    const file = openSync(join(zeros, 'library.db'), 'r+')
    writeSync(file, Buffer.alloc(4000), 0, 4000, 100)
    closeSync(file)
    for (const folder of [other, text, cut, zeros]) {
      const error = failure(() => {
        const library = openLibrary(folder)
        library.tracks.list()
        library.close()
      })
      expect(error).toMatchObject({code: 'LIBRARY_DAMAGED', hints: expect.arrayContaining([expect.any(String)])})
    }
  })

  itWithSqlite('finds damage inside a database that opens', () => {
    const folder = filledLibrary()
    const path = join(folder, 'library.db')
    expect(openTemporary(folder).findDamage()).toEqual([])
    const page = Number(sqlite3(path, `SELECT rootpage FROM sqlite_schema WHERE name = 'embeddings'`))
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(500, 0xaa), 0, 500, (page - 1) * 4096)
    closeSync(file)
    expect(openTemporary(folder).findDamage().length).toBeGreaterThan(0)
  })

  it('says what is wrong with the folder', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'odd', 'library.db'), {recursive: true})
    expect(failure(() => openLibrary(join(folder, 'file'))).code).toBe('FILE_UNWRITABLE')
    expect(failure(() => openLibrary(join(folder, 'file', 'inside'))).code).toBe('FILE_UNWRITABLE')
    expect(failure(() => openLibrary(join(folder, 'odd'))).code).toBe('FILE_UNREADABLE')
    expect(failure(() => openLibrary(join(folder, 'absent'), {readOnly: true})).code).toBe('FILE_NOT_FOUND')
  })

  it('reads only, where asked to', () => {
    const folder = filledLibrary()
    const library = openTemporary(folder, {readOnly: true})
    expect(library.tracks.count()).toBe(300)
    expect(failure(() => library.tracks.add({file: audioFile('/new'), audioHash: null})).code).toBe('FILE_UNWRITABLE')
    expect(library.isReadOnly).toBe(true)
  })

  itWithDisk(`reads from a disk that cannot be written${withDisk}`, () => {
    const disk = mountDisk('20m')
    const library = openTemporary(disk)
    library.tracks.add({file: audioFile('/m/a'), audioHash: null})
    library.close()
    execFileSync('mount', ['-o', 'remount,ro', disk])
    expect(openTemporary(disk, {readOnly: true}).tracks.count()).toBe(1)
    expect(failure(() => openLibrary(disk)).code).toBe('FILE_UNWRITABLE')
  })

  itWithDisk(`keeps what it has when the disk is full, and goes on when there is space${withDisk}`, async () => {
    const disk = mountDisk('3m')
    const library = openTemporary(disk)
    let count = 0
    const error = failure(() => {
      for (;;) {
        const comment = 'x'.repeat(20_000)
        library.transaction(() => {
          const id = library.tracks.add({file: audioFile(`/m/${count}`), audioHash: null})
          library.tracks.setExtras(id, {note: comment})
        })
        count++
      }
    })
    expect(error).toMatchObject({code: 'DISK_FULL'})
    expect(count).toBeGreaterThan(10)
    await expect(library.backup(join(disk, 'copy.db'))).rejects.toMatchObject({code: 'DISK_FULL'})
    execFileSync('mount', ['-o', 'remount,size=20m', disk])
    expect(library.tracks.count()).toBe(count)
    library.tracks.add({file: audioFile('/m/last'), audioHash: null})
    expect(library.findDamage()).toEqual([])
  })

  it('turns the load error of a binary for another Node into the command that mends it', () => {
    // As Node 22 says it of a binary that Node 20 compiled.
    const message = `The module '/x/better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. This version of Node.js requires\nNODE_MODULE_VERSION 127.`
    const error = crateErrorFromSqlite(Object.assign(new Error(message), {code: 'ERR_DLOPEN_FAILED'}), '/x')
    expect(error).toMatchObject({code: 'TOOL_FAILED', hints: [expect.stringContaining('npm rebuild better-sqlite3')]})
  })
})

describe('backup', () => {
  itWithSqlite('copies everything while others write, into a library that opens', async () => {
    const folder = filledLibrary()
    const library = openTemporary(folder)
    const target = join(temporaryFolder(), 'library.db')
    const copying = library.backup(target)
    library.tracks.add({file: audioFile('/late'), audioHash: null})
    await copying
    expect(sqlite3(target, 'PRAGMA integrity_check')).toBe('ok')
    expect(Number(sqlite3(target, 'SELECT count(*) FROM tracks'))).toBeGreaterThanOrEqual(300)
  })

  it('says so where it cannot write', async () => {
    await expect(openTemporary().backup(join(temporaryFolder(), 'no', 'such', 'folder.db'))).rejects.toMatchObject({
      code: expect.stringMatching(/^FILE_UN/),
    })
  })
})

describe('restoreLibrary', () => {
  itWithSqlite(
    'refuses a copy that is missing, damaged, foreign or newer, and leaves the library as it is',
    async () => {
      const folder = filledLibrary()
      const copies = temporaryFolder()
      const copy = async (name: string) => {
        const path = join(copies, name)
        const library = openTemporary(folder)
        await library.backup(path)
        library.close()
        return path
      }
      const [newer, damaged] = [await copy('newer.db'), await copy('damaged.db')]
      sqlite3(newer, 'PRAGMA user_version = 999')
      truncateSync(damaged, 20_000)
      const foreign = join(copies, 'foreign.db')
      sqlite3(foreign, 'CREATE TABLE songs (name TEXT)')
      const uses: [string, string][] = [
        [join(copies, 'missing.db'), 'FILE_NOT_FOUND'],
        [newer, 'LIBRARY_NEWER'],
        [damaged, 'LIBRARY_DAMAGED'],
        [foreign, 'LIBRARY_DAMAGED'],
      ]
      for (const [path, code] of uses) await expect(restoreLibrary(folder, path, 0), path).rejects.toMatchObject({code})
      expect(openTemporary(folder).tracks.count()).toBe(300)
    },
  )

  itWithSqlite.each([
    ['sound', () => {}, true],
    ['damaged', (path: string) => truncateSync(path, 8192), false],
  ])('brings a copy back over a %s library and keeps what was there', async (_name, damage, isReadable) => {
    const folder = filledLibrary()
    const copy = join(temporaryFolder(), 'copy.db')
    const library = openTemporary(folder)
    await library.backup(copy)
    library.tracks.remove(library.tracks.ids().slice(0, 100))
    library.close()
    damage(join(folder, 'library.db'))
    const keptAt = await restoreLibrary(folder, copy, Date.UTC(2026, 0, 1))
    const restored = openTemporary(folder)
    expect(restored.tracks.count()).toBe(300)
    expect(restored.findDamage()).toEqual([])
    if (isReadable) expect(sqlite3(keptAt ?? '', 'SELECT count(*) FROM tracks')).toBe('200')
    else expect(readFileSync(keptAt ?? '')).toHaveLength(8192)
  })
})

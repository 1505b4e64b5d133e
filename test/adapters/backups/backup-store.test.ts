// Backups that are kept and given back: the first of a kind above all.
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {backupStore} from '../../../src/adapters/backups/backup-store.js'

describe('backupStore', () => {
  let folder = ''
  let nowMs = 0
  const store = () => backupStore(join(folder, 'backups'), () => nowMs)
  const file = () => join(folder, 'collection.nml')

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crate-backups-'))
    nowMs = Date.UTC(2026, 0, 1)
  })
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  async function backUp(content: string): Promise<string> {
    writeFileSync(file(), content)
    return (await store().create({reason: 'export traktor', paths: [file()]})).id
  }

  it('gives two of the same moment different names', async () => {
    expect(await backUp('a')).not.toBe(await backUp('b'))
    expect(await store().list()).toHaveLength(2)
  })

  it('keeps the newest and the very first, which is from before crate came', async () => {
    const first = await backUp('original')
    for (let day = 1; day <= 30; day++) {
      nowMs += 86_400_000
      await backUp(`day ${day}`)
    }
    const kept = await store().list()
    expect(kept).toHaveLength(21)
    expect(kept.at(-1)?.id).toBe(first)
    await store().restore(first)
    expect(readFileSync(file(), 'utf8')).toBe('original')
  })

  it('removes what was not there, and keeps it for the way back', async () => {
    const made = join(folder, 'new.crate')
    const {id} = await store().create({reason: 'export serato', paths: [made], formatId: 'serato'})
    writeFileSync(made, 'crate')
    const {before} = await store().restore(id)
    expect(existsSync(made)).toBe(false)
    expect(before.formatId).toBe('serato')
    await store().restore(before.id)
    expect(readFileSync(made, 'utf8')).toBe('crate')
  })

  it('refuses a backup that is not there', async () => {
    await expect(store().restore('2020')).rejects.toMatchObject({code: 'FILE_NOT_FOUND'})
  })
})

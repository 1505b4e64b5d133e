// What an export does to files of which it cannot keep what was there.
import {copyFileSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {backupStore} from '../../../src/adapters/backups/backup-store.js'
import type {ExportPiece} from '../../../src/api/format.js'
import {writePieces} from '../../../src/app/export/write-pieces.js'
import {FIXTURE_MUSIC, temporaryFolder} from '../../support/crate.js'

const SILENT = {update: () => {}, setTotal: () => {}, finish: () => {}}

describe('writePieces', () => {
  it('names an audio file that cannot be read once, and changes the others', async () => {
    const folder = temporaryFolder()
    const [sound, gone] = [join(folder, 'a.flac'), join(folder, 'gone.flac')]
    copyFileSync(join(FIXTURE_MUSIC, '青木ハル - 夜明けの線路.flac'), sound)
    const before = readFileSync(sound)
    const set = [{key: 'COMMENT', bytes: Buffer.from('from a test')}]
    async function* pieces(): AsyncGenerator<ExportPiece> {
      for (const audioPath of [gone, sound]) yield {kind: 'tags', audioPath, set}
    }
    const backups = backupStore(join(folder, 'backups'), () => 0)
    const result = await writePieces(
      pieces(),
      {
        formatId: 'serato',
        root: folder,
        isDryRun: false,
        backups,
        writtenBefore: {digestOf: () => null, remember: () => {}},
      },
      {signal: new AbortController().signal},
      SILENT,
    )
    expect(result.failures).toMatchObject([{path: gone, code: 'FILE_NOT_FOUND'}])
    expect(result.taggedFiles).toBe(1)
    expect(readFileSync(sound).includes('from a test')).toBe(true)
    expect(readFileSync(sound).equals(before)).toBe(false)
    expect(result.backup?.tags).toMatchObject([{path: sound}])
  })
})

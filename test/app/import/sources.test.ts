// A library named by a part of it.
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import type {ImportItem} from '../../../src/api/format.js'
import {itemsOfFirst, possibleSources} from '../../../src/app/import/sources.js'
import {CrateError, type ErrorCode} from '../../../src/core/errors.js'
import {temporaryFolder} from '../../support/crate.js'

const item = (message: string): ImportItem => ({kind: 'warning', subject: '', message})

describe('possibleSources', () => {
  it('finds the folder of a database that was named, and the file of a folder', async () => {
    const root = temporaryFolder()
    const folder = join(root, 'PIONEER', 'rekordbox')
    mkdirSync(folder, {recursive: true})
    const file = join(folder, 'export.pdb')
    writeFileSync(file, '')
    const unknown = async () => null
    expect(await possibleSources(root, 'folder', unknown)).toEqual([root])
    expect(await possibleSources(file, 'file', unknown)).toEqual([file])
    expect(await possibleSources(file, 'folder', unknown)).toEqual([file, folder, join(root, 'PIONEER'), root])
    expect(await possibleSources(folder, 'file', async () => 'export.pdb')).toEqual([file])
    expect(await possibleSources(root, 'file', async () => 'export.pdb')).toEqual([root])
  })
})

describe('itemsOfFirst', () => {
  const failing = (code: ErrorCode, text: string): AsyncIterable<ImportItem> => ({
    [Symbol.asyncIterator]: () => ({next: () => Promise.reject(new CrateError(code, text))}),
  })

  it('gives what the first fitting source holds, and closes it where the reader leaves', async () => {
    const log: string[] = []
    const importFrom = (source: string) =>
      source === 'b'
        ? (async function* () {
            try {
              yield item('1')
              yield item('2')
            } finally {
              log.push('closed')
            }
          })()
        : failing('FORMAT_INVALID', source)
    for (const leavesAfter of [1, 2, 3]) {
      const seen: ImportItem[] = []
      for await (const one of itemsOfFirst(['a', 'b', 'c'], importFrom)) if (seen.push(one) === leavesAfter) break
      expect(seen).toEqual([item('1'), item('2')].slice(0, leavesAfter))
    }
    expect(log).toEqual(['closed', 'closed', 'closed'])
  })

  it('says what was wrong with the named one, and tries no other after another failure', async () => {
    const drain = async (importFrom: (source: string) => AsyncIterable<ImportItem>) => {
      for await (const _one of itemsOfFirst(['a', 'b'], importFrom)) expect.unreachable()
    }
    await expect(drain((source) => failing('FORMAT_INVALID', `no ${source}`))).rejects.toThrow('no a')
    await expect(drain((source) => failing('FILE_UNREADABLE', `locked ${source}`))).rejects.toThrow('locked a')
  })
})

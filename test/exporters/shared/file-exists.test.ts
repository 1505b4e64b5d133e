// Files that are looked for, and those of another machine, which cannot be.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {lookForFiles} from '../../../exporters/shared/file-exists.js'

describe.skipIf(process.platform === 'win32')('lookForFiles', () => {
  it('finds what is there and misses what is not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crate-exists-'))
    try {
      writeFileSync(join(folder, 'x.mp3'), '')
      expect(lookForFiles()(join(folder, 'x.mp3'))).toBe(true)
      expect(lookForFiles()(join(folder, 'y.mp3'))).toBe(false)
    } finally {
      rmSync(folder, {recursive: true})
    }
  })

  it.each(['D:\\Music\\x.mp3', 'D:/Music/x.mp3', '/no-such-root-folder/dj/x.mp3'])(
    'does not judge %s from here',
    (path) => {
      expect(lookForFiles()(path)).toBe(true)
    },
  )
})

// What the crate of the night does to crates that are there.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {backupStore} from '../../../src/adapters/backups/backup-store.js'
import {writeLiveCrate} from '../../../src/app/live/live-crate.js'
import type {Environment} from '../../../src/core/environment.js'
import {openLibrary} from '../../../src/store/library.js'
import {temporaryFolder} from '../../support/crate.js'

const IGNORE = () => {}

function setUp() {
  const folder = temporaryFolder()
  const library = openLibrary(join(folder, 'library'))
  const path = join(folder, 'Music', 'Äther.mp3')
  const file = {path, sizeBytes: 1, modifiedAtMs: 0, format: 'mp3' as const, durationMs: 60_000}
  const rest = {sampleRateHz: 44_100, channels: 2, bitDepth: null, bitRateKbps: 320, mp3HeaderCase: null}
  const id = library.tracks.add({file: {...file, ...rest}, audioHash: null})
  const environment = {
    nowMs: () => 0,
    signal: new AbortController().signal,
    reporter: {
      debug: IGNORE,
      info: IGNORE,
      warn: IGNORE,
      task: () => ({update: IGNORE, setTotal: IGNORE, finish: IGNORE}),
    },
  } as unknown as Environment
  const crates = join(folder, '_Serato_', 'Subcrates')
  mkdirSync(crates, {recursive: true})
  return {
    crates,
    write: (name: string) => writeLiveCrate(environment, library, {path: name, tracks: [id], target: folder}),
    backups: () => backupStore(join(library.folder, 'backups'), () => 0).list(),
  }
}

/** As Serato writes text: UTF-16, big end first. */
const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16()

const record = (tag: string, payload: Buffer) => {
  const head = Buffer.alloc(8)
  head.write(tag, 'latin1')
  head.writeUInt32BE(payload.length, 4)
  return Buffer.concat([head, payload])
}

describe('the crate of the night', () => {
  it('is made new without a backup, and written again by the next acceptance', async () => {
    const {crates, write, backups} = setUp()
    await write('Live/Friday')
    await write('Live/Friday')
    expect(readFileSync(join(crates, 'Live%%Friday.crate')).includes(utf16('Music/Äther.mp3'))).toBe(true)
    expect(await backups()).toEqual([])
  })

  it('keeps all that a crate of this name has, and the crate of the DJ in the backups', async () => {
    const {crates, write, backups} = setUp()
    const theirs = Buffer.concat([
      record('vrsn', utf16('1.0/Serato ScratchLive Crate')),
      record('zzzz', Buffer.from('of a later Serato')),
      record('otrk', record('ptrk', utf16('Music/Old.mp3'))),
    ])
    writeFileSync(join(crates, 'Favourites.crate'), theirs)
    await write('Favourites')
    const now = readFileSync(join(crates, 'Favourites.crate'))
    expect(now.includes('of a later Serato')).toBe(true)
    expect(now.includes(utf16('Music/Old.mp3'))).toBe(true)
    expect(now.includes(utf16('Music/Äther.mp3'))).toBe(true)
    expect(await backups()).toMatchObject([{reason: 'export serato'}])
  })

  it('leaves a crate alone that it cannot read', async () => {
    const {crates, write} = setUp()
    mkdirSync(join(crates, 'Odd.crate'))
    await expect(write('Odd')).rejects.toMatchObject({code: 'FILE_UNREADABLE'})
    const broken = Buffer.from('vrsn\xff\xff\xff\xff no crate', 'latin1')
    writeFileSync(join(crates, 'Broken.crate'), broken)
    await expect(write('Broken')).rejects.toMatchObject({code: 'FORMAT_INVALID'})
    expect(readFileSync(join(crates, 'Broken.crate')).equals(broken)).toBe(true)
  })
})

// Two crates at one library: both may read and write, one may sync, and a killed one leaves nothing broken.
import {execFile} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, it} from 'vitest'
import {acquireSyncLock} from '../../src/store/lock.js'
import {CHILD, kill, startChild} from './processes.js'
import {openTemporary, temporaryFolder} from './sample-library.js'
import {audioFile, findings} from './values.js'

describe('the sync lock', () => {
  it('tells who holds it, and is free as soon as the holder is killed', async () => {
    const folder = temporaryFolder()
    const child = await startChild('hold-lock', folder)
    expect(() => acquireSyncLock(folder)).toThrow(
      expect.objectContaining({code: 'LIBRARY_BUSY', details: expect.objectContaining({pid: child.pid})}),
    )
    await kill(child)
    const lock = acquireSyncLock(folder)
    expect(() => acquireSyncLock(folder)).toThrow(
      expect.objectContaining({code: 'LIBRARY_BUSY', details: expect.objectContaining({pid: process.pid})}),
    )
    lock.release()
    lock.release()
    acquireSyncLock(folder).release()
  })
})

describe('a library that two processes use', () => {
  it('is made once when several open it at the same time', async () => {
    const folder = temporaryFolder()
    const children = await Promise.all([1, 2, 3, 4].map(() => startChild('open', folder)))
    const codes = await Promise.all(children.map(async (child) => child.exitCode ?? (await once(child, 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0, 0])
    expect(openTemporary(folder).tracks.count()).toBe(4)
  })

  it('shows each what the other wrote, and lets both write', async () => {
    const folder = temporaryFolder()
    const library = openTemporary(folder)
    const child = await startChild('write', folder)
    for (let n = 0; n < 200; n++) library.tracks.add({file: audioFile(`/own/${n}`), audioHash: null})
    await expect.poll(() => library.tracks.count(), {timeout: 120_000}).toBeGreaterThan(230)
    await kill(child)
    expect(library.findDamage()).toEqual([])
  })
})

describe('similar tracks in a library of usual size', () => {
  it('come without loading LanceDB', async () => {
    const folder = temporaryFolder()
    const library = openTemporary(folder)
    for (const name of ['a', 'b', 'c']) {
      library.analyses.put(name, findings())
      library.tracks.add({file: audioFile(`/m/${name}`), audioHash: name})
    }
    await library.vectors.refresh()
    library.close()
    const args = ['--import', 'tsx', CHILD, 'similar', folder]
    const {stdout} = await promisify(execFile)(process.execPath, args)
    expect(JSON.parse(stdout)).toEqual({found: 2, isHeavy: false, hasSqlite: true})
  })
})

describe('a process killed while it writes', () => {
  it('leaves whole transactions, a sound database, and an index that agrees after a refresh', async () => {
    const folder = temporaryFolder()
    let before = 0
    for (let attempt = 0; attempt < 8; attempt++) {
      const child = await startChild('write', folder)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1200))
      await kill(child)
      const library = openTemporary(folder, {vectorIndexFrom: 1})
      expect(library.findDamage()).toEqual([])
      const tracks = library.tracks.list()
      const lists = library.playlists.list()
      expect(tracks.length).toBeGreaterThanOrEqual(before)
      expect(lists.map(({name, trackCount}) => [name, trackCount])).toEqual(tracks.map(({tags}) => [tags.title, 2]))
      expect(tracks.filter(({analysis}) => analysis === null)).toEqual([])
      before = tracks.length
      await library.vectors.refresh()
      expect(await rowsOfIndex(folder)).toEqual(
        tracks.map((track) => [track.tempoBpm, library.analyses.embedding(track.audioHash ?? '')?.vector.length]),
      )
      library.close()
    }
    expect(before).toBeGreaterThan(10)
  })
})

/** Read by LanceDB itself: tempo and length of each vector, in order of addition. */
async function rowsOfIndex(folder: string): Promise<[number, number][]> {
  const lancedb = await import('@lancedb/lancedb')
  const connection = await lancedb.connect(join(folder, 'vectors'))
  const [name = ''] = readdirSync(join(folder, 'vectors'))
  const rows = await (await connection.openTable(name.replace(/\.lance$/, ''))).query().toArray()
  return rows.sort((a, b) => a.row - b.row).map((row) => [row.f_bpm, row.vector.length])
}

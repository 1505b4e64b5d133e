// What a DJ fears most: a damaged library. Kills at random moments, two syncs at once, a full disk, a newer library.
import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {connect} from '@lancedb/lancedb'
import Sqlite from 'better-sqlite3'
import {describe, expect, it, onTestFinished} from 'vitest'
import {installCrate, temporaryFolder} from '../support/crate.js'
import {itWith} from '../support/tools.js'
import {clickSamples, wavBytes, writeClicks} from '../support/wav.js'

interface SyncJson {
  tracks: {id: string; path: string; tempoBpm: number | null}[]
  failures: {path: string; code: string}[]
  summary: Record<string, number>
}

/** Small numbers that look random and are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('crate sync, disturbed', () => {
  it('loses nothing and does nothing twice when it is killed twenty times', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    const count = 40
    for (let n = 0; n < count; n++)
      writeClicks(join(music, `${n}.wav`), {tempoBpm: 100 + n, seconds: 12, toneHz: 150 + 17 * n})
    const random = randomFrom(7)
    let analyzed = 0
    for (let kill = 0; kill < 20; kill++) {
      const {child, done} = crate.start(['sync', music, '--quiet'])
      await sleep(250 + random() * 1500)
      child.kill('SIGKILL')
      await done
      const known = analyzedCount(crate.library)
      expect(known, 'what is done stays done').toBeGreaterThanOrEqual(analyzed)
      analyzed = known
    }
    const run = await crate.run('sync', music, '--json')
    expect(run.status, run.stderr).toBe(0)
    const {tracks, summary} = run.json<SyncJson>()
    expect(summary['found']).toBe(count)
    expect(summary['analyzed'], 'only what was not done before').toBe(count - analyzed)
    expect(new Set(tracks.map(({path}) => path)).size).toBe(count)
    expect(new Set(tracks.map(({id}) => id)).size).toBe(count)
    expect(tracks.filter(({tempoBpm}) => tempoBpm === null)).toEqual([])

    const db = new Sqlite(join(crate.library, 'library.db'), {readonly: true})
    expect(db.pragma('integrity_check', {simple: true})).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
    const vectors = db.prepare<[], {count: number}>('SELECT count(*) AS count FROM embeddings').get()
    db.close()
    const lance = await connect(join(crate.library, 'vectors'))
    const tables = await lance.tableNames()
    const rows = await Promise.all(tables.map(async (name) => (await lance.openTable(name)).countRows()))
    expect(Math.max(...rows)).toBe(vectors?.count)
  }, 240_000)

  it('lets two syncs at once both finish, with every track once', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    for (let n = 0; n < 8; n++)
      writeClicks(join(music, `${n}.wav`), {tempoBpm: 110 + n, seconds: 15, toneHz: 200 + 30 * n})
    const runs = await Promise.all([crate.run('sync', music, '--json'), crate.run('sync', music, '--json')])
    expect(runs.map(({status}) => status)).toEqual([0, 0])
    const summaries = runs.map((run) => run.json<SyncJson>().summary)
    expect(summaries.map((summary) => summary['analyzed']).sort()).toEqual([0, 8])
    const list = (await crate.run('library', 'list', '--json')).json<{tracks: unknown[]}>()
    expect(list.tracks).toHaveLength(8)
  })

  it('refuses a library of a newer crate, and leaves it as it is', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    writeClicks(join(music, 'a.wav'), {tempoBpm: 120, seconds: 12, toneHz: 300})
    await crate.run('sync', music)
    const db = new Sqlite(join(crate.library, 'library.db'))
    db.pragma('user_version = 9999')
    db.close()
    const run = await crate.run('sync', music, '--json')
    expect(run.status).toBe(1)
    expect(run.json()).toMatchObject({error: {code: 'LIBRARY_NEWER'}})
  })

  it('makes the vectors again when they are gone or damaged', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    for (let n = 0; n < 4; n++)
      writeClicks(join(music, `${n}.wav`), {tempoBpm: 110 + 9 * n, seconds: 15, toneHz: 200 + 90 * n})
    await crate.run('sync', music)
    const similar = async () =>
      (await crate.run('similar', join(music, '0.wav'), '--json'))
        .json<{similar: {track: {path: string}}[]}>()
        .similar.map(({track}) => track.path)
    const before = await similar()
    expect(before).toHaveLength(3)
    const vectors = join(crate.library, 'vectors')
    for (const name of readdirSync(vectors, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile()))
      writeFileSync(join(name.parentPath, name.name), 'damaged')
    expect((await crate.run('sync', music)).status).toBe(0)
    expect(await similar()).toEqual(before)
    rmSync(vectors, {recursive: true})
    expect((await crate.run('sync', music)).status).toBe(0)
    expect(await similar()).toEqual(before)
  })

  it('passes over a file that is still growing, and takes it when it is whole', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    const whole = wavBytes(clickSamples({tempoBpm: 126, seconds: 200, toneHz: 333}))
    const path = join(music, 'growing.wav')
    const file = openSync(path, 'w')
    onTestFinished(() => closeSync(file))
    let written = writeSync(file, whole, 0, 1 << 20)
    const writer = setInterval(() => {
      written += writeSync(file, whole, written, Math.min(4096, whole.length - written - 1))
    }, 5)
    const run = await crate.run('sync', music, '--json')
    clearInterval(writer)
    expect(run.status).toBe(3)
    expect(['FILE_UNSTABLE', 'AUDIO_UNDECODABLE']).toContain(run.json<SyncJson>().failures[0]?.code)
    writeFileSync(path, whole)
    const after = await crate.run('sync', music, '--json')
    expect(after.status).toBe(0)
    expect(after.json<SyncJson>().tracks[0]?.tempoBpm).toBeCloseTo(126, 1)
  })

  it('reads the rest when a drive that was pulled out during a sync is back', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    const count = 12
    for (let n = 0; n < count; n++)
      writeClicks(join(music, `${n}.wav`), {tempoBpm: 110 + n, seconds: 20, toneHz: 200 + 30 * n})
    const {done} = crate.start(['sync', music, '--jobs', '1', '--json'])
    const isOver = done.then(() => true)
    while (analyzedCount(crate.library) === 0 && !(await Promise.race([isOver, sleep(20, false)])));
    renameSync(music, join(crate.home, 'drawer'))
    const pulled = await done
    expect(pulled.status, pulled.stderr).toBe(3)
    const {failures} = pulled.json<SyncJson>()
    expect(new Set(failures.map(({code}) => code))).toEqual(new Set(['FILE_NOT_FOUND']))
    renameSync(join(crate.home, 'drawer'), music)
    const back = await crate.run('sync', music, '--json')
    expect(back.status, back.stderr).toBe(0)
    expect(back.json<SyncJson>().summary).toMatchObject({found: count, new: failures.length, failed: 0, missing: 0})
  })

  itWith('ffmpeg')('keeps what only ffmpeg decodes, and analyses it once ffmpeg is there', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    const clicks = join(crate.home, 'clicks.wav')
    writeClicks(clicks, {tempoBpm: 125, seconds: 20, toneHz: 300})
    const surround = join(music, 'surround.m4a')
    const allFront = 'pan=5.1|FL=c0|FR=c0|FC=c0'
    spawnSync('ffmpeg', ['-v', 'error', '-i', clicks, '-af', allFront, '-c:a', 'aac', surround])
    const without = await crate.start(['sync', music, '--json'], {PATH: crate.home}).done
    expect(without.status).toBe(3)
    expect(without.json<SyncJson>()).toMatchObject({tracks: [{tempoBpm: null}], failures: [{code: 'TOOL_MISSING'}]})
    const withIt = await crate.run('sync', music, '--json')
    expect(withIt.status, withIt.stderr).toBe(0)
    expect(withIt.json<SyncJson>().tracks[0]?.tempoBpm).toBeCloseTo(125, 1)
  })

  itWith('mount', 'umount')(
    'says plainly that the disk is full, and goes on where it was when there is room',
    async () => {
      const crate = installCrate()
      const music = join(crate.home, 'Music')
      mkdirSync(music)
      for (let n = 0; n < 30; n++)
        writeClicks(join(music, `${n}.wav`), {tempoBpm: 110 + n, seconds: 12, toneHz: 200 + 20 * n})
      const disk = temporaryFolder('crate-disk-')
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
      if (mounted.status !== 0) {
        if (process.env['CI']) throw new Error(`cannot mount a small disk: ${mounted.stderr.toString()}`)
        return
      }
      onTestFinished(() => void spawnSync('umount', ['-l', disk]))
      appendFileSync(join(disk, 'filler'), Buffer.alloc(600_000))
      const library = join(disk, 'library')
      const full = await crate.run('sync', music, '--json', '--library', library)
      expect(full.status).not.toBe(0)
      const document = full.json<{error?: {code: string}; failures?: {code: string}[]}>()
      expect([document.error?.code, ...(document.failures ?? []).map(({code}) => code)]).toContain('DISK_FULL')
      spawnSync('mount', ['-o', 'remount,size=64m', disk])
      const after = await crate.run('sync', music, '--json', '--library', library)
      expect(after.status, after.stdout.slice(0, 500)).toBe(0)
      expect(after.json<SyncJson>().tracks).toHaveLength(30)
    },
  )
})

function analyzedCount(library: string): number {
  try {
    const db = new Sqlite(join(library, 'library.db'), {readonly: true, fileMustExist: true})
    try {
      return db.prepare<[], {count: number}>('SELECT count(*) AS count FROM analyses').get()?.count ?? 0
    } finally {
      db.close()
    }
  } catch {
    return 0
  }
}

// What people type wrong: each slip is told with what to do, and nothing is changed by it.
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {FIXTURE_MUSIC, installCrate} from '../support/crate.js'

const NAMES = ['Ines Calder - Paper Lanterns.wav', '青木ハル - 夜明けの線路.flac', 'Kessel & Rohr - Schichtwechsel.mp3']

/** One library for all: its tracks are analysed once. */
const home = mkdtempSync(join(tmpdir(), 'crate-slips-'))
const crate = installCrate(home)

beforeAll(async () => {
  const music = join(home, 'Music')
  mkdirSync(music)
  for (const name of NAMES) copyFileSync(join(FIXTURE_MUSIC, name), join(music, name))
  expect((await crate.run('sync', music)).status).toBe(0)
}, 120_000)
afterAll(() => rmSync(home, {recursive: true, force: true}))

interface Shown {
  track: {tempoBpm: number; ratingStars: number | null; beatGrid: {positionMs: number; tempoBpm: number}[]}
}

async function shown(): Promise<Shown['track']> {
  return (await crate.run('library', 'show', 'lanterns', '--json')).json<Shown>().track
}

async function refusal(...args: string[]): Promise<string> {
  const run = await crate.run(...args, '--json')
  expect(run.status, run.stdout).not.toBe(0)
  return run.json<{error: {code: string}}>().error.code
}

describe('crate library edit', () => {
  it('changes nothing by wishes that it cannot understand, or that exclude each other', async () => {
    const before = await shown()
    for (const wish of [
      [],
      ['--shift-grid', 'abc'],
      ['--rating', ''],
      ['--remove', '--rating', '3'],
      ['--rating', '3', '--write-tags'],
      ['--tag', 'toString=x'],
    ])
      expect(await refusal('library', 'edit', 'lanterns', ...wish), wish.join(' ')).toBe('USAGE')
    expect(await refusal('library', 'edit', '--query', 'genre:zydeco', '--rating', '1')).toBe('TRACK_NOT_FOUND')
    const dryRun = await crate.run('library', 'edit', 'lanterns', '--remove', '--dry-run', '--json')
    expect(dryRun.json()).toMatchObject({removed: 1, isDryRun: true})
    expect(await shown()).toEqual(before)

    expect((await crate.run('library', 'edit', 'lanterns', '--tempo', 'half', '--shift-grid', '-12')).status).toBe(0)
    const after = await shown()
    expect(after.beatGrid[0]?.tempoBpm).toBeCloseTo(before.tempoBpm / 2, 6)
    expect(after.beatGrid[0]?.positionMs).toBeCloseTo((before.beatGrid[0]?.positionMs ?? 0) - 12, 6)
    expect((await crate.run('library', 'edit', 'lanterns', '--tempo', 'none')).status).toBe(0)
  })
})

describe('crate playlist', () => {
  it('refuses what a list cannot have, and keeps no set whose export has no place', async () => {
    const list = async () => (await crate.run('playlist', 'list', '--json')).json<{playlists: {name: string}[]}>()
    expect(await refusal('playlist', 'create', 'Fast', 'lanterns', '--query', 'bpm:130..')).toBe('USAGE')
    expect(await refusal('playlist', 'build', '--duration', '1', '--energy', 'warmup')).toBe('USAGE')
    for (const target of ['traktor', 'trakktor=x.nml'])
      expect(await refusal('playlist', 'build', '--duration', '1', '--name', 'S', '--export', target)).toBe('USAGE')
    expect((await list()).playlists).toEqual([])

    expect((await crate.run('playlist', 'create', 'Two', 'lanterns', 'schichtwechsel')).status).toBe(0)
    expect(await refusal('playlist', 'edit', 'Two')).toBe('USAGE')
    expect(await refusal('playlist', 'edit', 'Two', '--remove', '3')).toBe('USAGE')
    expect(await refusal('playlist', 'build', '--duration', '1', '--name', 'Two')).toBe('CONFLICT')
    const {tracks} = (await crate.run('playlist', 'show', 'Two', '--json')).json<{tracks: unknown[]}>()
    expect(tracks).toHaveLength(2)
  })

  it('builds a set as its flags say, and exports it', async () => {
    writeFileSync(join(home, 'curve.csv'), 'share,energy\n0,3\n100,8\n')
    const nml = join(home, 'set.nml')
    const run = await crate.run(
      ...['playlist', 'build', '--duration', '1', '--name', 'Friday/Set', '--energy', 'curve.csv'],
      ...['--start', 'lanterns', '--lock', '2=線路', '--end', 'schichtwechsel', '--must', 'schichtwechsel'],
      ...['--export', `traktor=${nml}`, '--svg', join(home, 'set.svg'), '--json'],
    )
    expect(run.status, run.stderr).toBe(0)
    const {entries} = run.json<{entries: {track: {name: string}}[]}>()
    expect(entries.map(({track}) => track.name)).toEqual([
      'Ines Calder – Paper Lanterns',
      '青木ハル – 夜明けの線路',
      'Kessel & Rohr – Schichtwechsel',
    ])
    const xml = readFileSync(nml, 'utf8')
    const keys = [...xml.matchAll(/<PRIMARYKEY TYPE="TRACK" KEY="[^"]*:([^"]*)"/g)]
    expect(keys.map(([, name]) => name?.replace('&amp;', '&'))).toEqual(NAMES)
    expect(readFileSync(join(home, 'set.svg'), 'utf8')).toMatch(/^<svg /)

    const both = ['--must', 'lanterns', '--without', 'lanterns']
    expect(await refusal('playlist', 'build', '--duration', '1', ...both)).toBe('CONFLICT')
  })
})

describe('crate export and convert', () => {
  it('refuse an option that the format does not have, and say when nothing matches', async () => {
    const xml = join(home, 'a.xml')
    expect(await refusal('export', 'rekordbox', '--to', xml, '--option', 'twin=memory')).toBe('USAGE')
    expect(existsSync(xml)).toBe(false)
    const empty = await crate.run('export', 'rekordbox', '--to', xml, '--query', 'genre:zydeco', '--json')
    expect(empty.json<{warnings: unknown[]}>().warnings).toHaveLength(1)

    expect((await crate.run('export', 'rekordbox', '--to', xml)).status).toBe(0)
    expect(await refusal('import', 'rekordbox', xml, '--option', 'ac=shift')).toBe('USAGE')
    const nml = join(home, 'b.nml')
    const convert = await crate.run('convert', 'rekordbox', xml, 'traktor', nml)
    expect(convert.status, convert.stderr).toBe(0)
    expect(convert.stdout).not.toContain('new to the library')
    const [lost, written] = [convert.stdout.indexOf('not carried by Traktor'), convert.stdout.indexOf(`→ ${nml}`)]
    expect(lost).toBeGreaterThan(0)
    expect(written).toBeGreaterThan(lost)
  })

  it('are taken back by a restore that can be looked at before', async () => {
    const xml = join(home, 'mine.xml')
    writeFileSync(xml, 'a file of mine')
    const {backup} = (await crate.run('export', 'rekordbox', '--to', xml, '--json')).json<{backup: string}>()
    const exported = readFileSync(xml, 'utf8')
    const plan = await crate.run('library', 'restore', backup, '--dry-run')
    expect(plan.stdout).toContain(xml)
    expect(readFileSync(xml, 'utf8')).toBe(exported)
    expect((await crate.run('library', 'restore', backup)).status).toBe(0)
    expect(readFileSync(xml, 'utf8')).toBe('a file of mine')
  })
})

describe('crate analyze', () => {
  it('fetches nothing that a list among its paths names', async () => {
    writeFileSync(join(home, 'notes.txt'), 'Some Artist - Some Title\n')
    expect(await refusal('analyze', 'notes.txt')).toBe('USAGE')
    const both = await crate.run('analyze', join('Music', NAMES[0] ?? ''), 'notes.txt', '--json')
    expect(both.status, both.stderr).toBe(3)
    expect(both.json()).toMatchObject({
      failures: [{path: 'notes.txt', code: 'USAGE'}],
      summary: {found: 1, failed: 1},
    })
  })
})

describe('a command that takes no argument', () => {
  it('says so, and not that it does not exist', async () => {
    const run = await crate.run('library', 'backup', '/tmp/copy.db')
    expect(run.status).toBe(2)
    expect(run.stderr).toContain('crate library backup takes no argument')
  })
})

describe('what comes from elsewhere', () => {
  it('moves no cursor of the terminal', async () => {
    expect((await crate.run('playlist', 'create', 'Evil\u001b[2J\u0007', 'lanterns')).status).toBe(0)
    const {stdout} = await crate.run('playlist', 'list')
    expect(stdout).toContain('Evil·[2J· 1\n')
  })
})

// The collection under a person's hands: edits that last, backups that bring everything back, playlists, moves to a new drive.
import {execFileSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {type Crate, FIXTURE_MUSIC, installCrate} from '../support/crate.js'
import {itWith} from '../support/tools.js'

const TRACK = 'Tomás Albarrán - Azotea (Extended Mix).mp3'

interface TrackJson {
  id: string
  path: string
  title: string | null
  genre: string | null
  ratingStars: number | null
  tempoBpm: number
  beatGrid: {positionMs: number; tempoBpm: number}[]
  cues: {origin: string; name: string; positionMs: number}[]
  key: {camelot: string}
}

async function crateWithMusic(...names: string[]): Promise<{crate: Crate; music: string}> {
  const crate = installCrate()
  const music = join(crate.home, 'Music')
  mkdirSync(music)
  for (const name of names) copyFileSync(join(FIXTURE_MUSIC, name), join(music, name))
  expect((await crate.run('sync', music)).status).toBe(0)
  return {crate, music}
}

async function show(crate: Crate, text: string): Promise<TrackJson> {
  return (await crate.run('library', 'show', text, '--json')).json<{track: TrackJson}>().track
}

describe('crate library edit', () => {
  it('sets what a person says, and a new analysis and a retagged file leave it alone', async () => {
    const {crate, music} = await crateWithMusic(TRACK)
    const before = await show(crate, 'azotea')
    const edit = await crate.run(
      'library',
      'edit',
      'azotea',
      '--rating',
      '4',
      '--tag',
      'genre=Deep',
      '--key',
      '8A',
      '--tempo',
      'half',
      '--json',
    )
    expect(edit.status, edit.stderr).toBe(0)
    expect((await crate.run('analyze', join(music, TRACK), '--force')).status).toBe(0)
    const after = await show(crate, 'azotea')
    expect(after).toMatchObject({id: before.id, ratingStars: 4, genre: 'Deep', key: {camelot: '8A'}})
    expect(after.tempoBpm).toBeCloseTo(before.tempoBpm / 2, 6)
    expect(after.beatGrid[0]?.tempoBpm).toBeCloseTo(before.tempoBpm / 2, 6)
  })

  itWith('ffprobe')('writes tags into files only when told to, keeps the audio, and takes it back', async () => {
    const {crate, music} = await crateWithMusic(TRACK)
    const path = join(music, TRACK)
    const original = readFileSync(path)
    await crate.run('library', 'edit', 'azotea', '--tag', 'title=Kept here only', '--tag', 'genre=')
    expect(readFileSync(path).equals(original)).toBe(true)
    const table = (await crate.run('library', 'list')).stdout
    expect(table).toContain('Kept here only')
    expect(table).not.toMatch(/Azotea|House/)
    const written = await crate.run(
      'library',
      'edit',
      'azotea',
      '--tag',
      'title=夜 – neu',
      '--tag',
      'label=A label',
      '--write-tags',
      '--json',
    )
    expect(written.status, written.stderr).toBe(0)
    const probe = (key: string) =>
      execFileSync('ffprobe', ['-v', 'error', '-show_entries', `format_tags=${key}`, '-of', 'csv=p=0', path], {
        encoding: 'utf8',
      }).trim()
    const audio = () =>
      execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:a', '-c', 'copy', '-f', 'md5', '-'], {
        encoding: 'utf8',
      })
    expect(probe('title')).toBe('夜 – neu')
    const md5 = audio()
    const backup = written.json<{backup: string}>().backup
    expect((await crate.run('library', 'restore', backup)).status).toBe(0)
    expect(probe('title')).toBe('Azotea (Extended Mix)')
    expect(probe('publisher')).toBe('')
    expect(audio()).toBe(md5)
  })

  it('refuses what it cannot understand and changes nothing', async () => {
    const {crate} = await crateWithMusic(TRACK)
    const before = await show(crate, 'azotea')
    for (const flags of [
      ['--rating', '9'],
      ['--key', 'X#'],
      ['--color', 'red'],
      ['--tempo', 'fast'],
      ['--tag', 'nonsense=1'],
      ['--tag', 'year=x'],
    ]) {
      const run = await crate.run('library', 'edit', 'azotea', '--rating', '3', ...flags, '--json')
      expect(run.status, flags.join(' ')).toBe(2)
    }
    expect(await show(crate, 'azotea')).toEqual(before)
  })
})

describe('crate export and restore', () => {
  it('backs up what it did not write itself, and brings it back', async () => {
    const {crate} = await crateWithMusic(TRACK)
    const target = join(crate.home, 'collection.nml')
    const foreign =
      '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<NML VERSION="19"><HEAD COMPANY="www.native-instruments.com" PROGRAM="Traktor"></HEAD>\n<COLLECTION ENTRIES="0"></COLLECTION>\n<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="0"></SUBNODES></NODE></PLAYLISTS>\n</NML>\n'
    writeFileSync(target, foreign)
    const first = (await crate.run('export', 'traktor', '--to', target, '--json')).json<{
      backup: string | null
      files: unknown[]
    }>()
    expect(first.backup).not.toBeNull()
    expect(readFileSync(target, 'utf8')).toContain('Azotea')
    const second = (await crate.run('export', 'traktor', '--to', target, '--json')).json<{
      backup: string | null
      files: unknown[]
      unchangedFiles: number
    }>()
    expect(second).toMatchObject({backup: null})
    expect((await crate.run('library', 'restore', String(first.backup))).status).toBe(0)
    expect(readFileSync(target, 'utf8')).toBe(foreign)
  })

  it('copies the whole library, puts the copy back, and keeps what it replaces', async () => {
    const {crate} = await crateWithMusic(TRACK)
    const titles = async () =>
      (await crate.run('library', 'list', '--json')).json<{tracks: {title: string}[]}>().tracks.map(({title}) => title)
    const copy = join(crate.home, 'copy.db')
    const [before] = await titles()
    expect((await crate.run('library', 'backup', '--to', copy)).status).toBe(0)
    expect((await crate.run('library', 'edit', 'azotea', '--tag', 'title=Another')).status).toBe(0)
    expect(await titles()).toEqual(['Another'])
    const restored = await crate.run('library', 'restore', copy, '--json')
    expect(restored.status, restored.stderr).toBe(0)
    expect(existsSync(restored.json<{before: string}>().before)).toBe(true)
    expect(await titles()).toEqual([before])
    const absent = await crate.run('library', 'restore', join(crate.home, 'absent.db'), '--json')
    expect(absent.json<{error: {code: string}}>().error.code).toBe('FILE_NOT_FOUND')
    expect(await titles()).toEqual([before])
  })

  it('writes nothing with --dry-run, and says what is lost', async () => {
    const {crate} = await crateWithMusic(TRACK)
    const target = join(crate.home, 'out.xml')
    const run = await crate.run('export', 'rekordbox', '--to', target, '--dry-run', '--json')
    expect(run.json<{isDryRun: boolean; losses: {loss: string; count: number}[]}>()).toMatchObject({isDryRun: true})
    expect(run.json<{losses: {loss: string}[]}>().losses.map(({loss}) => loss)).toContain('energy')
    expect(() => readFileSync(target)).toThrow()
  })
})

describe('crate import', () => {
  it('keeps what an import brought when the files arrive later, under another path', async () => {
    const {crate, music} = await crateWithMusic(TRACK)
    await crate.run('library', 'edit', 'azotea', '--rating', '5', '--tag', 'comment=floor filler')
    await crate.run('playlist', 'create', 'Friday/Peak', 'azotea')
    const xml = join(crate.home, 'rekordbox.xml')
    expect((await crate.run('export', 'rekordbox', '--to', xml)).status).toBe(0)

    const other = installCrate()
    const moved = join(other.home, 'Elsewhere')
    mkdirSync(moved)
    const imported = (await other.run('import', 'rekordbox', xml, '--map', `${music}=${moved}`, '--json')).json<{
      tracks: number
      absentFiles: number
      playlists: number
    }>()
    expect(imported).toMatchObject({tracks: 1, absentFiles: 1, playlists: 1})
    copyFileSync(join(music, TRACK), join(moved, TRACK))
    const sync = await other.run('sync', moved, '--json')
    expect(sync.json<{summary: object}>().summary).toMatchObject({found: 1, new: 0, analyzed: 1})
    const track = await show(other, 'azotea')
    expect(track.ratingStars).toBe(5)
    expect(track.cues.every(({origin}) => origin === 'import:rekordbox')).toBe(true)
    const list = (await other.run('playlist', 'show', 'Friday/Peak', '--json')).json<{tracks: {id: string}[]}>()
    expect(list.tracks.map(({id}) => id)).toEqual([track.id])
  })
})

describe('crate library relocate', () => {
  it('finds moved files by their audio, also when a sync has already taken them for new', async () => {
    const {crate, music} = await crateWithMusic(TRACK)
    await crate.run('library', 'edit', 'azotea', '--rating', '5')
    const before = await show(crate, 'azotea')
    const elsewhere = join(crate.home, 'Drive')
    mkdirSync(elsewhere)
    renameSync(join(music, TRACK), join(elsewhere, 'renamed.mp3'))
    const dry = (await crate.run('library', 'relocate', elsewhere, '--dry-run', '--json')).json<{
      found: {reason: string}[]
    }>()
    expect(dry.found.map(({reason}) => reason)).toEqual(['same audio'])
    const report = await crate.run('library', 'relocate', elsewhere, '--json')
    expect(report.status, report.stderr).toBe(0)
    const after = await show(crate, 'azotea')
    expect(after).toMatchObject({id: before.id, ratingStars: 5, path: join(elsewhere, 'renamed.mp3')})
  })
})

describe('crate library relocate, by hard cases', () => {
  itWith('kid3-cli')(
    'hears a file that was moved, renamed and tagged anew, and names another encoding only',
    async () => {
      const other = 'Delroy Finch - Platform Nine.ogg'
      const {crate, music} = await crateWithMusic(TRACK, other)
      const [before, beforeOther] = [await show(crate, 'azotea'), await show(crate, 'platform')]
      const elsewhere = join(crate.home, 'Drive')
      mkdirSync(elsewhere)
      const retagged = join(elsewhere, 'x.mp3')
      renameSync(join(music, TRACK), retagged)
      execFileSync('kid3-cli', ['-c', 'set title "Another"', '-c', `set comment "${'long '.repeat(2000)}"`, retagged])
      // The same piece under the same name with other audio: only the person can say that it is the same.
      rmSync(join(music, other))
      execFileSync('ffmpeg', ['-v', 'error', '-i', join(FIXTURE_MUSIC, other), '-q:a', '1', join(elsewhere, other)])
      const report = (await crate.run('library', 'relocate', elsewhere, '--json')).json<{
        found: {trackId: string; to: string; reason: string}[]
        lost: {candidates: string[]}[]
      }>()
      expect(report.found).toMatchObject([{trackId: before.id, to: retagged, reason: 'same audio'}])
      expect(report.lost).toMatchObject([{candidates: [join(elsewhere, other)]}])
      expect(await show(crate, 'platform')).toMatchObject({id: beforeOther.id, path: join(music, other)})
    },
  )

  it('maps a folder of a Mac whose names are in parts to names that are composed, and lists copies by audio', async () => {
    const {crate, music} = await crateWithMusic()
    const name = 'Tomás – Azotea.mp3'
    copyFileSync(join(FIXTURE_MUSIC, TRACK), join(music, name.normalize('NFC')))
    copyFileSync(join(FIXTURE_MUSIC, TRACK), join(music, 'copy.mp3'))
    const xml = join(crate.home, 'mac.xml')
    const location = `file://localhost/Volumes/USB/Music/${encodeURIComponent(name.normalize('NFD'))}`
    writeFileSync(
      xml,
      `<?xml version="1.0" encoding="UTF-8"?><DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="1"><TRACK TrackID="1" Name="Azotea" Rating="255" Location="${location}"/></COLLECTION></DJ_PLAYLISTS>`,
    )
    expect((await crate.run('import', 'rekordbox', xml)).status).toBe(0)
    const report = (
      await crate.run('library', 'relocate', crate.home, '--map', `/Volumes/USB/Music=${music}`, '--json')
    ).json<{found: {to: string; reason: string}[]}>()
    expect(report.found).toMatchObject([{to: join(music, name.normalize('NFC')), reason: 'mapped path'}])
    await crate.run('sync', music)
    expect(await show(crate, join(music, name.normalize('NFC')))).toMatchObject({ratingStars: 5})
    const {groups} = (await crate.run('library', 'duplicates', '--json')).json<{groups: {tracks: {path: string}[]}[]}>()
    expect(groups.map(({tracks}) => tracks.map(({path}) => path).sort())).toEqual([
      [join(music, name.normalize('NFC')), join(music, 'copy.mp3')].sort(),
    ])
  })
})

describe('crate playlist', () => {
  it('builds a set that keeps what was asked for', async () => {
    const crate = installCrate()
    await crate.run('sync', FIXTURE_MUSIC)
    const build = await crate.run(
      'playlist',
      'build',
      '--name',
      'Sets/One',
      '--duration',
      '2',
      '--must',
      'azotea',
      '--svg',
      join(crate.home, 'set.svg'),
      '--json',
    )
    expect(build.status, build.stderr + build.stdout).toBe(0)
    const {entries, durationMs} = build.json<{entries: {track: {name: string}}[]; durationMs: number}>()
    expect(entries.map(({track}) => track.name).join()).toContain('Azotea')
    expect(Math.abs(durationMs - 120_000)).toBeLessThan(25_000)
    expect(readFileSync(join(crate.home, 'set.svg'), 'utf8')).toContain('<svg')
    const show = (await crate.run('playlist', 'show', 'Sets/One', '--json')).json<{
      tracks: unknown[]
      review: {tracks: number}
    }>()
    expect(show.review.tracks).toBe(entries.length)
    expect(
      (await crate.run('playlist', 'build', '--name', 'Sets/One', '--duration', '2', '--json')).json(),
    ).toMatchObject({error: {code: 'CONFLICT'}})
  })

  it('fills a smart playlist at every sync', async () => {
    const {crate, music} = await crateWithMusic(TRACK)
    await crate.run('playlist', 'create', 'Fast', '--query', 'bpm:130..')
    const count = async () =>
      (await crate.run('playlist', 'list', '--json')).json<{playlists: {trackCount: number}[]}>().playlists[0]
        ?.trackCount
    expect(await count()).toBe(0)
    copyFileSync(join(FIXTURE_MUSIC, 'Kessel & Rohr - Schichtwechsel.mp3'), join(music, 'fast.mp3'))
    await crate.run('sync', music)
    expect(await count()).toBe(1)
    expect((await crate.run('playlist', 'create', 'Broken', '--query', 'bpm:fast', '--json')).json()).toMatchObject({
      error: {code: 'QUERY_INVALID'},
    })
  })
})

describe('crate suggest', () => {
  it('never suggests the playing track or what is excluded, and gives the same answer twice', async () => {
    const crate = installCrate()
    await crate.run('sync', FIXTURE_MUSIC)
    const ask = async () =>
      (await crate.run('suggest', 'glasshouse', '--without', 'azotea', '--limit', '20', '--json')).json<{
        suggestions: {track: {title: string}; reasons: {text: string}[]; score: number}[]
      }>()
    const first = await ask()
    const titles = first.suggestions.map(({track}) => track.title)
    expect(titles).not.toContain('Glasshouse')
    expect(titles).not.toContain('Azotea (Extended Mix)')
    expect(titles).toHaveLength(6)
    for (const {reasons, score} of first.suggestions) {
      expect(reasons.length).toBeGreaterThan(0)
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(1)
    }
    expect(await ask()).toEqual(first)
  })
})

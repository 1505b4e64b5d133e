// What an export promises a DJ: nothing is left out in silence, what changes is told first, and there is a way back.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {type Crate, FIXTURE_MUSIC, installCrate} from '../support/crate.js'
import {itWith} from '../support/tools.js'

const MP3 = 'Kessel & Rohr - Schichtwechsel.mp3'
const FLAC = '青木ハル - 夜明けの線路.flac'

/** A Rekordbox XML of tracks with a cue and a grid each, one list that holds one of them twice. */
function rekordboxXml(paths: readonly string[]): string {
  const location = (path: string) => `file://localhost${path.split('/').map(encodeURIComponent).join('/')}`
  const tracks = paths.map(
    (path, index) =>
      `<TRACK TrackID="${index + 1}" Name="T${index}" Artist="A" Mix="Dub" TotalTime="60" AverageBpm="128.00" Location="${location(path)}">` +
      '<TEMPO Inizio="0.500" Bpm="128.00" Metro="4/4" Battito="1"/><TEMPO Inizio="15.500" Bpm="130.00" Metro="4/4" Battito="1"/>' +
      '<POSITION_MARK Name="Drop" Type="0" Start="15.500" Num="0" Red="40" Green="226" Blue="20"/>' +
      '<POSITION_MARK Name="Roll" Type="4" Start="30.500" End="32.375" Num="1"/></TRACK>',
  )
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="${paths.length}">${tracks.join('')}</COLLECTION>` +
    '<PLAYLISTS><NODE Type="0" Name="ROOT" Count="1"><NODE Name="List" Type="1" KeyType="0" Entries="3">' +
    '<TRACK Key="1"/><TRACK Key="2"/><TRACK Key="1"/></NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>\n'
  )
}

async function crateWithImport(paths: readonly string[]): Promise<Crate> {
  const crate = installCrate()
  const xml = join(crate.home, 'in.xml')
  writeFileSync(xml, rekordboxXml(paths))
  const run = await crate.run('import', 'rekordbox', xml)
  expect(run.status, run.stderr).toBe(0)
  return crate
}

async function crateWithMusic(): Promise<{crate: Crate; music: string; files: string[]}> {
  const home = installCrate().home
  const music = join(home, 'Music')
  mkdirSync(music)
  const files = [MP3, FLAC].map((name) => join(music, name))
  for (const file of files) copyFileSync(join(FIXTURE_MUSIC, file.slice(music.length + 1)), file)
  return {crate: await crateWithImport(files), music, files}
}

describe('an export of what another machine brought', () => {
  it('holds every track and list, although the files were never here, and keeps the tempo that the program told', async () => {
    const crate = await crateWithImport(['/Users/dj/Music/a.mp3', '/Users/dj/Music/b.mp3'])
    const target = join(crate.home, 'out.xml')
    const run = await crate.run('export', 'rekordbox', '--to', target, '--json')
    expect(run.json()).toMatchObject({tracks: 2, leftOut: 0})
    const text = readFileSync(target, 'utf8')
    expect(text.match(/file:\/\/localhost\/Users\/dj\/Music\/[ab]\.mp3/g)).toHaveLength(2)
    expect([...text.matchAll(/Key="(\d)"/g)].map(([, key]) => key)).toEqual(['1', '2', '1'])
    expect(text.match(/AverageBpm="128\.00"/g)).toHaveLength(2)
  })

  it('leaves out files that were here and are gone, says so, and takes them with --with-missing', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    for (const name of [MP3, FLAC]) copyFileSync(join(FIXTURE_MUSIC, name), join(music, name))
    expect((await crate.run('sync', music)).status).toBe(0)
    rmSync(join(music, MP3))
    expect((await crate.run('sync', music)).status).toBe(0)
    const target = join(crate.home, 'out.xml')
    const run = await crate.run('export', 'rekordbox', '--to', target)
    expect(run.stdout).toContain('1 track left out')
    const all = await crate.run('export', 'rekordbox', '--to', target, '--with-missing', '--json')
    expect(all.json()).toMatchObject({tracks: 2, leftOut: 0})
  })
})

describe('crate import --take-tags', () => {
  it('lets the title and comment of the program win over the file, which is told without it', async () => {
    const crate = installCrate()
    const path = join(crate.home, MP3)
    copyFileSync(join(FIXTURE_MUSIC, MP3), path)
    expect((await crate.run('sync', path)).status).toBe(0)
    const xml = join(crate.home, 'in.xml')
    writeFileSync(xml, rekordboxXml([path]))
    const titleAfter = async (...flags: string[]) => {
      const run = await crate.run('import', 'rekordbox', xml, '--json', ...flags)
      expect(run.json()).toMatchObject({tracks: 1, added: 0, otherTags: 1})
      const list = (await crate.run('library', 'list', '--json')).json<{tracks: {title: string}[]}>()
      return list.tracks.map(({title}) => title)
    }
    expect(await titleAfter()).toEqual(['Schichtwechsel'])
    expect(await titleAfter('--take-tags')).toEqual(['T0'])
  })
})

describe('positions in an MP3 of 48 kHz', () => {
  itWith('ffmpeg')('come back from Traktor as they left Rekordbox', async () => {
    const path = join(installCrate().home, 'tone.mp3')
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=440:duration=2:sample_rate=48000', path])
    const out = await crateWithImport([path])
    const nml = join(out.home, 'collection.nml')
    expect((await out.run('export', 'traktor', '--to', nml)).status).toBe(0)
    // FFmpeg's header: Traktor counts its frame of 1152 samples, 24 ms of 48 kHz, and Rekordbox does not.
    expect(readFileSync(nml, 'utf8')).toContain('START="15524.000000"')
    const back = installCrate()
    expect((await back.run('import', 'traktor', nml)).status).toBe(0)
    const xml = join(back.home, 'back.xml')
    expect((await back.run('export', 'rekordbox', '--to', xml)).status).toBe(0)
    expect(readFileSync(xml, 'utf8')).toContain('Start="15.500"')
  })
})

describe('crate export --dry-run', () => {
  it('makes no file and no folder, and tells what it would do to each audio file', async () => {
    const {crate, music, files} = await crateWithMusic()
    const before = files.map((file) => readFileSync(file))
    const run = await crate.run('export', 'serato', '--to', music, '--write-tags', '--dry-run', '--json')
    const report = run.json<{
      tags: {path: string; keys: string[]; changes: string[]}[]
      losses: {loss: string; count: number; text: string}[]
    }>()
    expect(report.tags.map(({path}) => path).sort()).toEqual([...files].sort())
    expect(report.tags[0]?.changes).toEqual(['1 cues', '1 loops', 'beat grid'])
    expect(report.losses).toContainEqual({loss: 'tags', count: 2, text: 'tracks lose tags (mix)'})
    expect(readdirSync(music).sort()).toEqual([MP3, FLAC].sort())
    expect(files.map((file) => readFileSync(file))).toEqual(before)
  })
})

describe('the losses of an export', () => {
  it('are told before the files are written, and by the version that is written', async () => {
    const crate = await crateWithImport(['/Users/dj/a.mp3', '/Users/dj/b.mp3'])
    const lossesOf = async (version: string) => {
      const run = await crate.run(
        'export',
        'traktor',
        '--to',
        `${version}.nml`,
        '--option',
        `version=${version}`,
        '--json',
      )
      return run.json<{losses: {loss: string}[]}>().losses.map(({loss}) => loss)
    }
    expect(await lossesOf('19')).toEqual(['cue-color', 'flexible-grid'])
    expect(await lossesOf('20')).toEqual([])
    const run = await crate.run('export', 'traktor', '--to', 'shown.nml')
    expect(run.stdout.indexOf('not carried by Traktor NML')).toBeLessThan(run.stdout.indexOf('✓'))
  })
})

/** A process that the system lists under a DJ program's name. */
function pretend(name: string, folder: string): ChildProcess {
  const program = join(folder, name)
  copyFileSync(execFileSync('sh', ['-c', 'command -v sleep'], {encoding: 'utf8'}).trim(), program)
  const child = spawn(program, ['60'], {stdio: 'ignore'})
  onTestFinished(() => {
    child.kill()
  })
  return child
}

describe('crate library restore', () => {
  const NML =
    '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<NML VERSION="19"><HEAD COMPANY="x" PROGRAM="Traktor"></HEAD>\n<COLLECTION ENTRIES="0"></COLLECTION>\n<PLAYLISTS></PLAYLISTS>\n</NML>\n'

  it('keeps what is there now, so that a restore can be undone', async () => {
    const crate = await crateWithImport(['/Users/dj/a.mp3', '/Users/dj/b.mp3'])
    const target = join(crate.home, 'collection.nml')
    writeFileSync(target, NML)
    const {backup} = (await crate.run('export', 'traktor', '--to', target, '--json')).json<{backup: string}>()
    const exported = readFileSync(target, 'utf8')
    const run = await crate.run('library', 'restore', backup, '--json')
    expect(readFileSync(target, 'utf8')).toBe(NML)
    const {before} = run.json<{before: {id: string}}>()
    expect((await crate.run('library', 'restore', before.id)).status).toBe(0)
    expect(readFileSync(target, 'utf8')).toBe(exported)
  })

  itWith('sleep')('is refused, as an export is, while the program is open', async () => {
    const crate = await crateWithImport(['/Users/dj/a.mp3', '/Users/dj/b.mp3'])
    const target = join(crate.home, 'collection.nml')
    writeFileSync(target, NML)
    const {backup} = (await crate.run('export', 'traktor', '--to', target, '--json')).json<{backup: string}>()
    const exported = readFileSync(target, 'utf8')
    const program = pretend('Traktor', crate.home)
    for (const args of [
      ['library', 'restore', backup, '--json'],
      ['export', 'traktor', '--to', target, '--json'],
    ]) {
      const run = await crate.run(...args)
      expect(run.status).toBe(1)
      expect(run.json()).toMatchObject({error: {code: 'TARGET_RUNNING'}})
      expect(run.stdout).toContain(String(program.pid))
    }
    expect(readFileSync(target, 'utf8')).toBe(exported)
  })

  itWith('ffmpeg')('takes tags and new files back, also where one audio file is gone', async () => {
    const {crate, music, files} = await crateWithMusic()
    const [mp3 = '', flac = ''] = files
    const audio = (path: string) => execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:a', '-f', 'md5', '-'])
    const before = audio(mp3)
    const {backup} = (await crate.run('export', 'serato', '--to', music, '--write-tags', '--json')).json<{
      backup: string
    }>()
    expect(readFileSync(mp3).includes('Serato Markers2')).toBe(true)
    expect(audio(mp3)).toEqual(before)
    rmSync(flac)
    const run = await crate.run('library', 'restore', backup, '--json')
    expect(run.status).toBe(3)
    expect(run.json<{failures: {path: string}[]}>().failures.map(({path}) => path)).toEqual([flac])
    expect(readFileSync(mp3).includes('Serato Markers2')).toBe(false)
    expect(audio(mp3)).toEqual(before)
    expect(existsSync(join(music, '_Serato_', 'database V2'))).toBe(false)
  })
})

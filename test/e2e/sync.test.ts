// The main job as a DJ meets it: first sync, nothing changed, small changes, copies, retagging, manifests, bad files.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, it} from 'vitest'
import {type Crate, installCrate, temporaryFolder} from '../support/crate.js'
import {clickSamples, wavBytes, writeClicks} from '../support/wav.js'

interface SyncJson {
  tracks: {
    id: string
    path: string
    title: string | null
    artist: string | null
    tempoBpm: number | null
    isNew: boolean
  }[]
  failures: {path: string; code: string; message: string; hints: string[]}[]
  summary: Record<
    'found' | 'new' | 'changed' | 'moved' | 'missing' | 'analyzed' | 'unchanged' | 'failed' | 'elapsedMs',
    number
  >
}

let crate: Crate
let music: string
beforeEach(() => {
  crate = installCrate()
  music = join(crate.home, 'Music')
  mkdirSync(music)
})

const sync = async (...args: string[]) => {
  const run = await crate.run('sync', music, '--json', ...args)
  return {...run, sync: run.json<SyncJson>()}
}
const clicks = (name: string, tempoBpm: number, toneHz: number) =>
  writeClicks(join(music, name), {tempoBpm, seconds: 20, toneHz})

describe('crate sync', () => {
  it('says what to do when there is nothing to sync', async () => {
    const {status, stdout} = await crate.run('sync', '--json')
    expect(status).toBe(1 + 1)
    expect(JSON.parse(stdout)).toMatchObject({error: {code: 'USAGE'}})
    const unknown = await crate.run('snyc', '--json')
    expect(unknown.status).toBe(2)
    expect(unknown.json()).toMatchObject({error: {code: 'USAGE'}})
  })

  it('touches exactly what is new, changed, moved and gone', async () => {
    for (let n = 0; n < 8; n++) clicks(`track ${n}.wav`, 118 + n, 200 + 40 * n)
    const first = await sync()
    expect(first.status).toBe(0)
    expect(first.sync.summary).toMatchObject({found: 8, new: 8, analyzed: 8, unchanged: 0, failed: 0})
    for (let n = 0; n < 8; n++) {
      const track = first.sync.tracks.find(({path}) => path.endsWith(`track ${n}.wav`))
      expect(track?.tempoBpm, `tempo of track ${n}`).toBeCloseTo(118 + n, 1)
    }

    const second = await sync()
    expect(second.sync.summary).toMatchObject({found: 8, new: 0, analyzed: 0, unchanged: 8})
    expect(second.sync.tracks.map(({id}) => id)).toEqual(first.sync.tracks.map(({id}) => id))

    const idOf = (name: string, from = first.sync) => from.tracks.find(({path}) => path.endsWith(name))?.id
    clicks('new.wav', 140, 700)
    clicks('track 1.wav', 150, 640)
    mkdirSync(join(music, 'moved'))
    renameSync(join(music, 'track 2.wav'), join(music, 'moved', 'other name.wav'))
    rmSync(join(music, 'track 3.wav'))
    const third = await sync()
    expect(third.sync.summary).toMatchObject({
      found: 8,
      new: 1,
      changed: 1,
      moved: 1,
      missing: 1,
      analyzed: 2,
      unchanged: 5,
      failed: 0,
    })
    expect(idOf('other name.wav', third.sync)).toBe(idOf('track 2.wav'))
    expect(idOf('track 1.wav', third.sync)).toBe(idOf('track 1.wav'))
    expect(third.sync.tracks.find(({path}) => path.endsWith('track 1.wav'))?.tempoBpm).toBeCloseTo(150, 1)
  })

  it('shows with --dry-run what it would do, and does nothing', async () => {
    for (let n = 0; n < 4; n++) clicks(`${n}.wav`, 120 + n, 300 + n * 50)
    const target = join(crate.home, 'rekordbox.xml')
    const plan = async () => {
      const {status, sync: result} = await sync('--dry-run', '--export', `rekordbox=${target}`)
      expect(status).toBe(0)
      const {planned} = result as SyncJson & {planned: Record<string, string[]>}
      return Object.fromEntries(
        Object.entries(planned).map(([kind, paths]) => [kind, paths.map((path) => path.slice(music.length + 1))]),
      )
    }
    const nothing = {new: [], changed: [], moved: [], missing: [], analyzed: []}
    expect(await plan()).toEqual({...nothing, new: ['0.wav', '1.wav', '2.wav', '3.wav']})
    await sync()
    expect(await plan()).toEqual(nothing)
    clicks('0.wav', 150, 777)
    renameSync(join(music, '1.wav'), join(music, 'moved.wav'))
    rmSync(join(music, '2.wav'))
    clicks('new.wav', 140, 700)
    const planned = {...nothing, new: ['new.wav'], changed: ['0.wav'], moved: ['moved.wav'], missing: ['2.wav']}
    expect(await plan()).toEqual(planned)
    expect(await plan(), 'the first look changed nothing').toEqual(planned)
    expect(existsSync(target)).toBe(false)
  })

  it('follows the audio when files exchange names, are renumbered, or take the place of another', async () => {
    const names = ['swap a', 'swap b', '01', '02', '03', 'over', 'under']
    names.forEach((name, n) => {
      clicks(`${name}.wav`, 100 + 7 * n, 200 + 40 * n)
    })
    const first = await sync()
    const idOf = (name: string, from: SyncJson) => from.tracks.find(({path}) => path.endsWith(`/${name}.wav`))?.id ?? ''
    for (const [stars, name] of names.entries())
      await crate.run('library', 'edit', idOf(name, first.sync), '--rating', String(stars % 6))
    const move = (from: string, to: string) => renameSync(join(music, `${from}.wav`), join(music, `${to}.wav`))
    move('swap a', 'x')
    move('swap b', 'swap a')
    move('x', 'swap b')
    move('03', '04')
    move('02', '03')
    move('01', '02')
    move('over', 'under')

    const second = await sync()
    expect(second.sync.summary).toMatchObject({found: 6, new: 0, changed: 0, moved: 6, missing: 1, analyzed: 0})
    const moves = {'swap a': 'swap b', 'swap b': 'swap a', '01': '02', '02': '03', '03': '04', over: 'under'}
    for (const [before, after] of Object.entries(moves)) {
      expect(idOf(after, second.sync), `${before} is now ${after}`).toBe(idOf(before, first.sync))
      const {track} = (await crate.run('library', 'show', idOf(before, first.sync), '--json')).json<{
        track: {tempoBpm: number; ratingStars: number}
      }>()
      expect(track.ratingStars).toBe(names.indexOf(before) % 6)
      expect(track.tempoBpm).toBeCloseTo(100 + 7 * names.indexOf(before), 1)
    }
    const missing = (await crate.run('library', 'missing', '--json')).json<{tracks: {id: string}[]}>().tracks
    expect(missing.map(({id}) => id)).toEqual([idOf('under', first.sync)])
    expect((await sync()).sync.summary).toMatchObject({unchanged: 6, moved: 0, missing: 0})
  })

  it('does not take music for missing that it was not allowed to look at', async () => {
    const folder = join(music, 'locked')
    mkdirSync(folder)
    clicks(join('locked', 'a.wav'), 120, 300)
    await sync()
    if (process.getuid?.() === 0) {
      // Nothing is locked for root; a link that leads in a circle is not to be looked into either.
      renameSync(folder, join(crate.home, 'aside'))
      symlinkSync('locked', folder)
    } else chmodSync(folder, 0)
    const run = await sync()
    if (process.getuid?.() !== 0) chmodSync(folder, 0o755)
    expect(run.status).toBe(3)
    expect(run.sync.summary).toMatchObject({found: 0, missing: 0})
  })

  it('keeps the analysis of a file whose tags change, and of a copy', async () => {
    clicks('a.wav', 124, 300)
    const first = await sync()
    writeFileSync(
      join(music, 'a.wav'),
      wavBytes(clickSamples({tempoBpm: 124, seconds: 20, toneHz: 300}), 'A new title'),
    )
    copyFileSync(join(music, 'a.wav'), join(music, 'copy.wav'))
    const second = await sync()
    expect(second.sync.summary).toMatchObject({found: 2, new: 1, changed: 1, analyzed: 0})
    expect(second.sync.tracks[0]).toMatchObject({id: first.sync.tracks[0]?.id, title: 'A new title'})
    expect(second.sync.tracks[1]?.tempoBpm).toBeCloseTo(124, 1)
    const duplicates = (await crate.run('library', 'duplicates', '--json')).json<{groups: {tracks: unknown[]}[]}>()
    expect(duplicates.groups.map(({tracks}) => tracks.length)).toEqual([2])
  })

  it('brings a track back with everything when its file comes back', async () => {
    clicks('a.wav', 128, 300)
    const first = await sync()
    const away = join(temporaryFolder(), 'a.wav')
    renameSync(join(music, 'a.wav'), away)
    expect((await sync()).sync.summary).toMatchObject({found: 0, missing: 1})
    expect((await crate.run('library', 'missing', '--json')).json<{tracks: unknown[]}>().tracks).toHaveLength(1)
    renameSync(away, join(music, 'a.wav'))
    const back = await sync()
    expect(back.sync.summary).toMatchObject({found: 1, new: 0, analyzed: 0})
    expect(back.sync.tracks[0]?.id).toBe(first.sync.tracks[0]?.id)
    expect((await crate.run('library', 'missing', '--json')).json<{tracks: unknown[]}>().tracks).toHaveLength(0)
  })

  it('takes a manifest: its words win over the tags, and what it gets wrong is listed', async () => {
    const folder = join(crate.home, 'handover')
    mkdirSync(join(folder, 'sub'), {recursive: true})
    writeClicks(join(folder, 'sub', 'one.wav'), {tempoBpm: 126, seconds: 20, toneHz: 330}, 'From the file')
    const outside = join(crate.home, 'outside.wav')
    writeClicks(outside, {tempoBpm: 126, seconds: 20, toneHz: 350})
    const entries = [
      {file: 'sub/one.wav', artist: 'Кино', title: '夜'},
      {file: 'sub/one.wav', title: 'Twice'},
      {file: 'absent.wav'},
      {file: outside},
      {file: '../outside.wav'},
      {title: 'No file'},
      'nonsense',
    ]
    const manifest = join(folder, 'manifest.json')
    writeFileSync(manifest, JSON.stringify({tracks: entries}))
    const run = await crate.run('sync', manifest, '--json')
    expect(run.status).toBe(3)
    const result = run.json<SyncJson>()
    expect(result.tracks).toHaveLength(1)
    expect(result.tracks[0]).toMatchObject({artist: 'Кино', title: '夜'})
    expect(result.failures.map(({code}) => code).sort()).toEqual(
      [
        'CONFLICT',
        'FILE_NOT_FOUND',
        'MANIFEST_INVALID',
        'MANIFEST_INVALID',
        'MANIFEST_INVALID',
        'MANIFEST_INVALID',
      ].sort(),
    )
  })

  it('finishes everything else when files are bad, names each once with a hint, and exits with 3', async () => {
    clicks('good.wav', 125, 300)
    const good = readFileSync(join(music, 'good.wav'))
    writeFileSync(join(music, 'empty.mp3'), '')
    writeFileSync(join(music, 'text.mp3'), 'this is no music\n'.repeat(100))
    writeFileSync(join(music, 'short.wav'), good)
    truncateSync(join(music, 'short.wav'), Math.floor(good.length / 3))
    mkdirSync(join(music, 'folder.wav'))
    writeClicks(join(music, 'folder.wav', 'inside.wav'), {tempoBpm: 122, seconds: 20, toneHz: 360})
    symlinkSync(join(music, 'nowhere.wav'), join(music, 'dangling.wav'))
    symlinkSync('loop.wav', join(music, 'loop.wav'))
    symlinkSync(music, join(music, 'again'))
    writeClicks(join(music, '...And Dots.wav'), {tempoBpm: 119, seconds: 20, toneHz: 380})
    writeClicks(join(music, '._good.wav'), {tempoBpm: 119, seconds: 20, toneHz: 390})
    mkdirSync(Buffer.concat([Buffer.from(`${music}/`), Buffer.from([0x63, 0xe9])]))
    writeFileSync(
      Buffer.concat([Buffer.from(`${music}/`), Buffer.from([0x63, 0x61, 0x66, 0xe9]), Buffer.from('.wav')]),
      good,
    )
    const isRoot = process.getuid?.() === 0
    if (!isRoot) {
      writeFileSync(join(music, 'secret.wav'), good)
      chmodSync(join(music, 'secret.wav'), 0)
    }
    const run = await sync()
    expect(run.status).toBe(3)
    const names = run.sync.tracks.map(({path}) => path.slice(music.length + 1)).sort()
    expect(names).toEqual(['...And Dots.wav', 'folder.wav/inside.wav', 'good.wav'])
    const failed = Object.fromEntries(run.sync.failures.map(({path, code}) => [path.split('/').at(-1), code]))
    expect(failed).toMatchObject({
      'empty.mp3': 'AUDIO_EMPTY',
      'text.mp3': 'AUDIO_UNDECODABLE',
      'short.wav': 'AUDIO_UNDECODABLE',
      'folder.wav': 'FILE_UNREADABLE',
      'dangling.wav': 'FILE_NOT_FOUND',
      'loop.wav': 'FILE_UNREADABLE',
      'café.wav': 'FILE_UNREADABLE',
      cé: 'FILE_UNREADABLE',
      ...(isRoot ? {} : {'secret.wav': 'FILE_UNREADABLE'}),
    })
    for (const {message, hints} of run.sync.failures) {
      expect(hints.length, message).toBeGreaterThan(0)
      expect(message).not.toMatch(/\bat .+:\d+:\d+/)
    }
    const again = await sync()
    expect(again.status).toBe(3)
    expect(again.sync.summary).toMatchObject({analyzed: 0, unchanged: 3, failed: run.sync.summary.failed})
  })

  it('reads no audio when nothing changed, however the clock of the folder moves', async () => {
    for (let n = 0; n < 3; n++) clicks(`${n}.wav`, 120 + n, 300 + n * 50)
    await sync()
    const before = [0, 1, 2].map((n) => statSync(join(music, `${n}.wav`)).atimeMs)
    utimesSync(music, new Date(), new Date())
    expect((await sync()).sync.summary).toMatchObject({unchanged: 3, analyzed: 0})
    expect([0, 1, 2].map((n) => statSync(join(music, `${n}.wav`)).atimeMs)).toEqual(before)
  })
})

// Mixxx's library: one that Mixxx wrote, one that Mixxx reads, round trips, and databases that are damaged.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../../bench/formats/synthetic-tracks.js'
import {gridFromPositions} from '../../../plugins/mixxx/src/beats.js'
import {exporter} from '../../../plugins/mixxx/src/exporter.js'
import {importer} from '../../../plugins/mixxx/src/importer.js'
import {SCHEMA} from '../../../plugins/mixxx/src/schema.js'
import type {ImportedTrack} from '../../../src/api/format.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import {isCrateError} from '../../../src/core/errors.js'
import type {Track, TrackId} from '../../../src/core/track.js'
import {libraryOf, libraryOfImport} from '../../exporters/harness.js'
import {cpuMs, mutations, truncations} from '../../exporters/hostile.js'
import {SHARED, temporaryFolder} from '../../support/crate.js'
import {itWith, itWithShared} from '../../support/tools.js'
import {writeClicks} from '../../support/wav.js'
import {exportTo, importFrom} from '../real-folder.js'

const REAL = join(SHARED, 'formats/mixxx/mixxxdb-2.3.3.sqlite')
const itWithReal = itWithShared('formats/mixxx')

function query(path: string, sql: string): Record<string, string | number | null>[] {
  const json = execFileSync('sqlite3', ['-readonly', '-json', path, sql]).toString()
  return json === '' ? [] : JSON.parse(json)
}

/** What a round trip keeps, positions to a hundredth of a millisecond. */
function essence({file, tags, ...track}: ImportedTrack | Track) {
  return {
    path: file.path,
    tags: {...tags, label: null, remixer: null, producer: null, mix: null, discNumber: null, key: null},
    key: track.key,
    ratingStars: track.ratingStars,
    colorRgb: track.colorRgb,
    playCount: track.playCount,
    cues: track.cues
      .map(({kind, slot, positionMs, lengthMs, name}) => ({
        kind,
        slot,
        positionMs: positionMs.toFixed(2),
        lengthMs: lengthMs?.toFixed(2) ?? null,
        name,
      }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    beats: track.beatGrid.length > 1 ? 'many' : track.beatGrid.map(({tempoBpm}) => tempoBpm),
  }
}

describe('a library that Mixxx wrote', () => {
  itWithReal('shows its tracks, cues, beats and colours as sqlite3 reads them', async () => {
    const {tracks, warnings} = await importFrom(importer, REAL)
    expect(warnings).toEqual([])
    expect(tracks).toHaveLength(8)
    const rows = query(
      REAL,
      'SELECT l.id, c.position * 500.0 / l.samplerate AS ms, c.label FROM cues c JOIN library l ON l.id = c.track_id WHERE c.type IN (1, 2, 4, 6, 7) AND c.position <> -1',
    )
    expect(tracks.reduce((sum, {cues}) => sum + cues.length, 0)).toBe(rows.length)
    const sorted = (values: string[]) => values.sort()
    expect(
      sorted(tracks.flatMap(({ref, cues}) => cues.map((cue) => `${ref} ${cue.positionMs.toFixed(3)} ${cue.name}`))),
    ).toEqual(sorted(rows.map(({id, ms, label}) => `${id} ${Number(ms).toFixed(3)} ${label}`)))
    const gridded = tracks.find(({ref}) => ref === '17')
    // The first two beats of its blob: 0A 03 08 C1 0F and 0A 04 08 89 C0 01, frames 1985 and 24585 (decoded by hand).
    expect(gridded?.beatGrid[0]?.positionMs).toBeCloseTo(1985 / 44.1, 6)
    expect(beatsOfGrid(gridded?.beatGrid ?? [], 2000)[1]?.positionMs).toBeCloseTo(24_585 / 44.1, 0)
  })

  itWithReal('comes back the same after an export into a copy of it, and keeps what crate does not know', async () => {
    const folder = temporaryFolder()
    const copy = join(folder, 'mixxxdb.sqlite')
    copyFileSync(REAL, copy)
    const before = await importFrom(importer, copy)
    const {backup, failures} = await exportTo(exporter, libraryOfImport(before), copy, join(folder, 'backups'))
    expect([failures, backup === null]).toEqual([[], false])
    const after = await importFrom(importer, copy)
    expect(after.tracks.map(essence)).toEqual(before.tracks.map(essence))
    for (const sql of [
      'SELECT * FROM traktor_library',
      'SELECT * FROM Playlists',
      'SELECT * FROM settings',
      'SELECT * FROM track_locations',
    ])
      expect(query(copy, sql), sql).toEqual(query(REAL, sql))
    expect(query(copy, 'PRAGMA integrity_check')).toEqual([{integrity_check: 'ok'}])
  })

  itWithReal('has the schema that crate makes', () => {
    const folder = temporaryFolder()
    const ours = join(folder, 'new.sqlite')
    execFileSync('sqlite3', [ours], {input: SCHEMA})
    const columns = (path: string) =>
      query(
        path,
        "SELECT m.name AS tbl, p.name AS col, p.type, p.pk FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'rekordbox%' AND m.name NOT LIKE 'serato%' ORDER BY 1, p.cid",
      )
    expect(columns(ours)).toEqual(columns(REAL))
  })
})

describe('round trips', () => {
  it('brings a library with every feature back, but for what is declared', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'mixxxdb.sqlite')
    const library = syntheticLibrary(200)
    await exportTo(exporter, library, path, join(folder, 'backups'), {shiftsPositions: false})
    const back = await importFrom(importer, path, {shiftsPositions: false})
    const sent: Track[] = []
    for await (const track of library.tracks()) sent.push(track)
    const expected = sent.map((track) => {
      const seen = new Set<string>()
      const cues = track.cues
        .filter(({kind}) => kind === 'hot' || kind === 'memory' || (!seen.has(kind) && seen.add(kind)))
        .map((cue) => (cue.kind === 'load' ? {...cue, lengthMs: null} : cue))
      return essence({...track, cues})
    })
    expect(back.tracks.map(essence)).toEqual(expected)
    const beatsOf = (track: Pick<Track, 'beatGrid'>) =>
      beatsOfGrid(track.beatGrid, 60_000)
        .map(({positionMs}) => positionMs)
        .filter((ms) => ms >= (track.beatGrid[0]?.positionMs ?? 0) - 0.02)
    let compared = 0
    for (const [index, track] of sent.entries()) {
      const [theirs, ours] = [beatsOf(track), beatsOf(back.tracks[index] ?? {beatGrid: []})]
      expect(Math.abs(theirs.length - ours.length)).toBeLessThanOrEqual(1)
      for (const [n, ms] of theirs.slice(0, ours.length).entries()) {
        if (Math.abs((ours[n] ?? 0) - ms) > 0.2) expect([track.id, n, ours[n]]).toEqual([track.id, n, ms])
        compared++
      }
    }
    expect(compared).toBeGreaterThan(10_000)
    const lists = back.playlists.map(({name}) => name)
    expect(lists).toContain(
      'Gigs & more / 2024 / Été / Ж "deep" / ' +
        lists
          .find((name) => name.endsWith(' 0'))
          ?.split(' / ')
          .at(-1),
    )
    const twice = back.playlists.find(({name}) => name === 'Twice')
    expect(twice?.kind === 'list' ? twice.tracks : null).toEqual(['1', '2', '1'])
  })

  itWith('sqlite3')(
    'writes a second time without changing anything, and keeps a grid that is locked in Mixxx',
    async () => {
      const folder = temporaryFolder()
      const path = join(folder, 'mixxxdb.sqlite')
      const library = syntheticLibrary(30)
      await exportTo(exporter, library, path, join(folder, 'b'))
      const first = query(path, 'SELECT * FROM library')
      await exportTo(exporter, library, path, join(folder, 'b'))
      expect(query(path, 'SELECT * FROM library')).toEqual(first)
      execFileSync('sqlite3', [path, "UPDATE library SET bpm_lock = 1, beats = x'00', bpm = 99"])
      await exportTo(exporter, library, path, join(folder, 'b'))
      expect(query(path, "SELECT count(*) AS n FROM library WHERE bpm = 99 AND hex(beats) = '00'")).toEqual([{n: 30}])
    },
  )
})

describe('gridFromPositions', () => {
  it('finds the tempo of rounded beats, and where it changes', () => {
    const rounded = (ms: number) => Math.round(ms * 44.1) / 44.1
    const first = Array.from({length: 300}, (_, n) => rounded(120 + (n * 60_000) / 127.53))
    const last = first.at(-1) ?? 0
    const second = Array.from({length: 300}, (_, n) => rounded(last + ((n + 1) * 60_000) / 129))
    const grid = gridFromPositions([...first, ...second])
    expect(grid).toHaveLength(2)
    expect(grid[0]?.tempoBpm).toBeCloseTo(127.53, 3)
    expect(grid[1]?.tempoBpm).toBeCloseTo(129, 3)
  })

  it.each([[[]], [[5]], [[5, 5, 5]], [[0, 1]]])('makes nothing of %j', (positions) => {
    expect(gridFromPositions(positions)).toEqual([])
  })
})

describe('Mixxx itself', () => {
  itWith('mixxx', 'sqlite3')(
    'loads a track from a database that crate made, with its cues, colours and grid',
    async () => {
      const home = temporaryFolder('crate-mixxx-')
      const music = join(home, 'Music')
      mkdirSync(join(home, '.mixxx'))
      mkdirSync(music)
      const wav = join(music, 'tone é.wav')
      writeClicks(wav, {tempoBpm: 120, seconds: 20, toneHz: 220})
      const database = join(home, '.mixxx', 'mixxxdb.sqlite')
      const [bare] = (await importSynthetic()).map((track) => ({
        ...track,
        file: {...track.file, path: wav, format: 'wav' as const, sampleRateHz: 22_050},
      }))
      if (bare === undefined) throw new Error('no track')
      const cue = (slot: number, positionMs: number, more = {}) => ({
        kind: 'hot' as const,
        slot,
        positionMs,
        lengthMs: null,
        name: `Pad ${slot} ☃`,
        colorRgb: 0x1020 * (slot + 1),
        origin: 'user' as const,
        ...more,
      })
      const track: Track = {
        ...bare,
        cues: [cue(0, 500), cue(1, 1234.5), cue(7, 9000), cue(3, 4000, {lengthMs: 2000})],
        beatGrid: [{positionMs: 12.5, tempoBpm: 120, beatInBar: 1}],
        tempoBpm: 120,
      }
      await exportTo(
        exporter,
        libraryOf([track], [{kind: 'list', name: 'Set', tracks: [track.id]}]),
        database,
        join(home, 'b'),
      )
      execFileSync('sqlite3', [database, `INSERT INTO directories VALUES ('${music}')`])
      writeFileSync(
        join(home, '.mixxx', 'mixxx.cfg'),
        '[Config]\nVersion 2.3.3\n[Library]\nRescanOnStartup 0\n[Direct Rendering]\nWarned yes\n',
      )
      writeFileSync(join(home, '.asoundrc'), 'pcm.!default { type null }\nctl.!default { type null }\n')
      await runMixxx(home, wav)
      const position = 'round(position * 500.0 / 22050, 2) AS ms, round(length * 500.0 / 22050, 2) AS length'
      expect(
        query(
          database,
          `SELECT hotcue, type, ${position}, label, color FROM cues WHERE type IN (1, 4) ORDER BY hotcue`,
        ),
      ).toEqual([
        {hotcue: 0, type: 1, ms: 500, length: 0, label: 'Pad 0 ☃', color: 0x1020},
        {hotcue: 1, type: 1, ms: 1234.5, length: 0, label: 'Pad 1 ☃', color: 0x2040},
        {hotcue: 3, type: 4, ms: 4000, length: 2000, label: 'Pad 3 ☃', color: 0x4080},
        {hotcue: 7, type: 1, ms: 9000, length: 0, label: 'Pad 7 ☃', color: 0x8100},
      ])
      expect(query(database, 'SELECT bpm, beats_version, mixxx_deleted FROM library')).toEqual([
        {bpm: 120, beats_version: 'BeatGrid-2.0', mixxx_deleted: 0},
      ])
      expect(
        query(
          database,
          'SELECT p.name FROM Playlists p JOIN PlaylistTracks t ON t.playlist_id = p.id WHERE hidden = 0',
        ),
      ).toEqual([{name: 'Set'}])
      const log = readFileSync(join(home, 'mixxx.log'), 'utf8')
      expect(log).toContain('Database schema is up-to-date at version 32')
      expect(log).toContain('GlobalTrackCache - Resolving track by id 1')
      expect(log).toContain('Successfully deserialized BeatGrid')
      expect(log).toContain('slotLoadTrack "[Channel1]"')
      expect(log).toContain('Saved waveform summary analysis for trackId 1')
    },
    120_000,
  )
})

async function importSynthetic(): Promise<Track[]> {
  const tracks: Track[] = []
  for await (const track of syntheticLibrary(1).tracks()) tracks.push({...track, id: 'one' as TrackId})
  return tracks
}

/** Without a screen or sound card, with the file on its first deck; ended as a session is. */
async function runMixxx(home: string, file: string): Promise<void> {
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    QT_QPA_PLATFORM: 'offscreen',
    LANG: 'C.UTF-8',
  }
  const child: ChildProcess = spawn('sh', ['-c', 'exec mixxx --logLevel debug "$0" > "$HOME/mixxx.log" 2>&1', file], {
    env,
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  for (let waited = 0; waited < 60; waited++) {
    await sleep(1000)
    const log = existsSync(join(home, 'mixxx.log')) ? readFileSync(join(home, 'mixxx.log'), 'utf8') : ''
    if (log.includes('Saved waveform summary analysis')) break
  }
  child.kill('SIGTERM')
  const timer = sleep(20_000).then(() => child.kill('SIGKILL'))
  await Promise.race([ended, timer])
}

describe('hostile databases', () => {
  async function survive(path: string): Promise<void> {
    const startedAt = cpuMs()
    try {
      const {tracks} = await importFrom(importer, path)
      for (const {cues, beatGrid} of tracks)
        for (const {positionMs} of [...cues, ...beatGrid]) expect(Number.isFinite(positionMs)).toBe(true)
    } catch (error) {
      if (!isCrateError(error)) throw error
      expect(error.code).toMatch(/^FORMAT_/)
    }
    expect(cpuMs() - startedAt).toBeLessThan(5000)
  }

  itWithReal(
    'survives truncation at every 64th and 2,000 mutations',
    async () => {
      const path = join(temporaryFolder(), 'hostile.sqlite')
      const bytes = readFileSync(REAL)
      for (const cut of truncations(bytes)) {
        writeFileSync(path, cut)
        await survive(path)
      }
      let ran = 0
      for (const mutation of mutations(bytes, 2000)) {
        writeFileSync(path, mutation)
        await survive(path)
        ran++
      }
      expect(ran).toBe(2000)
    },
    180_000,
  )

  itWith('sqlite3')('refuses views in place of tables, which could run for ever', async () => {
    const path = join(temporaryFolder(), 'views.sqlite')
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n'
    execFileSync('sqlite3', [path], {input: `${SCHEMA} DROP TABLE library; CREATE VIEW library AS ${endless};`})
    await expect(importFrom(importer, path)).rejects.toMatchObject({code: 'FORMAT_INVALID'})
  })
})

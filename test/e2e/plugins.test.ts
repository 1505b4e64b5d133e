// What plugins may do to a running crate: be useful, or break in every way, while the rest goes on.
import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import Sqlite from 'better-sqlite3'
import {describe, expect, it} from 'vitest'
import {type Crate, installCrate} from '../support/crate.js'
import {analyzerModule, exporterModule, linkPlugin} from '../support/plugins.js'
import {writeClicks} from '../support/wav.js'

const LINES = `yield {kind: 'file', path: '', chunks: (async function* () {
  yield 'tracks ' + request.library.trackCount + '\\n'
  for await (const track of request.library.tracks()) yield track.tags.title + '\\n'
})()}`

async function crateWithMusic(count = 2): Promise<{crate: Crate; music: string}> {
  const crate = installCrate()
  const music = join(crate.home, 'Music')
  mkdirSync(music)
  for (let n = 0; n < count; n++)
    writeClicks(join(music, `${n}.wav`), {tempoBpm: 120 + n, seconds: 12, toneHz: 200 + 30 * n}, `Song ${n}`)
  const run = await crate.run('sync', music, '--quiet')
  expect(run.status, run.stderr).toBe(0)
  return {crate, music}
}

const HANGING: ReadonlySet<string> = new Set(['did not answer', 'it took longer than', 'crate-bad'])

/** A short patience only for what hangs or fills its memory: a busy machine may need seconds to start a thread. */
function limitFor(reason: string): Record<string, string> {
  return HANGING.has(reason) ? {CRATE_PLUGIN_LIMIT_MS: '3000'} : {}
}

describe('an exporter of a plugin', () => {
  it('writes like one of crate, in export, sync and convert', async () => {
    const {crate, music} = await crateWithMusic()
    linkPlugin(crate, {name: 'crate-lines', module: exporterModule('lines', LINES)})
    const out = join(crate.home, 'lines.txt')
    const exported = await crate.run('export', 'lines', '--to', out, '--json')
    expect(exported.status, exported.stderr).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^tracks 2\n(Song 0\nSong 1|Song 1\nSong 0)\n$/)
    const synced = await crate.run('sync', music, '--export', `lines=${join(crate.home, 'synced.txt')}`, '--json')
    expect(synced.status, synced.stderr).toBe(0)
    expect(readFileSync(join(crate.home, 'synced.txt'), 'utf8')).toContain('Song 1')
    await crate.run('export', 'json', '--to', join(crate.home, 'library.json'))
    const converted = await crate.run(
      'convert',
      'json',
      join(crate.home, 'library.json'),
      'lines',
      join(crate.home, 'converted.txt'),
    )
    expect(converted.status, converted.stderr).toBe(0)
    expect(readFileSync(join(crate.home, 'converted.txt'), 'utf8')).toContain('Song 0')
  })

  it.each([
    ['throws while it is imported', exporterModule('bad', LINES, {atImport: 'throw new Error("no luck")'}), 'no luck'],
    ['throws while it loads', exporterModule('bad', LINES, {atLoad: 'throw new Error("no luck")'}), 'no luck'],
    ['throws while it runs', exporterModule('bad', `${LINES}; throw new Error('no luck')`), 'no luck'],
    ['throws what is no error', exporterModule('bad', 'throw null; yield'), 'null'],
    ['hangs in a loop at import', exporterModule('bad', LINES, {atImport: 'for (;;) {}'}), 'did not answer'],
    [
      'waits for ever at import',
      exporterModule('bad', LINES, {atImport: 'await new Promise(() => setInterval(() => {}, 1e3))'}),
      'did not answer',
    ],
    ['hangs in a loop while it runs', exporterModule('bad', `${LINES}; for (;;) {}`), 'did not answer'],
    [
      'ends the process at import',
      exporterModule('bad', LINES, {atImport: 'process.exit(0)'}),
      'ended its own process',
    ],
    ['ends the process while it runs', exporterModule('bad', `${LINES}; process.exit(0)`), 'ended its own process'],
    [
      'fails where nobody waits',
      exporterModule(
        'bad',
        `${LINES}; setTimeout(() => { throw new Error('later') }); await new Promise((r) => setTimeout(r, 9e4))`,
      ),
      'later',
    ],
    ['is for another crate', exporterModule('bad', LINES), 'version 99', {apiVersion: 99, entry: './index.js'}],
    ['has no entry', exporterModule('bad', LINES), 'crate.entry', {apiVersion: 1}],
    ['exports nothing', 'export const exporters = []', 'exports no contributions'],
    [
      'has a descriptor of the wrong shape',
      'export default {exporters: [{id: "bad", summary: "Bad.", load: 1}]}',
      'left out',
    ],
    [
      'has a body of the wrong shape',
      'export default {exporters: [{id: "bad", name: "b", summary: "Bad.", target: "file", loses: [], load: async () => ({})}]}',
      'export()',
    ],
    ['yields what is no piece', exporterModule('bad', 'yield {kind: "fiel", path: "a"}'), 'fiel'],
    ['yields numbers for text', exporterModule('bad', 'yield {kind: "file", path: "", chunks: [42]}'), 'a chunk is 42'],
    [
      'writes outside of the target',
      exporterModule('bad', 'yield {kind: "file", path: "../outside.txt", chunks: ["x"]}'),
      'outside',
    ],
    [
      'writes without end',
      exporterModule(
        'bad',
        'yield {kind: "file", path: "", chunks: (function* () { for (;;) yield new Uint8Array(1 << 22) })()}',
      ),
      'MB',
    ],
    [
      'names files without end',
      exporterModule('bad', 'for (;;) yield {kind: "warning", subject: "a", message: "b"}'),
      'pieces',
    ],
    [
      'fills its memory',
      exporterModule('bad', 'const all = []; for (;;) all.push(new Array(1e6).fill({}).map(() => ({})))'),
      'crate-bad',
    ],
  ] as [string, string, string, unknown?][])(
    'that %s is named and stopped, and crate goes on',
    async (_how, module, reason, manifest) => {
      const crate = installCrate()
      linkPlugin(crate, {name: 'crate-bad', module, crate: manifest})
      linkPlugin(crate, {name: 'crate-good', module: exporterModule('good', LINES)})
      const [out, good] = [join(crate.home, 'bad', 'out.txt'), join(crate.home, 'good.txt')]
      const startedMs = performance.now()
      const run = await crate.start(['export', 'bad', '--to', out, '--json'], limitFor(reason)).done
      expect(performance.now() - startedMs, 'not for ever, also on a busy machine').toBeLessThan(120_000)
      expect([1, 2], run.stdout).toContain(run.status)
      expect(run.json(), 'one document, whatever it prints').toHaveProperty('error')
      expect(run.stdout + run.stderr).toContain('crate-bad')
      expect(run.stdout + run.stderr).toContain(reason)
      expect(run.stdout + run.stderr).toContain('crate plugins')
      expect(run.stderr.split('crate-bad').length, 'told once').toBeLessThan(6)
      expect(existsSync(out)).toBe(false)
      expect(existsSync(join(crate.home, 'outside.txt'))).toBe(false)
      const other = await crate.start(['export', 'good', '--to', good, '--json'], limitFor(reason)).done
      expect(other.status, other.stderr).toBe(0)
      expect(readFileSync(good, 'utf8')).toBe('tracks 0\n')
    },
  )

  it('cannot take the place of a built-in one', async () => {
    const {crate} = await crateWithMusic(1)
    linkPlugin(crate, {
      name: 'crate-thief',
      crate: {apiVersion: 1, entry: './index.js', contributes: {exporters: ['m3u8']}},
      module: exporterModule('m3u8', LINES),
    })
    const run = await crate.run('export', 'm3u8', '--to', join(crate.home, 'lists'), '--json')
    expect(run.status).toBe(0)
    expect(run.stderr).toContain('the plugin crate-thief brings exporter "m3u8", which crate itself already has')
    expect(readFileSync(join(crate.home, 'lists', 'All tracks.m3u8'), 'utf8')).toMatch(/^#EXTM3U/)
  })

  it('prints into nobody’s JSON', async () => {
    const crate = installCrate()
    linkPlugin(crate, {
      name: 'crate-loud',
      module: exporterModule('loud', `console.log('hello'); process.stdout.write('again'); ${LINES}`),
    })
    const run = await crate.run('export', 'loud', '--to', join(crate.home, 'loud.txt'), '--json')
    expect(run.status, run.stderr).toBe(0)
    expect(run.json<{format: string}>().format).toBe('loud')
  })

  it('ends within a second of Ctrl-C, also where it does not listen', async () => {
    const crate = installCrate()
    linkPlugin(crate, {
      name: 'crate-deaf',
      module: exporterModule(
        'deaf',
        'for (;;) { context.log.info("still here"); await new Promise((r) => setTimeout(r, 50)) } yield',
      ),
    })
    const {child, done} = crate.start(['export', 'deaf', '--to', join(crate.home, 'deaf.txt')])
    await new Promise<void>((resolve) =>
      child.stderr?.on('data', (text) => String(text).includes('still here') && resolve()),
    )
    const startedMs = performance.now()
    child.kill('SIGINT')
    const {status} = await done
    expect(performance.now() - startedMs).toBeLessThan(2500)
    expect(status).toBe(130)
  })
})

describe('an importer of a plugin', () => {
  it('brings its sound tracks, and a warning for each that is not', async () => {
    const crate = installCrate()
    linkPlugin(crate, {
      name: 'crate-in',
      module: `const tags = {title: 'A', artist: null, album: null, albumArtist: null, genre: null, comment: null, label: null, remixer: null,
        composer: null, producer: null, grouping: null, mix: null, catalogNumber: null, isrc: null, year: null, releaseDate: null,
        trackNumber: null, trackTotal: null, discNumber: null, tempoBpm: null, key: null}
      const file = (path) => ({path, sizeBytes: null, modifiedAtMs: null, format: null, durationMs: null, sampleRateHz: null,
        channels: null, bitDepth: null, bitRateKbps: null, mp3HeaderCase: null})
      const track = (ref, more = {}) => ({ref, file: file('/music/' + ref + '.mp3'), tags, tempoBpm: null, key: null, beatGrid: [],
        gridOrigin: null, isGridLocked: false, cues: [], ratingStars: null, colorRgb: null, playCount: 0, lastPlayedAt: null, addedAt: null, extras: {}, ...more})
      export default {importers: [{id: 'in', name: 'In', summary: 'Reads.', source: 'file', loses: [], load: async () => ({async *import({source}) {
        const text = new TextDecoder().decode(await source.read(''))
        for (const line of text.trim().split('\\n')) yield {kind: 'track', track: track(line)}
        yield {kind: 'track', track: track('wrong', {tempoBpm: 'fast'})}
        yield {kind: 'playlists', nodes: [{kind: 'list', name: 'All', tracks: ['one', 'two']}]}
      }})}]}`,
      files: {'list.txt': 'one\ntwo\n'},
    })
    const run = await crate.run('import', 'in', join(crate.home, 'plugins', 'crate-in', 'list.txt'), '--json')
    expect(run.status, run.stderr).toBe(0)
    const report = run.json<{tracks: number; playlists: number; warnings: {subject: string; message: string}[]}>()
    expect(report).toMatchObject({tracks: 2, playlists: 1})
    expect(report.warnings).toEqual([
      {subject: '/music/wrong.mp3', message: expect.stringContaining('tempoBpm is "fast"')},
    ])
  })
})

interface AnalysisRow {
  analyzer: string
  version: number
  fields: string
  extra: string | null
}

function analysesIn(crate: Crate): AnalysisRow[] {
  const db = new Sqlite(join(crate.library, 'library.db'), {readonly: true})
  try {
    return db
      .prepare<[], AnalysisRow>("SELECT analyzer, version, fields, extra FROM analyses WHERE analyzer <> 'crate'")
      .all()
  } finally {
    db.close()
  }
}

describe('an analyzer of a plugin', () => {
  const PEAK = `let peak = 0; for (const value of pcm.channels[0]) peak = Math.max(peak, Math.abs(value));
    return {fields: {energy: 9}, extra: {peak, seconds: pcm.channels[0].length / pcm.sampleRateHz}}`

  it('hears each track once, and again when its version rises; crate’s own analysis is not made again', async () => {
    const {crate, music} = await crateWithMusic()
    linkPlugin(crate, {name: 'crate-peak', module: analyzerModule('peak', PEAK, {fields: ['energy']})})
    const run = await crate.run('sync', music, '--json')
    expect(run.status, run.stderr).toBe(0)
    const found = analysesIn(crate)
    expect(found.map(({analyzer, version}) => [analyzer, version])).toEqual([
      ['peak', 1],
      ['peak', 1],
    ])
    const extra = JSON.parse(found[0]?.extra ?? '{}') as {peak: number; seconds: number}
    expect(extra.seconds).toBeCloseTo(12, 3)
    expect(extra.peak).toBeGreaterThan(0.5)
    expect(
      run.json<{tracks: {energy: number}[]}>().tracks.map(({energy}) => energy),
      'its field stands for crate’s',
    ).toEqual([9, 9])
    expect(run.json<{summary: {analyzed: number}}>().summary.analyzed).toBe(0)

    linkPlugin(crate, {
      name: 'crate-peak',
      module: analyzerModule('peak', 'throw new Error("called again")', {fields: ['energy']}),
    })
    expect((await crate.run('sync', music, '--json')).status, 'nothing to do').toBe(0)

    linkPlugin(crate, {
      name: 'crate-peak',
      module: analyzerModule('peak', 'return {fields: {energy: 2}}', {version: 2, fields: ['energy']}),
    })
    const newer = await crate.run('sync', music, '--json')
    expect(newer.json<{tracks: {energy: number}[]}>().tracks.map(({energy}) => energy)).toEqual([2, 2])
    expect(analysesIn(crate).map(({version}) => version)).toEqual([2, 2])
  })

  it('cannot change what crate’s own analysis of the next track relies on', async () => {
    const {crate, music} = await crateWithMusic()
    const module = analyzerModule(
      'bad',
      'Math.sqrt = () => 0; Float32Array.prototype.set = () => {}; return {fields: {}}',
    )
    linkPlugin(crate, {name: 'crate-bad', module})
    const run = await crate.run('sync', music, '--json', '--jobs', '1')
    expect(run.status, run.stderr).toBe(0)
    expect(run.stderr).toMatch(/bad.*changed Float32Array\.prototype\.set, Math\.sqrt/)
    writeClicks(join(music, 'new.wav'), {tempoBpm: 124, seconds: 12, toneHz: 300}, 'New')
    const more = await crate.run('sync', music, '--json', '--jobs', '1')
    const tempos = more.json<{tracks: {tempoBpm: number}[]}>().tracks.map(({tempoBpm}) => Math.round(tempoBpm))
    expect(tempos.sort()).toEqual([120, 121, 124])
  })

  it.each([
    ['throws', 'throw new Error("no luck")', 'no luck'],
    ['hangs', 'for (;;) {}', 'it took longer than'],
    ['ends the process', 'process.exit(0)', 'ended'],
    ['returns numbers out of range', 'return {fields: {energy: 900}}', 'energy is 900'],
    ['returns what it did not declare', 'return {fields: {tempoBpm: 120}}', 'not among its declared fields'],
    ['returns nothing', 'return', 'no fields'],
    ['returns too much', 'return {fields: {}, extra: {text: "x".repeat(1e6)}}', 'longer than'],
  ])('that %s is reported once and stopped; the tracks keep crate’s analysis', async (_how, body, reason) => {
    const {crate, music} = await crateWithMusic(4)
    linkPlugin(crate, {name: 'crate-bad', module: analyzerModule('bad', body, {fields: ['energy']})})
    const run = await crate.start(['sync', music, '--json', '--jobs', '2'], limitFor(reason)).done
    expect(run.status, run.stderr).toBe(3)
    const {tracks, failures} = run.json<{
      tracks: {tempoBpm: number | null}[]
      failures: {path: string; code: string; message: string}[]
    }>()
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({path: 'analyzer bad', code: 'PLUGIN_FAILED'})
    expect(failures[0]?.message).toContain('crate-bad')
    expect(failures[0]?.message).toContain(reason)
    expect(tracks.filter(({tempoBpm}) => tempoBpm !== null)).toHaveLength(4)
    expect(analysesIn(crate)).toEqual([])
  })
})

// Music in, as a DJ meets it: the real yt-dlp against a service on this machine, with everything that goes wrong.
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {describe, expect} from 'vitest'
import {type Crate, type CrateRun, installCrate} from '../support/crate.js'
import {type MusicService, send, soundOf, startMusicService} from '../support/music-service.js'
import {itWith} from '../support/tools.js'

interface DownloadJson {
  folder: string
  tracks: {link: string; path: string; title: string; artist: string | null}[]
  review: {wanted: {title: string}; candidates: {link: string; score: number; reasons: {text: string}[]}[]}[]
  planned: {link: string}[]
  failures: {path: string; code: string; message: string}[]
  summary: Record<'listed' | 'fetched' | 'known' | 'duplicates' | 'repeated' | 'review' | 'gone' | 'failed', number>
}

interface Setup {
  crate: Crate
  service: MusicService
  to: string
  download(...args: string[]): Promise<CrateRun & {download: DownloadJson}>
}

async function setUp(): Promise<Setup> {
  const crate = installCrate()
  const service = await startMusicService()
  const to = join(crate.home, 'Downloads')
  const download = async (...args: string[]) => {
    const run = await crate.start(['download', ...args, '--to', to, '--json', '--pause', '0'], service.env).done
    return {...run, download: run.json<DownloadJson>()}
  }
  return {crate, service, to, download}
}

/** All files below, hidden ones too. */
function filesBelow(folder: string): string[] {
  for (;;)
    try {
      return readdirSync(folder, {recursive: true, withFileTypes: true})
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
        .sort()
    } catch (error) {
      // A folder inside went while it was listed: a download that runs does that.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      if (!existsSync(folder)) return []
    }
}

const itDownloads = itWith('yt-dlp', 'ffmpeg')
const minutes = 60_000

describe('crate download', () => {
  itDownloads(
    'takes a likes list of 300 through a kill and gets each track exactly once',
    async () => {
      const {crate, service, to} = await setUp()
      const entry = (id: string, title = `Artist ${id} - Song ${id}`) => ({
        id,
        title,
        url: `${service.url}/track/${id}`,
      })
      const entries: ReturnType<typeof entry>[] = []
      const add = (id: string, extra: object = {}) => {
        service.tracks.set(id, {id, title: `Artist ${id} - Song ${id}`, seconds: 1, ...extra})
        entries.push(entry(id))
      }
      for (let n = 0; n < 150; n++) add(`good${n}`)
      for (let n = 0; n < 10; n++) add(`busy${n}`, {refusals: {status: 429, times: 1}})
      for (let n = 0; n < 5; n++) add(`faulty${n}`, {refusals: {status: 503, times: 1}})
      for (let n = 0; n < 5; n++) add(`same${n}`, {soundOf: `good${n}`})
      for (let n = 0; n < 10; n++) add(`private${n}`, {error: 'This track is private'})
      for (let n = 0; n < 5; n++) add(`removed${n}`, {error: 'This video has been removed by the uploader'})
      for (let n = 0; n < 5; n++)
        add(`locked${n}`, {error: 'The uploader has not made this video available in your country'})
      for (let n = 0; n < 10; n++)
        entries.push(entry(`hidden${n}`, n % 2 === 0 ? '[Private video]' : '[Deleted video]'))
      for (let n = 0; n < 100; n++) entries.push(entry(`good${n}`))
      expect(entries).toHaveLength(300)
      service.likes.set('mine', {title: 'Likes', entries})
      const args = [
        'download',
        `${service.url}/likes/mine`,
        '--to',
        to,
        '--json',
        '--pause',
        '0',
        '--jobs',
        '4',
        '--per-host',
        '4',
      ]

      const {child, done} = crate.start(args, service.env)
      const music = () => filesBelow(to).filter((name) => name.endsWith('.wav') && !name.startsWith('.'))
      while (music().length < 60 && child.exitCode === null) await sleep(50)
      child.kill('SIGKILL')
      await done
      const half = music()
      expect(half.length).toBeGreaterThanOrEqual(60)
      expect(half.length).toBeLessThan(165)
      for (const name of half) expect(wavIsWhole(join(to, name)), name).toBe(true)

      const second = await crate.start(args, service.env).done
      const {summary, failures} = second.json<DownloadJson>()
      expect(second.status, second.stderr).toBe(3)
      expect(music(), 'each track once').toHaveLength(165)
      expect(new Set(music().map((name) => readFileSync(join(to, name)).subarray(44).toString('latin1'))).size).toBe(
        165,
      )
      expect(summary.listed).toBe(200)
      expect(summary.repeated).toBe(100)
      expect(summary.fetched + summary.known + summary.duplicates).toBe(170)
      expect(summary.gone).toBe(25)
      expect(summary.failed, JSON.stringify(failures.slice(0, 3))).toBe(5)
      expect(existsSync(join(to, '.crate-download')), 'nothing half is left').toBe(false)

      const asked = new Map(service.asked)
      const third = (await crate.start(args, service.env).done).json<DownloadJson>()
      expect(third.summary).toMatchObject({listed: 200, fetched: 0, known: 170, gone: 25, failed: 5})
      const again = [...service.asked].filter(([path, count]) => count !== (asked.get(path) ?? 0)).map(([path]) => path)
      expect(
        again.filter((path) => !path.includes('locked')),
        'only the list itself is asked for again',
      ).toEqual(['/api/likes/mine'])

      const manifest = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8')) as {
        version: number
        tracks: {file: string; source: string}[]
      }
      expect(manifest.tracks.map(({file}) => file).sort()).toEqual(music())
      expect(manifest.tracks.every(({source}) => source.startsWith(`${service.url}/track/`))).toBe(true)
    },
    15 * minutes,
  )

  itDownloads('goes on with a half file where it was', async () => {
    const {crate, service, to} = await setUp()
    service.tracks.set('long', {id: 'long', title: 'Artist - Long', seconds: 60})
    service.delayMs = 60
    const args = ['download', `${service.url}/track/long`, '--to', to, '--json']
    const {child, done} = crate.start(args, service.env)
    const isHalf = () =>
      filesBelow(to).some((name) => name.endsWith('.part') && statSync(join(to, name)).size > 500_000)
    while (!isHalf() && child.exitCode === null) await sleep(30)
    child.kill('SIGKILL')
    await done
    expect(filesBelow(to).filter((name) => !name.startsWith('.'))).toEqual([])
    const ranges: (string | undefined)[] = []
    service.delayMs = 0
    service.pages.set('/audio/long.wav', (request, response) => {
      ranges.push(request.headers.range)
      const bytes = soundOf('long', 60)
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0)
      response.writeHead(206, {
        'content-length': bytes.length - from,
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      })
      response.end(bytes.subarray(from))
    })
    const run = await crate.start(args, service.env).done
    expect(run.status, run.stderr).toBe(0)
    expect(Number(/\d+/.exec(ranges[0] ?? '')?.[0])).toBeGreaterThan(400_000)
    expect(
      readFileSync(join(to, 'Artist - Long.wav')).includes(soundOf('long', 60).subarray(44)),
      'the sound is what was served',
    ).toBe(true)
  })

  itDownloads('reports bad input item by item and keeps the rest', async () => {
    const {crate, service, to, download} = await setUp()
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(join(crate.home, name), content)
      return join(crate.home, name)
    }
    service.tracks.set('fine', {id: 'fine', title: 'Artist - Fine'})
    service.pages.set('/loop', (_request, response) => {
      response.writeHead(302, {location: '/loop'})
      response.end()
    })
    service.pages.set('/page', (_request, response) =>
      send(response, 200, 'text/html', '<html><title>Hello</title><p>No music</p></html>'),
    )
    service.pages.set('/fake.mp3', (_request, response) =>
      send(response, 200, 'audio/mpeg', Buffer.alloc(40_000, 'not audio ')),
    )
    service.pages.set('/endless.mp3', (_request, response) => {
      response.writeHead(200, {'content-type': 'audio/mpeg'})
      const timer = setInterval(() => response.destroyed || response.write(Buffer.alloc(1 << 20)), 5)
      response.on('close', () => clearInterval(timer))
    })
    const run = await download(
      file('empty.txt', ''),
      file('binary.txt', Buffer.from(Array.from({length: 5000}, (_, n) => (n * 7) % 256))),
      file('bad.txt', 'ftp://example.org/a.mp3\nfile:///etc/passwd\n'),
      join(crate.home, 'absent.txt'),
      'http://host.invalid/track.mp3',
      `${service.url}/loop`,
      `${service.url}/page`,
      `${service.url}/fake.mp3`,
      `${service.url}/endless.mp3`,
      `${service.url}/track/fine`,
      'just words',
      '--max-size',
      '20',
    )
    expect(run.status, run.stderr).toBe(3)
    expect(run.download.tracks.map(({title}) => title)).toEqual(['Fine'])
    const codeOf = (part: string) => run.download.failures.find(({path}) => path.includes(part))?.code
    expect({
      empty: codeOf('empty.txt'),
      binary: codeOf('binary.txt'),
      ftp: codeOf('bad.txt line 1'),
      passwd: codeOf('bad.txt line 2'),
      absent: codeOf('absent.txt'),
      host: codeOf('host.invalid'),
      loop: codeOf('/loop'),
      page: codeOf('/page'),
      fake: codeOf('/fake.mp3'),
      endless: codeOf('/endless.mp3'),
      words: codeOf('just words'),
    }).toEqual({
      empty: 'FORMAT_INVALID',
      binary: 'FORMAT_INVALID',
      ftp: 'FORMAT_INVALID',
      passwd: 'FORMAT_INVALID',
      absent: 'FILE_NOT_FOUND',
      host: 'NETWORK_FAILED',
      loop: 'NETWORK_FAILED',
      page: 'FORMAT_UNSUPPORTED',
      fake: 'AUDIO_UNDECODABLE',
      endless: 'FORMAT_UNSUPPORTED',
      words: 'USAGE',
    })
    expect(filesBelow(to)).toEqual(expect.arrayContaining(['Artist - Fine.wav', 'manifest.json']))
    expect(filesBelow(to).filter((name) => name.includes('fake') || name.includes('Untitled'))).toEqual([])
  })

  itDownloads('never lets titles and links become options, commands or other folders', async () => {
    const {crate, service, to, download} = await setUp()
    const titles = [
      '--exec touch pwned - $(touch pwned)',
      '../../../../escape - `touch pwned`',
      '/etc/cron.d/evil - ; touch pwned',
      'CON - NUL',
      'AUX',
      `${'🎧'.repeat(80)} - ${'ö'.repeat(300)}`,
      'a\u202Egpj.exe - b\u0000c\nd',
      '... - ...',
      'C:\\Windows\\win.ini - x',
      '%(id)s - %(title)s {artist}',
    ]
    const links = titles.map((title, index) => {
      service.tracks.set(`h${index}`, {
        id: `h${index}`,
        title,
        extra: {uploader: '--config-locations=/etc', artist: null},
      })
      return `${service.url}/track/h${index}`
    })
    const before = filesBelow(crate.home).filter((name) => !name.startsWith('Downloads'))
    const hostile = join(crate.home, 'hostile.txt')
    writeFileSync(
      hostile,
      ['--exec=touch pwned', '-o /tmp/pwned.wav', '$(touch pwned)', '"; touch pwned; "'].join('\n'),
    )
    const run = await download(...links, hostile, '--template', '{artist}/{artist} - {title}')
    expect(run.download.tracks, run.stderr).toHaveLength(titles.length)
    const names = filesBelow(to).filter((name) => name.endsWith('.wav'))
    expect(names).toHaveLength(titles.length)
    for (const name of names)
      for (const part of name.split('/')) {
        expect(part).not.toMatch(/[\\:*?"<>|\p{Cc}\u202e]|^[.-]|[. ]$/u)
        expect(part).not.toMatch(/^(?:con|nul|aux|prn|com\d|lpt\d)(?:\.|$)/i)
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255)
      }
    const after = filesBelow(crate.home).filter((name) => !name.startsWith('Downloads') && !before.includes(name))
    expect(after.filter((name) => !/^(?:hostile\.txt|library\/|\.cache\/)/.test(name))).toEqual([])
    expect(existsSync('/tmp/pwned.wav')).toBe(false)
    expect(existsSync(join(dirname(crate.home), 'escape.wav'))).toBe(false)
  })

  itDownloads('fetches titles only where the version is sure, and asks for the others', async () => {
    const {crate, service, to, download} = await setUp()
    const result = (id: string, title: string, seconds: number, channel: string) => {
      service.tracks.set(id, {id, title, channel, seconds: 3, extra: {duration: 3}})
      return {id, title, duration: seconds, channel, url: `${service.url}/track/${id}`}
    }
    service.searches.set('Bicep Glue', [
      result('loop', 'Bicep - Glue (1 Hour Loop)', 3600, 'Loops'),
      result('live', 'Bicep - Glue (Live at Printworks)', 300, 'Bicep'),
      result('right', 'Glue', 269, 'Bicep - Topic'),
    ])
    service.searches.set('Someone Doubtful', [
      result('one', 'Someone - Doubtful', 200, 'uploads'),
      result('two', 'Someone - Doubtful', 260, 'other uploads'),
    ])
    service.searches.set('Nobody Nothing', [result('other', 'A cat plays the piano', 100, 'Cats')])
    const list = join(crate.home, 'wanted.txt')
    writeFileSync(list, 'Bicep - Glue 4:29\nSomeone - Doubtful\nNobody - Nothing\n# a note\n')
    const dry = await download(list, '--dry-run')
    expect(dry.download.planned.map(({link}) => link)).toEqual([`${service.url}/track/right`])
    expect(existsSync(to)).toBe(false)
    const run = await download(list)
    expect(run.status).toBe(3)
    expect(run.download.tracks).toMatchObject([{link: `${service.url}/track/right`, title: 'Glue', artist: 'Bicep'}])
    expect(run.download.review).toHaveLength(1)
    expect(run.download.failures.map(({path}) => path)).toEqual(['Nobody - Nothing'])

    const review = await crate.run('download', 'review', '--json')
    const items = review.json<{review: DownloadJson['review']}>().review
    expect(items.map(({wanted}) => wanted.title)).toEqual(['Doubtful'])
    expect(items[0]?.candidates[0]?.reasons.length).toBeGreaterThan(2)
    const chosen = await crate.start(['download', 'review', '--choose', '1=2', '--to', to, '--json'], service.env).done
    expect(chosen.status, chosen.stderr).toBe(0)
    expect(chosen.json<DownloadJson>().tracks).toMatchObject([{link: `${service.url}/track/two`}])
    const again = await download(list)
    expect(again.download.summary).toMatchObject({fetched: 0, known: 2, review: 0})
  })

  itDownloads('is one step of a sync: fetched, analysed and listed', async () => {
    const {crate, service} = await setUp()
    mkdirSync(join(crate.home, '.config', 'crate'), {recursive: true})
    mkdirSync(join(crate.home, 'Music'))
    service.tracks.set('s', {id: 's', title: 'Synced - Song', seconds: 12})
    writeFileSync(
      join(crate.home, '.config', 'crate', 'config.yaml'),
      `music: [${join(crate.home, 'Music')}]\nsources: ['${service.url}/track/s']\n`,
    )
    const sync = async () =>
      (await crate.start(['sync', '--json'], service.env).done).json<{
        tracks: {title: string; tempoBpm: number; path: string}[]
        failures: unknown[]
        download: {fetched: number; known: number}
      }>()
    const first = await sync()
    expect(first.failures).toEqual([])
    expect(first.tracks).toMatchObject([{title: 'Song', path: join(crate.home, 'Downloads', 'Synced - Song.wav')}])
    expect(first.download).toMatchObject({fetched: 1})
    expect((await sync()).download).toMatchObject({fetched: 0, known: 1})
  })
})

/** The size that the RIFF header tells is the size of the file. */
function wavIsWhole(path: string): boolean {
  const bytes = readFileSync(path)
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.readUInt32LE(4) + 8 === bytes.length
}

describe('crate download --retry', () => {
  itDownloads(
    'asks again for what was gone, and not without being told',
    async () => {
      const {service, download} = await setUp()
      service.tracks.set('back', {id: 'back', title: 'Artist - Comes Back', error: 'This track is private'})
      const link = `${service.url}/track/back`
      const asked = () => service.asked.get('/api/track/back') ?? 0
      expect((await download(link)).download.summary).toMatchObject({gone: 1, fetched: 0})
      const before = asked()
      service.tracks.set('back', {id: 'back', title: 'Artist - Comes Back'})
      const quiet = await download(link)
      expect(quiet.status).toBe(0)
      expect(quiet.download.summary).toMatchObject({gone: 1, fetched: 0})
      expect(asked()).toBe(before)
      expect((await download(link, '--retry')).download.summary).toMatchObject({fetched: 1, gone: 0, failed: 0})
    },
    2 * minutes,
  )
})

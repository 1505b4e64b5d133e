// The archive on Google Cloud Storage, with Google's own client against a bucket on this machine that fails as networks do.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import ts from 'typescript'
import {beforeAll, describe, expect, it} from 'vitest'
import {type BucketService, plainCrc32c, startBucketService} from '../support/bucket-service.js'
import {type Crate, installCrate, ROOT, temporaryFolder} from '../support/crate.js'
import {linkFolder} from '../support/plugins.js'

const PLUGIN = join(ROOT, 'plugins', 'gcs')
const isInstalled = existsSync(join(PLUGIN, 'node_modules', '@google-cloud', 'storage'))
const isCi = (process.env['CI'] ?? '') !== ''
const itUploads = (name: string, test: () => Promise<void>, timeout?: number) =>
  isInstalled || isCi ? it(name, test, timeout) : it.skip(`${name} (needs npm ci --prefix plugins/gcs)`, test)

interface UploadJson {
  stored: string[]
  failures: {path: string; code: string}[]
  summary: Record<'found' | 'stored' | 'unchanged' | 'failed', number>
}

interface Setup {
  crate: Crate
  service: BucketService
  music: string
  run(...args: string[]): Promise<UploadJson>
}

/** The plugin as its own `npm run build` makes it, without the checks. */
beforeAll(() => {
  if (!isInstalled && !isCi) return
  mkdirSync(join(PLUGIN, 'dist'), {recursive: true})
  for (const name of readdirSync(join(PLUGIN, 'src'))) {
    const options = {module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true}
    const {outputText} = ts.transpileModule(readFileSync(join(PLUGIN, 'src', name), 'utf8'), {compilerOptions: options})
    writeFileSync(join(PLUGIN, 'dist', name.replace(/\.ts$/, '.js')), outputText)
  }
})

async function setUp(): Promise<Setup> {
  const crate = installCrate()
  const service = await startBucketService()
  linkFolder(crate, 'crate-plugin-gcs', PLUGIN)
  const music = join(crate.home, 'Music')
  mkdirSync(music)
  const configFile = join(crate.home, '.config', 'crate', 'config.yaml')
  mkdirSync(dirname(configFile), {recursive: true})
  writeFileSync(
    configFile,
    JSON.stringify({music: [music], plugins: {gcs: {apiEndpoint: service.url, projectId: 'test'}}}),
  )
  const run = async (...args: string[]) => {
    const target = args.includes('--to') ? [] : ['--to', 'gs://test-bucket/archive']
    const done = await crate.run('upload', ...args, ...target, '--json', '--pause', '0')
    const answer = done.json<UploadJson & {error?: {code: string}}>()
    if (answer.error !== undefined) throw Object.assign(new Error(done.stdout), {code: answer.error.code})
    return answer
  }
  return {crate, service, music, run}
}

/** Bytes that look random and differ from file to file. */
function noise(bytes: number, seed: number): Buffer {
  const out = Buffer.alloc(bytes)
  let state = seed
  for (let at = 0; at < bytes; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    out[at] = state >>> 24
  }
  return out
}

describe('crate upload to Google Cloud Storage', () => {
  itUploads('stores every file whole, skips what is there, and brings it all back', async () => {
    const {service, music, run} = await setUp()
    mkdirSync(join(music, 'Ünï'))
    const files: Record<string, Buffer> = {
      'a.mp3': noise(30_000, 1),
      'Ünï/b & c?.flac': noise(90_000, 2),
      'empty.wav': Buffer.alloc(0),
    }
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(music, name), bytes)
    const first = await run()
    expect(first.failures).toEqual([])
    expect(first.summary).toMatchObject({found: 3, stored: 3, unchanged: 0})
    expect([...service.objects.keys()].sort()).toEqual(
      Object.keys(files)
        .map((name) => `archive/Music/${name}`)
        .sort(),
    )
    for (const [name, bytes] of Object.entries(files))
      expect(service.objects.get(`archive/Music/${name}`)?.bytes.equals(bytes), name).toBe(true)
    expect((await run()).summary).toMatchObject({stored: 0, unchanged: 3, failed: 0})

    const back = join(temporaryFolder(), 'back')
    expect((await run('--restore', back)).summary).toMatchObject({stored: 3, failed: 0})
    for (const [name, bytes] of Object.entries(files))
      expect(readFileSync(join(back, 'Music', name)).equals(bytes), name).toBe(true)
    expect((await run('--restore', back)).summary).toMatchObject({stored: 0, unchanged: 3})
  })

  itUploads(
    'arrives whole through 503, broken connections and damage on the way',
    async () => {
      const {service, music, run} = await setUp()
      for (let n = 0; n < 4; n++) writeFileSync(join(music, `small${n}.mp3`), noise(40_000, n + 10))
      const large = noise(6_500_000, 99)
      writeFileSync(join(music, 'large.wav'), large)
      Object.assign(service, {refusals: 2, cuts: 2, damages: 1})
      const result = await run()
      expect(result.failures).toEqual([])
      expect(service.counts).toMatchObject({refused: 2, cut: 2, mismatched: 1})
      expect(service.counts.resumes, 'asks how far it came').toBeGreaterThan(0)
      expect(service.objects.get('archive/Music/large.wav')?.bytes.equals(large)).toBe(true)
      expect(service.objects.size).toBe(5)
    },
    120_000,
  )

  itUploads(
    'goes on with a large file after crate was killed in it',
    async () => {
      const {crate, service, music, run} = await setUp()
      const large = noise(8_000_000, 7)
      writeFileSync(join(music, 'large.wav'), large)
      service.pieceDelayMs = 40
      const {child, done} = crate.start(['upload', '--to', 'gs://test-bucket/archive', '--json'])
      while (service.counts.received < 2_000_000 && child.exitCode === null) await sleep(20)
      child.kill('SIGKILL')
      await done
      expect(service.objects.size).toBe(0)
      const before = service.counts.received
      service.pieceDelayMs = 0
      expect(await run()).toMatchObject({failures: [], summary: {stored: 1}})
      expect(service.objects.get('archive/Music/large.wav')?.bytes.equals(large)).toBe(true)
      expect(service.counts.sessions, 'the second run begins no new transfer').toBe(1)
      expect(service.counts.received - before, 'and sends only what is missing').toBeLessThan(6_500_000)
      const notes = join(crate.home, '.local', 'share', 'crate', 'uploads')
      expect(existsSync(notes) ? readdirSync(notes) : []).toEqual([])
    },
    120_000,
  )

  itUploads('takes a file for stored whose answer was lost on the way', async () => {
    const {service, music, run} = await setUp()
    writeFileSync(join(music, 'a.mp3'), noise(20_000, 3))
    service.lostAnswers = 1
    expect(await run()).toMatchObject({failures: [], summary: {stored: 1, failed: 0}})
    expect(service.counts.lost).toBe(1)
  })

  itUploads('overwrites nothing that differs, unless it is told to', async () => {
    const {service, music, run} = await setUp()
    writeFileSync(join(music, 'a.mp3'), noise(1000, 1))
    await run()
    writeFileSync(join(music, 'a.mp3'), noise(1000, 2))
    const refused = await run()
    expect(refused.failures).toMatchObject([{path: 'Music/a.mp3', code: 'FILE_EXISTS'}])
    expect(service.objects.get('archive/Music/a.mp3')?.bytes.equals(noise(1000, 1))).toBe(true)
    expect((await run('--overwrite')).summary).toMatchObject({stored: 1, failed: 0})
    expect(service.objects.get('archive/Music/a.mp3')?.bytes.equals(noise(1000, 2))).toBe(true)
  })

  itUploads(
    'says which file did not arrive, and keeps the others',
    async () => {
      const {service, music, run} = await setUp()
      for (let n = 0; n < 3; n++) writeFileSync(join(music, `${n}.mp3`), noise(5000, n))
      const bytes = noise(10, 1)
      service.objects.set('archive/../../evil.mp3', {bytes, contentType: '', crc32c: plainCrc32c(bytes)})
      service.objects.set('archive/Music/odd.mp3', {bytes, contentType: '', crc32c: plainCrc32c(noise(10, 2))})
      await run()
      const back = join(temporaryFolder(), 'deep', 'back')
      const restored = await run('--restore', back)
      expect(restored.failures.map(({path, code}) => [path, code]).sort()).toEqual([
        ['../../evil.mp3', 'FORMAT_INVALID'],
        ['Music/odd.mp3', 'NETWORK_FAILED'],
      ])
      expect(readdirSync(join(back, 'Music')).sort()).toEqual(['0.mp3', '1.mp3', '2.mp3'])
      expect(existsSync(join(back, '..', '..', 'evil.mp3'))).toBe(false)
    },
    120_000,
  )

  itUploads('refuses what is no bucket', async () => {
    const {run} = await setUp()
    await expect(run('--to', 'gs://NOT A BUCKET')).rejects.toMatchObject({code: 'USAGE'})
    await expect(run('--to', 's3://bucket')).rejects.toMatchObject({code: 'USAGE'})
  })
})

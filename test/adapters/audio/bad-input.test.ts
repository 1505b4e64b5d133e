// What a music folder also holds: each is told apart and said plainly, and nothing hangs.
import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, describe, expect, it} from 'vitest'
import {withDecodedAudio} from '../../../src/adapters/audio/decode.js'
import {readRawTags} from '../../../src/adapters/tags/raw-tags.js'
import {readTags} from '../../../src/adapters/tags/read-tags.js'
import {hasTool} from '../tools.js'
import {makeSignal, writeWav16} from './signal.js'

const folder = mkdtempSync(join(tmpdir(), 'crate-bad-input-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))
const music = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), 'fixtures', 'music')
const fixture = (name: string) => readFileSync(join(music, name))

const FIXTURES = [
  'Ines Calder - Paper Lanterns.wav',
  'Марина Заречная - Ночной поезд.aiff',
  '青木ハル - 夜明けの線路.flac',
  'Tomás Albarrán - Azotea (Extended Mix).mp3',
  'Delroy Finch - Platform Nine.ogg',
  'Halvorsen & Mei - Glasshouse.m4a',
  'Odell Quartermain - Corner Store Sunday.m4a',
]

async function listen(path: string, ffmpeg = 'ffmpeg'): Promise<number> {
  return withDecodedAudio(
    path,
    async ({blocks}) => {
      let frames = 0
      for await (const [left] of blocks) frames += left?.length ?? 0
      return frames
    },
    {ffmpeg},
  )
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function makeFolder(): string {
  mkdirSync(join(folder, 'x.wav'))
  return join(folder, 'x.wav')
}

function link(name: string, target: string): string {
  symlinkSync(target, join(folder, name))
  return join(folder, name)
}

function makePipe(): string {
  spawnSync('mkfifo', [join(folder, 'pipe.wav')])
  return join(folder, 'pipe.wav')
}

describe('bad input', () => {
  it.each([
    ['an empty file', () => write('empty.mp3', ''), 'AUDIO_EMPTY'],
    ['a text named .mp3', () => write('text.mp3', 'These are words.\n'.repeat(500)), 'AUDIO_UNDECODABLE'],
    ['a web page named .flac', () => write('page.flac', '<!DOCTYPE html><html>404</html>'), 'AUDIO_UNDECODABLE'],
    ['zeros only', () => write('zeros.wav', new Uint8Array(100_000)), 'AUDIO_UNDECODABLE'],
    [
      'a header and nothing else',
      () => write('header.wav', fixture(FIXTURES[0] ?? '').subarray(0, 44)),
      'AUDIO_UNDECODABLE',
    ],
    ['a folder named x.wav', makeFolder, 'FILE_UNREADABLE'],
    ['no file', () => join(folder, 'absent.mp3'), 'FILE_NOT_FOUND'],
    ['a link to nothing', () => link('dangling.mp3', 'nowhere'), 'FILE_NOT_FOUND'],
    ['a link to itself', () => link('loop.mp3', 'loop.mp3'), 'FILE_UNREADABLE'],
    ['a pipe', makePipe, 'FILE_UNREADABLE'],
  ] as const)('%s is refused', async (_what, make, code) => {
    const path = make()
    await expect(listen(path)).rejects.toMatchObject({code})
  })

  it.skipIf(process.getuid?.() === 0)('a file without permission is refused', async () => {
    const path = write('secret.mp3', fixture(FIXTURES[3] ?? ''))
    chmodSync(path, 0)
    await expect(listen(path)).rejects.toMatchObject({code: 'FILE_UNREADABLE'})
  })

  it.each(FIXTURES)('%s cut off in the middle is refused', async (name) => {
    const bytes = fixture(name)
    const path = write(`cut-${name}`, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
    await expect(listen(path, 'no-such-program')).rejects.toMatchObject({code: 'AUDIO_UNDECODABLE'})
  })

  it.skipIf(!hasTool('ffmpeg'))(
    'an MP4 whose later half is noise is refused, also where ffmpeg stands in',
    async () => {
      const bytes = Buffer.from(fixture(FIXTURES[5] ?? ''))
      let state = 11
      for (let at = bytes.length >> 2; at < (bytes.length * 3) >> 2; at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        bytes[at] = state >>> 24
      }
      const path = write('noise.m4a', bytes)
      const isRefused = {code: 'AUDIO_UNDECODABLE', message: expect.stringContaining('cannot be read')}
      await expect(listen(path)).rejects.toMatchObject(isRefused)
    },
  )

  it('a flipped bit in a FLAC is found by its checksum', async () => {
    const bytes = Buffer.from(fixture(FIXTURES[2] ?? ''))
    bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 0x20
    await expect(listen(write('flipped.flac', bytes))).rejects.toMatchObject({code: 'AUDIO_UNDECODABLE'})
  })

  it.each(FIXTURES)('%s with flipped bits never hangs or crashes', async (name) => {
    let state = 7
    for (let round = 0; round < 12; round++) {
      const bytes = Buffer.from(fixture(name))
      for (let flip = 0; flip < 8; flip++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        // Half of the flips into the first kilobytes, where lengths and offsets stand.
        const at = state % (flip % 2 === 0 ? 4096 : bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (state >>> 29))
      }
      const path = write(`flips-${name}`, bytes)
      const isAnswer = (error: unknown) => expect(error).toMatchObject({name: 'CrateError'})
      await listen(path, 'no-such-program').catch(isAnswer)
      await readRawTags(path).catch(isAnswer)
      await readTags(path)
    }
  })

  it('a file that grows while it is read is reported as unstable', async () => {
    const path = join(folder, 'growing.wav')
    writeWav16(path, makeSignal(44100, 3), 44100)
    const growing = withDecodedAudio(path, async ({blocks}) => {
      for await (const _ of blocks) appendFileSync(path, Buffer.alloc(4096))
    })
    await expect(growing).rejects.toMatchObject({code: 'FILE_UNSTABLE'})
  })

  it.skipIf(!hasTool('ffmpeg'))('without ffmpeg, Opus says how to get it', async () => {
    const path = join(folder, 'signal.opus')
    const wav = join(folder, 'signal.wav')
    writeWav16(wav, makeSignal(48000, 2), 48000)
    spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', wav, '-c:a', 'libopus', path])
    await expect(listen(path, 'no-such-program')).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      hints: [expect.stringContaining('ffmpeg')],
    })
    expect(await listen(path)).toBe(96_000)
    // Whoever looks at the length alone leaves no ffmpeg behind.
    await withDecodedAudio(path, async ({durationMs}) => expect(durationMs).toBeCloseTo(2000, 6))
    const children = () =>
      spawnSync('ps', ['--ppid', String(process.pid), '-o', 'comm='], {encoding: 'utf8'}).stdout ?? ''
    await expect.poll(children, {timeout: 5000}).not.toContain('ffmpeg')
  })
})

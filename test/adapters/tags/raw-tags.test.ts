import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {identifyAudioFile} from '../../../src/adapters/audio/read-audio.js'
import {readRawTags, writeRawTags} from '../../../src/adapters/tags/raw-tags.js'
import {makeSignal, writeWav16} from '../audio/signal.js'
import {hasMutagen, hasTool, PYTHON, runTool} from '../tools.js'

const folder = mkdtempSync(join(tmpdir(), 'crate-raw-tags-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))
const dumpScript = join(dirname(fileURLToPath(import.meta.url)), 'mutagen-dump.py')

interface Dump {
  readonly tags: Readonly<Record<string, readonly string[]>>
  readonly version: string | null
  readonly length: number
}

function mutagenDump(path: string): Dump {
  return JSON.parse(runTool(PYTHON, dumpScript, path)) as Dump
}

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Each file, how ffmpeg makes it, and keys of its container for a title, a comment, a big binary and a small one. */
const FILES = [
  ['mp3', ['-c:a', 'libmp3lame', '-id3v2_version', '4']],
  ['23.mp3', ['-c:a', 'libmp3lame', '-id3v2_version', '3']],
  ['untagged.mp3', ['-c:a', 'libmp3lame', '-id3v2_version', '0', '-write_xing', '0']],
  ['aiff', ['-write_id3v2', '1']],
  ['bare.aiff', []],
  ['wav', ['-c:a', 'pcm_s16le']],
  ['aac', ['-c:a', 'aac', '-f', 'adts']],
  ['flac', []],
  ['ogg', ['-c:a', 'libvorbis']],
  ['opus', ['-c:a', 'libopus']],
  ['oga', ['-c:a', 'flac', '-f', 'ogg']],
  ['m4a', ['-c:a', 'aac']],
  ['front.m4a', ['-c:a', 'aac', '-movflags', '+faststart']],
  ['bare.m4a', ['-c:a', 'alac', '-movflags', '+faststart', '-map_metadata', '-1', '-fflags', '+bitexact']],
] as const

type Container = 'id3' | 'vorbis' | 'mp4'
const KEYS: Readonly<Record<Container, {text: string; comment: string; big: string; small: string}>> = {
  id3: {text: 'TIT2', comment: 'COMM', big: 'GEOB:Serato Overview', small: 'GEOB:Serato BeatGrid'},
  vorbis: {text: 'TITLE', comment: 'COMMENT', big: 'SERATO_OVERVIEW', small: 'SERATO_BEATGRID'},
  mp4: {text: '©nam', comment: '©cmt', big: '----:com.serato.dj:overview', small: '----:com.serato.dj:beatgrid'},
}

const canRun = hasTool('ffmpeg') && hasMutagen()

describe.skipIf(!canRun).each(FILES)('writeRawTags in %s', (extension, options) => {
  const original = join(folder, `original.${extension}`)
  const audioMd5 = (path: string) => runTool('ffmpeg', '-v', 'error', '-i', path, '-map', '0:a', '-f', 'md5', '-')
  const fresh = (name: string) => {
    const path = join(folder, `${name}.${extension}`)
    copyFileSync(original, path)
    return path
  }

  beforeAll(() => {
    const wav = join(folder, 'signal.wav')
    writeWav16(wav, makeSignal(44100, 3), 44100)
    const tags = ['-metadata', 'title=Ночной поезд', '-metadata', 'artist=夜の列車', '-metadata', 'comment=first']
    runTool(
      'ffmpeg',
      '-v',
      'error',
      '-y',
      '-i',
      wav,
      ...(extension.startsWith('bare') ? [] : tags),
      ...options,
      original,
    )
  })

  it('sets, keeps, changes and removes single values as mutagen reads them, and leaves the audio', async () => {
    const path = fresh('edited')
    const {container = 'id3', tags: before = []} = (await readRawTags(path)) ?? {}
    const keys = KEYS[container]
    const hashBefore = (await identifyAudioFile(path)).audioHash
    const md5Before = audioMd5(path)
    // A payload with FF 00 and FF E0 in it, longer than any padding; of text containers it must be text.
    const isText = container !== 'id3'
    const big = isText
      ? utf8('QUFB'.repeat(20_000))
      : Uint8Array.from({length: 70_000}, (_, index) => (index % 7 === 0 ? 0xff : index))
    const small = isText ? utf8('AAEC') : Uint8Array.of(1, 0, 0xff, 0, 0xff, 0xe0, 0xff)

    await writeRawTags(path, [
      {key: keys.big, bytes: big},
      {key: keys.small, bytes: small},
      {key: keys.text, bytes: utf8('Žižkov — 夜')},
      {key: keys.comment, bytes: utf8('second')},
    ])
    expect(audioMd5(path)).toBe(md5Before)
    expect((await identifyAudioFile(path)).audioHash).toBe(hashBefore)
    const values = new Map((await readRawTags(path))?.tags.map((tag) => [tag.key.toLowerCase(), hex(tag.bytes)]))
    expect(values.get(keys.big.toLowerCase())).toBe(hex(big))
    const untouched = before.filter(
      ({key}) => ![keys.text, keys.comment].map((k) => k.toLowerCase()).includes(key.toLowerCase()),
    )
    for (const {key, bytes} of untouched) expect(values.get(key.toLowerCase()), key).toBe(hex(bytes))

    // mutagen reads no tags of raw AAC.
    if (extension !== 'aac') {
      const {tags} = mutagenDump(path)
      const own = (key: string) => (container === 'vorbis' ? tags[key.toLowerCase()] : tags[key])
      expect(own(keys.big)).toEqual([hex(big)])
      expect(own(keys.small)).toEqual([hex(small)])
      expect(own(keys.text)).toEqual([hex(utf8('Žižkov — 夜'))])
      expect(own(keys.comment)).toEqual([hex(utf8('second'))])
    }

    await writeRawTags(path, [
      {key: keys.big, bytes: null},
      {key: keys.small, bytes: small.slice().reverse()},
    ])
    expect(audioMd5(path)).toBe(md5Before)
    const after = (await readRawTags(path))?.tags ?? []
    expect(after.some(({key}) => key.toLowerCase() === keys.big.toLowerCase())).toBe(false)
    expect(hex(after.find(({key}) => key.toLowerCase() === keys.small.toLowerCase())?.bytes ?? utf8(''))).toBe(
      hex(small.slice().reverse()),
    )
  })

  it('gives back the very same file when a value is set to what it was', async () => {
    const path = fresh('same')
    const tags = (await readRawTags(path))?.tags ?? []
    const [first] = tags.filter(({key}) => /^(TIT2|TITLE|©nam)$/i.test(key))
    if (first === undefined) return
    await writeRawTags(path, [first])
    const size = statSync(original).size
    // A file without padding gains some; one with padding stays as it is, byte for byte.
    await writeRawTags(path, [{key: first.key, bytes: utf8('x')}])
    const padded = statSync(path).size
    await writeRawTags(path, [{key: first.key, bytes: utf8('a longer title')}])
    if (extension !== 'ogg' && extension !== 'opus' && extension !== 'oga') expect(statSync(path).size).toBe(padded)
    expect(padded).toBeGreaterThanOrEqual(size - 100)
  })

  it('leaves the file and no other behind when it fails', async () => {
    const path = fresh('failing')
    const before = readFileSync(path)
    await expect(writeRawTags(path, [{key: 'Ключ', bytes: utf8('x')}])).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith('crate-tmp'))).toEqual([])
  })
})

describe.skipIf(!canRun)('writeRawTags on disk', () => {
  it('keeps the mode, follows a link, and keeps the time when asked', async () => {
    const path = join(folder, 'mode.mp3')
    copyFileSync(join(folder, 'original.mp3'), path)
    chmodSync(path, 0o640)
    const link = join(folder, 'link.mp3')
    symlinkSync('mode.mp3', link)
    const before = statSync(path)
    await writeRawTags(link, [{key: 'TIT2', bytes: utf8('linked')}], {keepsModifiedTime: true})
    const after = statSync(path)
    expect(after.mode).toBe(before.mode)
    expect(Math.abs(after.mtimeMs - before.mtimeMs)).toBeLessThan(1)
    expect(readdirSync(folder)).toContain('link.mp3')
    expect((await readRawTags(link))?.tags.find(({key}) => key === 'TIT2')?.bytes).toEqual(Buffer.from('linked'))
  })

  it('refuses a text named .mp3 and leaves it', async () => {
    const path = join(folder, 'text.mp3')
    writeFileSync(path, 'just words, no music at all')
    await expect(writeRawTags(path, [{key: 'TIT2', bytes: utf8('x')}])).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
    expect(readFileSync(path, 'utf8')).toBe('just words, no music at all')
    expect(await readRawTags(path)).toBeNull()
  })
})

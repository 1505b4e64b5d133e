// The five kinds of MP3 header, in files that lame and ffmpeg made.
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {readMp3Header} from '../../../src/adapters/audio/mp3-header.js'
import {hasTool} from '../tools.js'

describe.skipIf(!hasTool('ffmpeg') || !hasTool('lame'))('readMp3Header (lame, ffmpeg)', () => {
  let folder = ''
  const at = (name: string) => join(folder, name)

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crate-mp3-header-'))
    const tone = ['-v', 'error', '-f', 'lavfi', '-i', 'sine=440:duration=2']
    execFileSync('ffmpeg', [...tone, at('tone.wav')])
    execFileSync('ffmpeg', [...tone, at('lavc.mp3')])
    execFileSync('lame', ['--quiet', at('tone.wav'), at('lame.mp3')])
    execFileSync('lame', ['--quiet', '-t', at('tone.wav'), at('none.mp3')])
    const bytes = readFileSync(at('lame.mp3'))
    const tagAt = bytes.indexOf('LAME')
    writeFileSync(at('lame-crc-bad.mp3'), Buffer.from(bytes).fill(0, tagAt + 34, tagAt + 36))
    writeFileSync(at('xing.mp3'), Buffer.from(bytes).fill(0, tagAt, tagAt + 36))
    writeFileSync(at('empty.mp3'), '')
  })
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  it.each(['lame', 'lame-crc-bad', 'lavc', 'xing', 'none'])('%s', async (name) => {
    expect(await readMp3Header(at(`${name}.mp3`))).toEqual({headerCase: name, sampleRateHz: 44_100})
  })

  it.each(['tone.wav', 'empty.mp3', 'absent.mp3', '.'])('is null for %s', async (name) => {
    expect(await readMp3Header(at(name))).toBeNull()
  })
})

// Pieces against the whole: the joined segments must be what the decoder makes of the file in one go.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {memoryBytes} from '../../../src/adapters/audio/bytes.js'
import {readMp4Audio} from '../../../src/adapters/audio/containers/mp4.js'
import {decodeNatively} from '../../../src/adapters/audio/native-decode.js'
import {mp4AacSegments} from '../../../src/adapters/audio/segments/aac-segments.js'
import {flacSegments} from '../../../src/adapters/audio/segments/flac-segments.js'
import {mp3Segments} from '../../../src/adapters/audio/segments/mp3-segments.js'
import type {CodedSegment} from '../../../src/adapters/audio/segments/segment.js'
import {vorbisSegments} from '../../../src/adapters/audio/segments/vorbis-segments.js'
import {hasTool, runTool} from '../tools.js'
import {makeSignal, writeWav16} from './signal.js'

const folder = mkdtempSync(join(tmpdir(), 'crate-segments-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

const SAMPLE_RATE_HZ = 44100

async function joined(segments: Iterable<CodedSegment>): Promise<{count: number; left: Float32Array}> {
  const parts: Float32Array[] = []
  for (const {coded, frames} of segments) {
    const {channels} = await decodeNatively(coded, SAMPLE_RATE_HZ)
    const [left = new Float32Array(0)] = channels
    parts.push(frames === null ? left : left.subarray(left.length - frames))
  }
  const left = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    left.set(part, at)
    at += part.length
  }
  return {count: parts.length, left}
}

describe.skipIf(!hasTool('ffmpeg'))('segments', () => {
  const wav = join(folder, 'signal.wav')
  beforeAll(() => writeWav16(wav, makeSignal(SAMPLE_RATE_HZ, 65), SAMPLE_RATE_HZ))

  it.each([
    ['an MP3 of constant bit rate', 'cbr.mp3', ['-b:a', '128k', '-write_xing', '0'], mp3Segments],
    ['an MP3 of variable bit rate', 'vbr.mp3', ['-q:a', '4', '-write_xing', '0'], mp3Segments],
    [
      'an MP3 of 32 kbit/s, whose reservoir reaches over many frames',
      'low.mp3',
      ['-b:a', '32k', '-write_xing', '0'],
      mp3Segments,
    ],
    ['a FLAC', 'fixed.flac', [], flacSegments],
    ['an Ogg Vorbis', 'vorbis.ogg', ['-c:a', 'libvorbis', '-q:a', '4'], vorbisSegments],
  ] as const)('of %s decode to the very samples of the whole', async (_what, name, options, cut) => {
    const path = join(folder, name)
    runTool('ffmpeg', '-v', 'error', '-y', '-i', wav, ...options, path)
    const bytes = new Uint8Array(readFileSync(path))
    const whole = await decodeNatively(bytes, SAMPLE_RATE_HZ)
    const {count, left} = await joined(cut(memoryBytes(bytes)))
    expect(count).toBeGreaterThanOrEqual(3)
    expect(left.length).toBe(whole.channels[0]?.length)
    expect(
      Buffer.compare(Buffer.from(left.buffer), Buffer.from(whole.channels[0]?.slice().buffer ?? new ArrayBuffer(0))),
    ).toBe(0)
  })

  it('of an M4A decode to what the whole does, within rounding', async () => {
    // Noise substitution draws random numbers in the decoder, so that no two decodes are alike with it.
    const path = join(folder, 'aac.m4a')
    runTool(
      'ffmpeg',
      '-v',
      'error',
      '-y',
      '-i',
      wav,
      '-c:a',
      'aac',
      '-b:a',
      '192k',
      '-aac_pns',
      '0',
      '-movflags',
      '+faststart',
      path,
    )
    const bytes = new Uint8Array(readFileSync(path))
    const whole = (await decodeNatively(bytes, SAMPLE_RATE_HZ)).channels[0] ?? new Float32Array(0)
    const source = memoryBytes(bytes)
    const {count, left} = await joined(mp4AacSegments(source, readMp4Audio(source)))
    expect(count).toBeGreaterThanOrEqual(3)
    expect(left.length).toBe(whole.length)
    let largest = 0
    for (const [index, value] of left.entries()) largest = Math.max(largest, Math.abs(value - (whole[index] ?? 0)))
    expect(largest).toBeLessThan(1e-4)
  })
})

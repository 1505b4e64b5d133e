import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {withDecodedAudio} from '../../../src/adapters/audio/decode.js'
import {identifyAudioFile} from '../../../src/adapters/audio/read-audio.js'
import {hasTool, runTool} from '../tools.js'
import {lagBetween, makeSignal, writeWav16} from './signal.js'

const folder = mkdtempSync(join(tmpdir(), 'crate-decode-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

async function leftChannel(path: string) {
  return withDecodedAudio(path, async ({blocks, ...audio}) => {
    const parts: Float32Array[] = []
    for await (const [left] of blocks) if (left !== undefined) parts.push(left.slice())
    const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      samples.set(part, at)
      at += part.length
    }
    return {...audio, samples}
  })
}

/** How each container is made, and how far its first sample may lie from the original's. */
const CONTAINERS: readonly (readonly [string, readonly string[]])[] = [
  ['wav', ['-c:a', 'pcm_s16le']],
  ['24.wav', ['-c:a', 'pcm_s24le']],
  ['float.wav', ['-c:a', 'pcm_f32le']],
  ['double.wav', ['-c:a', 'pcm_f64le']],
  ['aiff', ['-c:a', 'pcm_s16be']],
  ['24.aiff', ['-c:a', 'pcm_s24be']],
  ['sowt.aifc', ['-c:a', 'pcm_s16le', '-f', 'aiff']],
  ['float.aifc', ['-c:a', 'pcm_f32be', '-f', 'aiff']],
  ['flac', []],
  ['mp3', ['-c:a', 'libmp3lame', '-b:a', '192k']],
  ['vbr.mp3', ['-c:a', 'libmp3lame', '-q:a', '2']],
  ['ogg', ['-c:a', 'libvorbis', '-q:a', '5']],
  ['opus', ['-c:a', 'libopus', '-b:a', '128k']],
  ['m4a', ['-c:a', 'aac', '-b:a', '192k']],
  ['front.m4a', ['-c:a', 'aac', '-b:a', '192k', '-movflags', '+faststart']],
  ['alac.m4a', ['-c:a', 'alac']],
  ['alac-front.m4a', ['-c:a', 'alac', '-movflags', '+faststart']],
]

describe.skipIf(!hasTool('ffmpeg')).each([44100, 48000])('withDecodedAudio at %i Hz', (sampleRateHz) => {
  const seconds = 6
  const original = join(folder, `original-${sampleRateHz}.wav`)
  const signal = makeSignal(sampleRateHz, seconds)
  const left = Float32Array.from({length: signal.length / 2}, (_, index) => (signal[index * 2] ?? 0) / 0x8000)
  beforeAll(() => writeWav16(original, signal, sampleRateHz))

  it.each(CONTAINERS)('starts %s where the original starts, at its own rate', async (extension, options) => {
    const path = join(folder, `${sampleRateHz}.${extension}`)
    runTool('ffmpeg', '-v', 'error', '-y', '-i', original, ...options, path)
    const heard = await leftChannel(path)
    // Opus knows no 44.1 kHz: every such file plays at 48.
    if (extension === 'opus' && sampleRateHz === 44100) return expect(heard.sampleRateHz).toBe(48000)
    expect(heard.sampleRateHz).toBe(sampleRateHz)
    expect(heard.channelCount).toBe(2)
    expect(heard.samples.length).toBe(left.length)
    expect(heard.durationMs).toBeCloseTo(seconds * 1000, 6)
    expect(lagBetween(left, heard.samples, sampleRateHz, 2500)).toBe(0)
  })

  it.each(CONTAINERS)('tells facts of %s as ffprobe does', async (extension) => {
    const path = join(folder, `${sampleRateHz}.${extension}`)
    const {file} = await identifyAudioFile(path)
    const probe = JSON.parse(runTool('ffprobe', '-v', 'error', '-show_streams', '-of', 'json', path)).streams[0]
    expect(file.sampleRateHz).toBe(Number(probe.sample_rate))
    expect(file.channels).toBe(probe.channels)
    expect(Math.abs((file.durationMs ?? 0) - seconds * 1000)).toBeLessThan(1)
    if (probe.bits_per_raw_sample !== undefined && probe.codec_name !== 'mp3' && extension !== 'opus')
      expect(file.bitDepth).toBe(Number(probe.bits_per_raw_sample))
  })
})

// Positions between programs, against the numbers that their sources state (FORMATS §5) and against what ffmpeg cuts off.
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {Cue} from '../../src/core/cue.js'
import {type ClockProgram, settlePositions, shiftBetween, shiftPositions} from '../../src/core/position-shift.js'
import type {AudioFormat, Mp3HeaderCase} from '../../src/core/track.js'

const CASES: readonly Mp3HeaderCase[] = ['none', 'xing', 'lame-crc-bad', 'lame']
const PROGRAMS: readonly ClockProgram[] = [
  'crate',
  'rekordbox',
  'traktor',
  'serato',
  'mixxx-libmad',
  'mixxx-ffmpeg',
  'mixxx-coreaudio',
]

function mp3(headerCase: Mp3HeaderCase | null, sampleRateHz: number | null = 44_100) {
  return {format: 'mp3' as const, mp3HeaderCase: headerCase, sampleRateHz}
}

function file(format: AudioFormat | null) {
  return {format, mp3HeaderCase: null, sampleRateHz: 44_100}
}

describe('shiftBetween', () => {
  it.each<[ClockProgram, ClockProgram, readonly number[]]>([
    ['traktor', 'rekordbox', [0, -26, -26, 0]],
    ['rekordbox', 'traktor', [0, 26, 26, 0]],
    ['rekordbox', 'mixxx-libmad', [-26, 0, 0, -26]],
    ['rekordbox', 'mixxx-ffmpeg', [0, 0, 0, -26]],
    ['rekordbox', 'mixxx-coreaudio', [-12, -13, -26, -50]],
    ['serato', 'mixxx-libmad', [-26, -26, -26, -26]],
  ])('%s → %s as stated', (from, to, expected) => {
    const shifts = CASES.map((headerCase) => shiftBetween(from, to, mp3(headerCase)))
    expect(shifts.map((shift) => shift.shiftMs)).toEqual(expected.map((ms) => expect.closeTo(ms, 9)))
    expect(new Set(shifts.map((shift) => shift.standing))).toEqual(new Set(['stated']))
  })

  it('moves Serato to Rekordbox by the difference of their ways to Mixxx', () => {
    expect(CASES.map((headerCase) => shiftBetween('serato', 'rekordbox', mp3(headerCase)).shiftMs)).toEqual(
      [0, -26, -26, 0].map((ms) => expect.closeTo(ms, 9)),
    )
  })

  it('takes 24 ms for a frame at 48 kHz, as Mixxx does for Serato', () => {
    expect(shiftBetween('serato', 'mixxx-libmad', mp3('lame', 48_000)).shiftMs).toBeCloseTo(-24, 9)
  })

  it('puts Serato about 50 ms behind crate in a LAME file, as one song in MP3 and FLAC shows (0.30499 s, 0.25486 s)', () => {
    const {shiftMs, standing} = shiftBetween('crate', 'serato', mp3('lame'))
    expect(Math.abs(shiftMs - (304.99 - 254.86))).toBeLessThan(1.1)
    expect(standing).toBe('inferred')
  })

  it('takes an FFmpeg tag for no LAME tag on the way between DJ programs', () => {
    expect(shiftBetween('traktor', 'rekordbox', mp3('lavc')).shiftMs).toBeCloseTo(-26, 9)
  })

  it.each([...CASES, 'lavc' as const])('goes round by any program without a residue (%s)', (headerCase) => {
    for (const a of PROGRAMS)
      for (const b of PROGRAMS) {
        const there = shiftBetween(a, b, mp3(headerCase)).shiftMs
        const back = shiftBetween(b, a, mp3(headerCase)).shiftMs
        expect(there + back, `${a} ${b}`).toBeCloseTo(0, 9)
        for (const c of PROGRAMS)
          expect(shiftBetween(a, c, mp3(headerCase)).shiftMs + shiftBetween(c, b, mp3(headerCase)).shiftMs).toBeCloseTo(
            there,
            9,
          )
      }
  })

  it.each<AudioFormat>(['wav', 'aiff', 'flac', 'ogg', 'opus'])('never moves %s', (format) => {
    for (const to of PROGRAMS) expect(shiftBetween('serato', to, file(format))).toEqual({shiftMs: 0, standing: 'exact'})
  })

  it('leaves positions alone where the header was never read', () => {
    expect(shiftBetween('rekordbox', 'crate', mp3(null))).toEqual({shiftMs: 0, standing: 'unknown'})
    expect(shiftBetween('rekordbox', 'crate', file(null))).toEqual({shiftMs: 0, standing: 'unknown'})
  })

  it('moves AAC only where it is asked for', () => {
    expect(shiftBetween('rekordbox', 'mixxx-coreaudio', file('m4a'))).toEqual({shiftMs: 0, standing: 'unknown'})
    const asked = {shiftsAac: true}
    expect(shiftBetween('rekordbox', 'mixxx-coreaudio', file('m4a'), asked)).toEqual({
      shiftMs: -48,
      standing: 'stated',
    })
    expect(shiftBetween('serato', 'rekordbox', file('m4a'), asked)).toEqual({shiftMs: 48, standing: 'inferred'})
    expect(shiftBetween('traktor', 'rekordbox', file('m4a'), asked)).toEqual({shiftMs: 0, standing: 'unknown'})
  })
})

describe('shiftPositions', () => {
  it('moves every position and keeps the rest', () => {
    expect(shiftPositions([{positionMs: 10, name: 'a'}], -26)).toEqual([{positionMs: -16, name: 'a'}])
  })
})

describe('settlePositions', () => {
  const cue = (origin: Cue['origin']): Cue => ({
    kind: 'memory',
    slot: null,
    positionMs: 1000,
    lengthMs: null,
    name: '',
    colorRgb: null,
    origin,
  })
  const track = {
    file: {...mp3('lame'), path: '/x.mp3', sizeBytes: null, modifiedAtMs: null, durationMs: null, channels: null},
    cues: [cue('import:rekordbox'), cue('user'), cue('import:traktor')],
    beatGrid: [{positionMs: 100, tempoBpm: 120, beatInBar: 1}],
    gridOrigin: 'import:rekordbox' as const,
    extras: {rekordbox: {clock: 'rekordbox', trackId: '1'}, traktor: {color: 1}},
  }
  const file = {...track.file, bitDepth: null, bitRateKbps: null}

  it('moves what an import left in its own time, once, and nothing else', () => {
    const settled = settlePositions({...track, file})
    expect(settled.cues.map(({positionMs}) => Math.round(positionMs))).toEqual([949, 1000, 1000])
    expect(Math.round(settled.beatGrid[0]?.positionMs ?? 0)).toBe(49)
    expect(settled.extras).toEqual({rekordbox: {trackId: '1'}, traktor: {color: 1}})
    expect(settlePositions(settled)).toBe(settled)
  })

  it('waits while the header is still unknown', () => {
    const away = {...track, file: {...file, mp3HeaderCase: null}}
    expect(settlePositions(away)).toBe(away)
  })
})

const {CI} = process.env
const hasTools = ['ffmpeg', 'lame'].every((tool) => spawnSync(tool, ['-version']).error === undefined)

describe.skipIf(!hasTools && CI === undefined)('the delay that crate counts from (ffmpeg, lame)', () => {
  let folder = ''
  const clickAt = 22_050

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crate-shift-'))
    const pcm = new Int16Array(44_100 * 2)
    for (let n = 0; n < 200; n++) pcm[clickAt + n] = Math.round(30_000 * Math.exp(-n / 30) * Math.cos(n * 0.6))
    writeFileSync(join(folder, 'click.raw'), new Uint8Array(pcm.buffer))
    const raw = ['-r', '--signed', '--bitwidth', '16', '-s', '44.1', '-m', 'm', '--little-endian', '--quiet']
    execFileSync('lame', [...raw, join(folder, 'click.raw'), join(folder, 'lame.mp3')])
    execFileSync('lame', [...raw, '-t', join(folder, 'click.raw'), join(folder, 'none.mp3')])
    const bytes = readFileSync(join(folder, 'lame.mp3'))
    const tagAt = bytes.indexOf('LAME')
    const withoutTag = Buffer.from(bytes)
    withoutTag.fill(0, tagAt, tagAt + 36)
    writeFileSync(join(folder, 'xing.mp3'), withoutTag)
    const badCrc = Buffer.from(bytes)
    badCrc.fill(0, tagAt + 34, tagAt + 36)
    writeFileSync(join(folder, 'lame-crc-bad.mp3'), badCrc)
    const input = ['-f', 's16le', '-ar', '44100', '-ac', '1', '-i', join(folder, 'click.raw')]
    execFileSync('ffmpeg', ['-v', 'error', ...input, join(folder, 'lavc.mp3')])
  })
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  /** Samples that ffmpeg leaves before the music. */
  function silenceLeft(headerCase: Mp3HeaderCase): number {
    const path = join(folder, `${headerCase}.mp3`)
    const out = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 's16le', '-ac', '1', '-'])
    let loudest = 0
    for (let at = 0; at < out.length / 2; at++)
      if (Math.abs(out.readInt16LE(at * 2)) > Math.abs(out.readInt16LE(loudest * 2))) loudest = at
    return loudest - clickAt
  }

  it.each<Mp3HeaderCase>([...CASES, 'lavc'])(
    'is what is left of the delay of 1105 samples after ffmpeg cut it (%s)',
    (headerCase) => {
      // CoreAudio-free check of the model: Rekordbox skips the Info frame without a valid LAME tag and cuts nothing off,
      // so that the delay stands before the music; what crate, like ffmpeg, has cut off of it is the shift.
      const frame = headerCase === 'lame' ? 26 : 0
      const cutOffMs = ((1105 - silenceLeft(headerCase)) * 1000) / 44_100
      expect(shiftBetween('crate', 'rekordbox', mp3(headerCase)).shiftMs).toBeCloseTo(cutOffMs + frame, 1)
    },
  )
})

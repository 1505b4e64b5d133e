// The whole room on sounds with known answers, and on a handful of rendered tracks with their truth.
import {describe, expect, it} from 'vitest'
import {analyzePcm, createTrackAnalyzer} from '../../src/analysis/track-analyzer.js'
import {EMBEDDING_SIZE} from '../../src/analysis/version.js'
import {addChord, drumLoop, silence, sine, whiteNoise} from './signals.js'

describe('analyzePcm', () => {
  it('says nothing about nothing', () => {
    const findings = analyzePcm(silence(0))
    expect(findings.durationMs).toBe(0)
    expect(findings.analysis.tempoBpm).toBeNull()
    expect(findings.analysis.key).toBeNull()
    expect(findings.embedding).toBeNull()
  })

  it.each([
    ['silence', silence(20)],
    ['white noise', whiteNoise(20)],
    ['two seconds of drums', drumLoop(128, 2, 0)],
  ])('tells neither tempo nor key of %s', (_name, sound) => {
    const {analysis} = analyzePcm(sound)
    expect(analysis.tempoBpm).toBeNull()
    expect(analysis.beatGrid).toEqual([])
    expect(analysis.cues).toEqual([])
    expect(analysis.key).toBeNull()
  })

  it('hears no beat in a sine', () => {
    expect(analyzePcm(sine(440, 0.5, 20)).analysis.tempoBpm).toBeNull()
  })

  it.each([
    [109.5, 130],
    [123.97, 250],
    [128, 0],
    [174, 60],
  ])('grids drums at %s BPM that begin at %s ms', (tempoBpm, startMs) => {
    const {analysis} = analyzePcm(drumLoop(tempoBpm, 60, startMs))
    expect(analysis.tempoBpm).toBeCloseTo(tempoBpm, 2)
    const marker = analysis.beatGrid[0]
    const periodMs = 60_000 / tempoBpm
    const beats = ((marker?.positionMs ?? Number.NaN) - startMs) / periodMs
    expect(Math.abs(beats - Math.round(beats)) * periodMs).toBeLessThan(3)
    expect(marker?.beatInBar).toBe(1)
  })

  it('hears in a file that is 50 dB quieter what it hears in the loud one', () => {
    const [loud, quiet] = [drumLoop(126, 36, 130), drumLoop(126, 36, 130)]
    for (const sound of [loud, quiet])
      for (let bar = 0; bar < 18; bar++)
        addChord(sound, 130 + bar * 1905, 130 + (bar + 1) * 1905, bar % 2 === 0 ? [57, 60, 64] : [52, 56, 59])
    for (const channel of quiet.channels) for (let i = 0; i < channel.length; i++) channel[i] = (channel[i] ?? 0) / 316
    const [a, b] = [analyzePcm(loud), analyzePcm(quiet)]
    expect((a.analysis.loudnessLufs ?? 0) - (b.analysis.loudnessLufs ?? 0)).toBeCloseTo(50, 1)
    expect(b.analysis.tempoBpm).toBeCloseTo(126, 2)
    expect(b.analysis.key).toMatchObject({tonic: 'A', mode: 'minor'})
    expect(
      Math.abs((b.analysis.beatGrid[0]?.positionMs ?? 0) - (a.analysis.beatGrid[0]?.positionMs ?? 0)),
    ).toBeLessThan(3)
    const cosine = Array.from(a.embedding ?? []).reduce((sum, value, i) => sum + value * (b.embedding?.[i] ?? 0), 0)
    expect(cosine).toBeGreaterThan(0.9)
  })

  it('finds the key and the tuning of a cadence', () => {
    const sound = silence(32)
    const chords = [
      [57, 60, 64],
      [50, 57, 65],
      [52, 56, 59],
      [57, 60, 64],
    ]
    for (let bar = 0; bar < 16; bar++) addChord(sound, bar * 2000, (bar + 1) * 2000, chords[bar % 4] ?? [], 20)
    const {key} = analyzePcm(sound).analysis
    expect(key).toMatchObject({tonic: 'A', mode: 'minor'})
    expect(Math.abs((key?.tuningCents ?? 0) - 20)).toBeLessThan(5)
  })

  it('finds the same in blocks of any length', () => {
    const sound = drumLoop(126, 40, 100)
    const whole = analyzePcm(sound)
    const analyzer = createTrackAnalyzer({sampleRateHz: sound.sampleRateHz, channelCount: 2})
    const lengths = [1, 7, 100, 4096, 65_537]
    for (let at = 0, n = 0; at < sound.channels[0].length; n++) {
      const end = at + (lengths[n % lengths.length] ?? 1)
      analyzer.push(sound.channels.map((channel) => channel.subarray(at, end)))
      at = end
    }
    const streamed = analyzer.finish()
    expect(streamed.analysis.beatGrid).toEqual(whole.analysis.beatGrid)
    expect(streamed.analysis.loudnessLufs).toBeCloseTo(whole.analysis.loudnessLufs ?? 0, 6)
    expect(streamed.analysis.truePeakDb).toBeCloseTo(whole.analysis.truePeakDb ?? 0, 6)
  })

  it('survives numbers that are none', () => {
    const sound = drumLoop(126, 30, 0)
    sound.channels[0].fill(Number.NaN, 44_100, 44_200)
    sound.channels[1].fill(Number.POSITIVE_INFINITY, 88_200, 88_201)
    const findings = analyzePcm(sound)
    expect(findings.analysis.tempoBpm).toBeCloseTo(126, 1)
    expect(Number.isFinite(findings.analysis.loudnessLufs)).toBe(true)
  })

  it('gives a vector of length 1', () => {
    const {embedding} = analyzePcm(drumLoop(126, 30, 0))
    expect(embedding).toHaveLength(EMBEDDING_SIZE)
    expect(Math.hypot(...(embedding ?? []))).toBeCloseTo(1, 4)
  })
})

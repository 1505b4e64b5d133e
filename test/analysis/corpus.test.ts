// Rendered tracks whose tempo, beats, bars, key and sections are known by construction.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {analyzePcm} from '../../src/analysis/track-analyzer.js'
import {beatsOfGrid} from '../../src/core/beat-grid.js'
import {DEV_AUDIO, decodeFile, needs, truthOf} from './corpus.js'

/** Share of the wanted positions (seconds) with a found one (ms) within the window. */
function shareFound(wanted: readonly number[], foundMs: readonly number[], windowMs: number): number {
  const hit = wanted.filter((s) => foundMs.some((ms) => Math.abs(ms - 1000 * s) <= windowMs))
  return hit.length / wanted.length
}

/** What the corpus and crate both name; a build-up with its full beat may pass for either. */
const SAME_LABEL: Readonly<Record<string, string>> = {intro: 'intro', drop: 'drop', breakdown: 'break', outro: 'outro'}
const LABELLED: ReadonlySet<string> = new Set(['gen_house_126', 'gen_dnb_174'])

describe.skipIf(needs('ffmpeg'))('rendered tracks', () => {
  it.each(['gen_house_126', 'gen_dnb_174', 'gen_lofi_85', 'gen_electro_127', 'gen_trap_150'])(
    '%s: tempo, beats, bars and sections',
    (name) => {
      const truth = truthOf(`gen/${name}.ogg`)
      const {analysis, durationMs} = analyzePcm(decodeFile(join(DEV_AUDIO, truth.file)))
      expect(Math.abs((analysis.tempoBpm ?? 0) - (truth.bpm ?? 0))).toBeLessThan(0.01)
      const beats = beatsOfGrid(analysis.beatGrid, durationMs)
      const beatsMs = beats.map((beat) => beat.positionMs)
      const downbeatsMs = beats.filter((beat) => beat.beatInBar === 1).map((beat) => beat.positionMs)
      expect(shareFound(truth.beats, beatsMs, 5)).toBeGreaterThan(0.98)
      expect(shareFound(truth.downbeats, downbeatsMs, 5)).toBeGreaterThan(0.98)
      expect(analysis.beatGrid).toHaveLength(1)
      expect(Math.abs((analysis.beatGrid[0]?.positionMs ?? 0) - 1000 * (truth.downbeats[0] ?? 0))).toBeLessThan(5)
      expect(`${analysis.key?.tonic} ${analysis.key?.mode}`).toBe(truth.key)
      const starts = analysis.sections.map((section) => section.startMs)
      for (const start of starts) expect(shareFound([start / 1000], downbeatsMs, 1)).toBe(1)
      for (const {t, label} of LABELLED.has(name) ? truth.sections : []) {
        const found = analysis.sections.find(
          ({startMs, endMs}) => startMs <= 1000 * t + 1000 && endMs > 1000 * t + 1000,
        )
        const wanted = SAME_LABEL[label]
        if (wanted !== undefined) expect(found?.label, `${label} at ${t} s`).toBe(wanted)
      }
      const firstCue = analysis.cues[0]
      expect(firstCue?.positionMs).toBe(analysis.sections[0]?.startMs)
    },
  )

  it('follows a tempo that rises from 120 to 140 and says so', () => {
    const truth = truthOf('edge/tempo_ramp_120_140.ogg')
    const {analysis, durationMs} = analyzePcm(decodeFile(join(DEV_AUDIO, truth.file)))
    expect(analysis.isTempoVariable).toBe(true)
    expect(analysis.beatGrid.length).toBeGreaterThan(3)
    const beatsMs = beatsOfGrid(analysis.beatGrid, durationMs).map((beat) => beat.positionMs)
    expect(shareFound(truth.beats, beatsMs, 35)).toBeGreaterThan(0.95)
  })

  it.each(['ambient_dminor_nobeat', 'silence_30s', 'sine440_30s', 'whitenoise_30s', 'short_2s'])(
    'hears no beat in %s',
    (name) => {
      expect(analyzePcm(decodeFile(join(DEV_AUDIO, 'edge', `${name}.ogg`))).analysis.tempoBpm).toBeNull()
    },
  )

  const folder = mkdtempSync(join(tmpdir(), 'crate-containers-'))
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  it('tells the same of one song as WAV, FLAC, MP3, Ogg and M4A', () => {
    const source = join(DEV_AUDIO, 'gen/gen_tech_house_127.ogg')
    const results = ['wav', 'flac', 'mp3', 'ogg', 'm4a'].map((extension) => {
      const path = join(folder, `song.${extension}`)
      expect(spawnSync('ffmpeg', ['-v', 'error', '-i', source, path]).status).toBe(0)
      return {extension, ...analyzePcm(decodeFile(path))}
    })
    const [wav] = results
    for (const {analysis, embedding} of results) {
      expect(Math.abs((analysis.tempoBpm ?? 0) - (wav?.analysis.tempoBpm ?? 0))).toBeLessThan(0.01)
      expect(
        Math.abs((analysis.beatGrid[0]?.positionMs ?? 0) - (wav?.analysis.beatGrid[0]?.positionMs ?? 0)),
      ).toBeLessThan(3)
      expect(analysis.key).toMatchObject({tonic: wav?.analysis.key?.tonic, mode: wav?.analysis.key?.mode})
      const cosine = Array.from(embedding ?? []).reduce((sum, value, i) => sum + value * (wav?.embedding?.[i] ?? 0), 0)
      expect(cosine).toBeGreaterThan(0.97)
    }
  })
})

// Essentia beside crate's own analysis, over music whose key is known.
import {copyFileSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {beforeAll, describe, expect} from 'vitest'
import {monoAtRate} from '../../../plugins/essentia/src/samples.js'
import type {AnalyzerResult, CratePlugin} from '../../../src/api/index.js'
import {kicks} from '../../../src/testing/analyzer-rules.js'
import {findingsOf} from '../../../src/testing/index.js'
import {kitContext} from '../../../src/testing/stage.js'
import {FIXTURE_MUSIC, installCrate} from '../../support/crate.js'
import {buildPlugin, itWithPlugin} from '../../support/plugin-build.js'
import {packPlugin} from '../../support/plugin-packages.js'

const itWithEssentia = itWithPlugin('essentia', 'essentia.js')

let plugin: CratePlugin
beforeAll(async () => {
  if (!itWithEssentia.isRun) return
  plugin = ((await import(pathToFileURL(buildPlugin('essentia')).href)) as {default: CratePlugin}).default
})

const RATES = [8000, 22_050, 44_100, 48_000, 96_000]

describe('samples for Essentia', () => {
  itWithEssentia('keep their pitch and level at every rate', () => {
    for (const sampleRateHz of RATES) {
      const seconds = 2
      const tone = Float32Array.from({length: seconds * sampleRateHz}, (_, n) =>
        Math.sin((2 * Math.PI * 440 * n) / sampleRateHz),
      )
      const out = monoAtRate([tone, tone], sampleRateHz)
      expect(Math.abs(out.length - seconds * 44_100)).toBeLessThanOrEqual(1)
      let crossings = 0
      let energy = 0
      for (let n = 1; n < out.length; n++) {
        if ((out[n - 1] ?? 0) < 0 && (out[n] ?? 0) >= 0) crossings++
        energy += (out[n] ?? 0) ** 2
      }
      expect(Math.abs(crossings - 440 * seconds), `${sampleRateHz} Hz`).toBeLessThanOrEqual(1)
      expect(Math.sqrt(energy / out.length)).toBeCloseTo(Math.SQRT1_2, 1)
    }
  })
})

describe('the analyser on Essentia', () => {
  itWithEssentia('says more of music than of noise and silence, and nothing where there is nothing', async () => {
    const analyzer = await plugin.analyzers?.[0]?.load()
    const of = async (pcm: Parameters<NonNullable<typeof analyzer>['analyze']>[0]): Promise<AnalyzerResult> => {
      if (analyzer === undefined) throw new Error('no analyser')
      return analyzer.analyze(pcm, kitContext())
    }
    const music = (await of(kicks())).extra
    const noise = Float32Array.from({length: 441_000}, (_, n) => Math.sin(n * n * 0.37))
    const hiss = (await of({sampleRateHz: 44_100, channels: [noise]})).extra
    const silence = (await of({sampleRateHz: 44_100, channels: [new Float32Array(441_000)]})).extra
    expect(Number(music?.['danceability'])).toBeGreaterThan(Number(hiss?.['danceability']))
    // 220 Hz is an A.
    expect(music?.['key']).toMatch(/^A/)
    expect(Number(hiss?.['dynamicComplexityDb'])).toBeLessThan(0.5)
    expect(silence).toEqual({key: null, keyStrength: null, danceability: null, dynamicComplexityDb: null})
  })

  itWithEssentia('keeps to the rules of the kit', async () => {
    expect(await findingsOf(plugin)).toEqual([])
  })

  itWithEssentia('stands beside what crate found, in library show', async () => {
    const crate = installCrate()
    const music = join(crate.home, 'Music')
    mkdirSync(music)
    // Composed in A minor at 121.5 beats a minute, as truth.json says.
    copyFileSync(join(FIXTURE_MUSIC, 'Ines Calder - Paper Lanterns.wav'), join(music, 'Paper Lanterns.wav'))
    const before = await crate.run('sync', music, '--json')
    expect(before.status, before.stderr).toBe(0)
    const installed = await crate.run('plugins', 'install', `file:${packPlugin('essentia', crate.home)}`)
    expect(installed.status, installed.stderr).toBe(0)
    expect(installed.stdout).toContain('reaches nothing beyond what crate hands it')
    const synced = await crate.run('sync', music, '--json')
    expect(synced.status, synced.stderr).toBe(0)
    const {track} = (await crate.run('library', 'show', 'Paper Lanterns', '--json')).json<{
      track: {tempoBpm: number; extras: Record<string, Record<string, unknown>>}
    }>()
    expect(track.tempoBpm, 'crate’s own stands').toBeCloseTo(121.5, 1)
    expect(track.extras['essentia']).toMatchObject({key: 'Am', danceability: expect.any(Number)})
    const shown = await crate.run('library', 'show', 'Paper Lanterns')
    expect(shown.stdout).toMatch(/essentia\s+key Am, keyStrength 0\.\d+, danceability/)
  })
})

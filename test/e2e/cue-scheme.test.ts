// Cues named and coloured as the person set it, also on tracks that were analysed before.
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {type Crate, installCrate} from '../support/crate.js'
import {writeClicks} from '../support/wav.js'

interface Analysed {
  tracks: {cues: {kind: string; name: string; colorRgb: number | null; origin: string}[]}[]
  summary: {analyzed: number}
}

async function cuesUnder(crate: Crate, scheme: string) {
  const config = join(crate.home, 'config.yaml')
  writeFileSync(config, scheme)
  const {done} = crate.start(['analyze', join(crate.home, 'a.wav'), '--json'], {CRATE_CONFIG: config})
  const run = await done
  expect(run.status, run.stderr).toBe(0)
  const {tracks, summary} = run.json<Analysed>()
  return {cues: tracks[0]?.cues ?? [], analyzed: summary.analyzed}
}

describe('cues in the config', () => {
  it('rename, recolour and count the cues of the analysis without analysing again', async () => {
    const crate = installCrate()
    writeClicks(join(crate.home, 'a.wav'), {tempoBpm: 128, seconds: 40, toneHz: 330})
    const usual = await cuesUnder(crate, '')
    expect(usual.analyzed).toBe(1)
    expect(usual.cues.map(({name}) => name)).toContain('Drop')

    const own = await cuesUnder(crate, 'cues: {memoryCues: false, drop: {name: Peak, color: "#00FF7F"}}')
    expect(own.analyzed).toBe(0)
    expect(own.cues).toMatchObject([{kind: 'hot', name: 'Peak', colorRgb: 0x00ff7f, origin: 'analysis'}])

    expect((await cuesUnder(crate, 'cues: {hotCues: 0, memoryCues: false}')).cues).toEqual([])
    expect(await cuesUnder(crate, '')).toEqual({cues: usual.cues, analyzed: 0})
  })

  it('take a scheme that is set before the first analysis', async () => {
    const crate = installCrate()
    writeClicks(join(crate.home, 'a.wav'), {tempoBpm: 128, seconds: 40, toneHz: 330})
    const {cues} = await cuesUnder(crate, 'cues: {memoryCues: false, drop: {name: "", color: null}}')
    expect(cues).toMatchObject([{kind: 'hot', name: '', colorRgb: null}])
  })

  it('refuse what is no colour, with the line', async () => {
    const crate = installCrate()
    const config = join(crate.home, 'config.yaml')
    writeFileSync(config, 'cues:\n  hotCues: 4\n  drop: {color: crimson}\n')
    const {done} = crate.start(['sync', crate.home, '--json'], {CRATE_CONFIG: config})
    const run = await done
    expect(run.status).not.toBe(0)
    const {error} = run.json<{error: {code: string; message: string}}>()
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toContain('line 3')
  })
})

// The kit earns its keep: a sound plugin passes, and each of many planted faults is found by the rule that names it.
import {describe, expect, it} from 'vitest'
import type {CratePlugin} from '../../src/api/index.js'
import {findingsOf, rulesFor} from '../../src/testing/index.js'
import {FAULTS_OF_OTHERS} from './planted-faults.js'
import {FAULTS_OF_FORMATS} from './planted-faults-of-formats.js'
import {
  analyzer,
  exporter,
  gesture,
  importer,
  importSoundly,
  output,
  samples,
  sensor,
  soundList,
  source,
} from './sound-plugins.js'

const MUTANTS = [...FAULTS_OF_FORMATS, ...FAULTS_OF_OTHERS]

async function brokenRules(plugin: CratePlugin): Promise<string[]> {
  return [...new Set((await findingsOf(plugin, samples)).map(({rule}) => rule))]
}

describe('the kit passes', () => {
  it.each([
    ['an exporter', exporter()],
    ['an importer', importer()],
    ['an importer with its exporter', importer(importSoundly, true)],
    ['an analyzer', analyzer()],
    ['a sensor', sensor()],
    ['a gesture recogniser', gesture()],
    ['an output', output()],
    ['a source', source(soundList)],
  ])('%s that keeps to the rules', async (_name, plugin) => {
    expect(await findingsOf(plugin, samples)).toEqual([])
    expect(rulesFor(plugin, samples).flatMap(({rules}) => rules).length).toBeGreaterThan(8)
  })
})

describe('the kit catches', () => {
  it('more than thirty faults, one at least for each of its rules for these kinds', async () => {
    expect(MUTANTS.length).toBeGreaterThan(60)
    const all = [
      exporter(),
      importer(importSoundly, true),
      analyzer(),
      sensor(),
      gesture(),
      output(),
      source(soundList),
    ]
    const rules = new Set(
      all.flatMap((plugin) => rulesFor(plugin, samples)).flatMap(({rules: own}) => own.map(({id}) => id)),
    )
    const planted = new Set(MUTANTS.map(([id]) => id))
    expect([...rules].filter((id) => !planted.has(id))).toEqual(['plain', 'decode-profiles', 'output-carries'])
  })

  it.each(MUTANTS)('%s: one that %s', async (rule, _fault, plugin) => {
    expect(await brokenRules(plugin)).toContain(rule)
  })
})

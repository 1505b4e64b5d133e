// What we ship to start from is sound, and the schema that editors use is the one that crate checks by.
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {loadMapping} from '../../../src/app/live/mapping-file.js'
import {mappingJsonSchema} from '../../../src/live/mapping/schema.js'
import {ROOT} from '../../support/crate.js'

const folder = join(ROOT, 'examples')
const mappings = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

describe('examples', () => {
  it('are there for each program', () => {
    expect(mappings).toEqual(expect.arrayContaining(['mixxx.yaml', 'rekordbox.yaml', 'serato.yaml', 'traktor.yaml']))
  })

  it.each(mappings)('%s is a sound mapping', async (name) => {
    const mapping = await loadMapping(join(folder, name), {sensors: [], outputs: [], hasPhone: true})
    expect(Object.keys(mapping.sensors)).toEqual(['hand'])
    expect(mapping.controls.length + mapping.rules.length).toBeGreaterThan(2)
  })

  it('come with the schema of today', () => {
    const published: unknown = JSON.parse(readFileSync(join(folder, 'mapping.schema.json'), 'utf8'))
    expect(published).toEqual(mappingJsonSchema())
  })
})

describe('loadMapping', () => {
  it('adds what the flags say, under names that are free', async () => {
    const mapping = await loadMapping(join(folder, 'phone-osc.yaml'), {
      sensors: ['osc:9000', 'osc:9001'],
      outputs: ['midi:raw:/tmp/x'],
      hasPhone: true,
    })
    expect(mapping.sensors).toMatchObject({hand: {type: 'phone'}, osc: {target: '9000'}, 'osc-2': {target: '9001'}})
    expect(mapping.outputs['midi']).toEqual({type: 'midi', target: 'raw:/tmp/x'})
  })
})

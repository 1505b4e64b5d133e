// Everything that ships with crate keeps to the rules that plugins are held to.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import type {CratePlugin} from '../../src/api/plugin.js'
import {KIND_NAMES} from '../../src/core/plugin/kinds.js'
import {BUILT_IN} from '../../src/host/registry.js'
import {LOSSES} from '../../src/testing/exporter-rules.js'
import {describePlugin, type KitSamples} from '../../src/testing/index.js'
import {builtInSamples} from './built-in-samples.js'

const folder = mkdtempSync(join(tmpdir(), 'crate-kit-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))
const samples = await builtInSamples(folder)

/** A recording is read as a whole: it has no stream of bytes that the kit could feed. */
const READ_AS_A_WHOLE = ['replay']
const isFed = ({id}: {readonly id: string}) => !READ_AS_A_WHOLE.includes(id)
const fed: CratePlugin = {...BUILT_IN, sensors: (BUILT_IN.sensors ?? []).filter(isFed)}

describe('what ships with crate', () => {
  describePlugin(fed, {describe, it}, samples)

  it.each(KIND_NAMES.filter((kind) => kind !== 'exporters' && (fed[kind] ?? []).length > 0))(
    'has a sample of all %s, so that no rule is left out',
    (kind) => {
      expect(Object.keys(samples[kind as keyof KitSamples] ?? {}).sort()).toEqual(
        (fed[kind] ?? []).map(({id}) => id).sort(),
      )
    },
  )

  it('names every loss of the contract, and no other', () => {
    const source = readFileSync(new URL('../../src/api/format.ts', import.meta.url), 'utf8')
    const union = source.slice(source.indexOf('export type Loss ='), source.indexOf('/** The library as an exporter'))
    expect([...union.matchAll(/^\s*\| '([a-z0-9-]+)'/gm)].map(([, name]) => name).sort()).toEqual([...LOSSES].sort())
  })
})

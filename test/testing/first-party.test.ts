// The packages in plugins/ keep to the rules that every plugin is held to, and say of themselves what is so.
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import type {CratePlugin} from '../../src/api/index.js'
import {parsePluginManifest} from '../../src/core/plugin/manifest.js'
import {describePlugin, type KitSamples} from '../../src/testing/index.js'
import {ROOT} from '../support/crate.js'

interface PluginPackage {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly keywords?: readonly string[]
  readonly crate: unknown
  readonly dependencies?: Readonly<Record<string, string>>
}

const names = readdirSync(join(ROOT, 'plugins')).filter((name) =>
  existsSync(join(ROOT, 'plugins', name, 'package.json')),
)

/** They write into a database that must be there before; their own tests do that with real ones. */
const NEEDS_A_DATABASE = ['engine']

/** Of these a round trip through files in memory shows nothing, for the same reason. */
const samples: KitSamples = {importers: {engine: null, mixxx: null}}

describe.each(names)('plugins/%s', async (name) => {
  const root = join(ROOT, 'plugins', name)
  const {default: plugin} = (await import(join(root, 'src', 'index.ts'))) as {default: CratePlugin}
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PluginPackage

  const {exporters = []} = plugin
  const checked = {...plugin, exporters: exporters.filter(({id}) => !NEEDS_A_DATABASE.includes(id))}
  // Those with packages of their own (a client, an engine) are installed apart, as .ci/run does.
  const {dependencies = {}} = pjson
  const missing = Object.keys(dependencies).filter((other) => !existsSync(join(root, 'node_modules', other)))
  if (missing.length === 0) describePlugin(checked, {describe, it}, samples)
  else it.skip(`keeps to the rules (not installed: ${missing.join(', ')})`, () => {})

  it('declares exactly what it brings, and what it reaches', () => {
    const manifest = parsePluginManifest({...pjson, manifest: pjson.crate})
    const brought = Object.fromEntries(
      Object.entries(plugin).map(([kind, list]) => [kind, list.map(({id}: {id: string}) => id)]),
    )
    expect(manifest.contributes).toEqual(brought)
    expect(manifest.reach).not.toBeNull()
  })

  it('can be found and used: keyword, licence, README', () => {
    expect(pjson.keywords).toContain('crate-plugin')
    expect(pjson.license).not.toBe('')
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`crate plugins install ${pjson.name}`)
  })
})

// Lists, tables and JSON that are cut, damaged or made to hurt.
import {describe, expect, it} from 'vitest'
import {syntheticLibrary} from '../../bench/formats/synthetic-tracks.js'
import {exporter as csvExporter} from '../../exporters/csv/exporter.js'
import {importer as csvImporter} from '../../exporters/csv/importer.js'
import {exporter as jsonExporter} from '../../exporters/json/exporter.js'
import {importer as jsonImporter} from '../../exporters/json/importer.js'
import {createM3u8Exporter} from '../../exporters/m3u8/exporter.js'
import {createM3u8Importer} from '../../exporters/m3u8/importer.js'
import type {Exporter, Importer} from '../../src/api/format.js'
import {runExport} from './harness.js'
import {mutations, survive, truncations} from './hostile.js'

const FORMATS: readonly [string, Exporter, Importer, string, string][] = [
  ['CSV', csvExporter, csvImporter, '', '/t/library.csv'],
  ['JSON', jsonExporter, jsonImporter, '', '/t/library.json'],
  ['M3U8', createM3u8Exporter(() => true), createM3u8Importer(() => false), 'Twice.m3u8', '/t/list.m3u8'],
]

async function generated(exporter: Exporter, file: string, count: number): Promise<Buffer> {
  const {files} = await runExport(exporter, syntheticLibrary(count))
  return Buffer.from(files.get(file) ?? '')
}

describe.each(FORMATS)('%s', (_name, exporter, importer, file, root) => {
  it('survives being cut at every 64th of its length', async () => {
    const bytes = await generated(exporter, file, 40)
    expect(bytes.length).toBeGreaterThan(64)
    for (const cut of truncations(bytes)) await survive(importer, cut, root)
  })

  it('survives 2,000 random mutations', async () => {
    const bytes = await generated(exporter, file, 6)
    let ran = 0
    for (const mutation of mutations(bytes, 2000)) {
      await survive(importer, mutation, root)
      ran++
    }
    expect(ran).toBe(2000)
  })

  it.each([
    ['a quote that never ends', `"${'x'.repeat(32 << 20)}`],
    ['one line of 32 MB', 'x'.repeat(32 << 20)],
    ['a million lines', 'x\n'.repeat(1_000_000)],
    ['a million commas', ','.repeat(1_000_000)],
    ['a million brackets', '['.repeat(1_000_000)],
    ['a million braces', '{"a":'.repeat(1_000_000)],
    ['nothing', ''],
    ['NUL', '\0'.repeat(1000)],
  ])('survives %s', async (_what, text) => {
    await survive(importer, text, root)
  })
})

describe('a tree that goes round', () => {
  it('cannot be said in JSON, but one of 10,000 folders is refused or cut', async () => {
    const deep = `${'{"kind":"folder","name":"f","children":['.repeat(10_000)}${']}'.repeat(10_000)}`
    const text = `{"format":"crate-library","version":1,"tracks":[],"playlists":[${deep}]}`
    expect((await survive(jsonImporter, text)).code).toBe('FORMAT_INVALID')
  })
})

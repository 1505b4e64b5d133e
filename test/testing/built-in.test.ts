// Everything that ships with crate keeps to the rules that plugins are held to.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {csvExporter, csvImporter} from '../../exporters/csv/index.js'
import {jsonExporter, jsonImporter} from '../../exporters/json/index.js'
import {m3u8Exporter, m3u8Importer} from '../../exporters/m3u8/index.js'
import {rekordboxExporter, rekordboxImporter} from '../../exporters/rekordbox/index.js'
import {seratoExporter, seratoImporter} from '../../exporters/serato/index.js'
import {traktorExporter, traktorImporter} from '../../exporters/traktor/index.js'
import {midiSensor} from '../../sensors/midi/index.js'
import {oscSensor} from '../../sensors/osc/index.js'
import {phoneSensor} from '../../sensors/phone/index.js'
import {serialSensor} from '../../sensors/serial/index.js'
import type {CratePlugin} from '../../src/api/index.js'
import {BUILT_IN_SOURCES} from '../../src/host/sources/index.js'
import {LOSSES, runExporter} from '../../src/testing/exporter-rules.js'
import {describePlugin, type KitSamples, type SampleFiles} from '../../src/testing/index.js'
import {fullTrack, libraryOf, playlistsOf} from '../../src/testing/stage.js'

const builtIn: CratePlugin = {
  exporters: [rekordboxExporter, seratoExporter, traktorExporter, m3u8Exporter, csvExporter, jsonExporter],
  importers: [rekordboxImporter, seratoImporter, traktorImporter, m3u8Importer, csvImporter, jsonImporter],
  sensors: [midiSensor, oscSensor, phoneSensor, serialSensor],
  sources: BUILT_IN_SOURCES,
}

const folder = mkdtempSync(join(tmpdir(), 'crate-kit-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))
writeFileSync(join(folder, 'wanted.txt'), 'Bicep - Glue\nhttps://example.org/a\n')

/** What the exporter of the same id writes for two tracks. */
async function written(id: string): Promise<SampleFiles> {
  const exporter = builtIn.exporters?.find((other) => other.id === id)
  if (exporter === undefined) throw new Error(id)
  const tracks = [fullTrack('one'), fullTrack('two')]
  return Object.fromEntries(
    (await runExporter(exporter, libraryOf(tracks, playlistsOf(tracks.map((track) => track.id))))).files,
  )
}

const importerIds = (builtIn.importers ?? []).map(({id}) => id)
const samples: KitSamples = {
  importers: {
    ...Object.fromEntries(await Promise.all(importerIds.map(async (id) => [id, await written(id)]))),
    // Serato keeps cues in the audio files: what it writes beside them brings no track back on its own.
    serato: null,
  },
}

describe('what ships with crate', () => {
  describePlugin(builtIn, {describe, it}, samples)

  it('names every loss of the contract, and no other', () => {
    const source = readFileSync(new URL('../../src/api/format.ts', import.meta.url), 'utf8')
    const union = source.slice(source.indexOf('export type Loss ='), source.indexOf('/** The library as an exporter'))
    expect([...union.matchAll(/^\s*\| '([a-z0-9-]+)'/gm)].map(([, name]) => name).sort()).toEqual([...LOSSES].sort())
  })
})

// crate's JSON: nothing of a library is lost, and python3 reads what we wrote.
import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {syntheticLibrary, syntheticTrack} from '../../../bench/formats/synthetic-tracks.js'
import {exporter} from '../../../exporters/json/exporter.js'
import {importer} from '../../../exporters/json/importer.js'
import {splitJson} from '../../../exporters/json/splitter.js'
import {libraryOf, runExport, runImport} from '../harness.js'

const COUNT = 300
const library = syntheticLibrary(COUNT)

async function exported(): Promise<string> {
  return (await runExport(exporter, library)).files.get('') ?? ''
}

describe('crate JSON', () => {
  it('gives every field of every track back, and the playlists with their rules', async () => {
    const {tracks, playlists, warnings} = await runImport(importer, {'': await exported()})
    expect(warnings).toEqual([])
    expect(tracks.length).toBe(COUNT)
    for (const [index, {ref, ...track}] of tracks.entries()) {
      const {audioHash, analysis, id, ...original} = syntheticTrack(index)
      expect({ref, ...track}).toEqual({ref: id, ...original})
    }
    expect(playlists).toEqual(library.playlists())
  })

  it('is JSON to python3, with the analysis and the audio hash in it', async () => {
    const script = 'import sys,json;d=json.load(sys.stdin);print(json.dumps([len(d["tracks"]),d["tracks"][3]]))'
    const input = await exported()
    expect(JSON.parse(execFileSync('python3', ['-c', script], {input, maxBuffer: 1 << 26}).toString())).toEqual([
      COUNT,
      syntheticTrack(3),
    ])
  })

  it.each([['indent=2'], ['indent=None,separators=(",",":")'], ['sort_keys=True']])(
    'reads it as python3 lays it out: %s',
    async (layout) => {
      const script = `import sys,json;print(json.dumps(json.load(sys.stdin),${layout}))`
      const text = execFileSync('python3', ['-c', script], {input: await exported(), maxBuffer: 1 << 26})
      const {tracks, playlists, warnings} = await runImport(importer, {'': text}, {pieceBytes: 777})
      expect([tracks.length, playlists.length, warnings]).toEqual([COUNT, library.playlists().length, []])
    },
  )

  it('leaves out one bad track and says why', async () => {
    const bad = {...syntheticTrack(1), beatGrid: [{positionMs: 0, tempoBpm: 0, beatInBar: 1}]}
    const {files} = await runExport(exporter, libraryOf([syntheticTrack(0), bad, syntheticTrack(2)]))
    const {tracks, warnings} = await runImport(importer, {'': files.get('') ?? ''})
    expect(tracks.map(({ref}) => ref)).toEqual([syntheticTrack(0).id, syntheticTrack(2).id])
    expect(warnings).toEqual([
      expect.objectContaining({subject: 'track 2', message: expect.stringContaining('tempoBpm')}),
    ])
  })

  it.each([
    ['{}', 'FORMAT_INVALID'],
    ['[]', 'FORMAT_INVALID'],
    ['', 'FORMAT_INVALID'],
    ['{"format": "crate-library", "version": 2, "tracks": []}', 'FORMAT_UNSUPPORTED'],
    ['{"format": "crate-library", "version": 1, "tracks": [', 'FORMAT_INVALID'],
    ['{"format": "crate-library", "version": 1, "tracks": {}}', 'FORMAT_INVALID'],
    [`{"format": "crate-library", "version": 1, "x": ${'['.repeat(100_000)}`, 'FORMAT_INVALID'],
    ['{"format": "other", "version": 1, "tracks": []}', 'FORMAT_INVALID'],
  ])('refuses %.60s with %s', async (text, code) => {
    await expect(runImport(importer, {'': text})).rejects.toMatchObject({code})
  })
})

describe('splitJson', () => {
  async function* cut(text: string, size: number): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
  }

  it('takes any document apart as JSON.parse reads it, wherever it is cut', async () => {
    const document = fc.record({a: fc.jsonValue(), list: fc.array(fc.jsonValue()), 'b "\\ ': fc.jsonValue()})
    await fc.assert(
      fc.asyncProperty(
        document,
        fc.integer({min: 1, max: 40}),
        fc.constantFrom(undefined, 2),
        async (value, size, indent) => {
          const rest: Record<string, unknown> = {}
          const list: unknown[] = []
          for await (const {name, text} of splitJson(cut(JSON.stringify(value, null, indent), size), new Set(['list'])))
            if (name === 'list') list.push(JSON.parse(text))
            else rest[name] = JSON.parse(text)
          expect({...rest, list}).toEqual(JSON.parse(JSON.stringify(value)))
        },
      ),
    )
  })
})

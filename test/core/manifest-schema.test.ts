// The published schema of manifest.json, what crate writes and what crate reads say the same.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import {MANIFEST_TAGS, MANIFEST_VERSION, parseManifest, updateManifest} from '../../src/core/manifest.js'
import {ROOT} from '../support/crate.js'

const text = readFileSync(join(ROOT, 'docs', 'schemas', 'manifest.schema.json'), 'utf8')
const json = JSON.parse(text) as {
  properties: {version: {maximum: number}; tracks: {items: {properties: Record<string, unknown>}}}
}
const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0])
const isValid = (value: unknown) => schema.safeParse(value).success

const entry = {
  file: 'Sub/ö.flac',
  title: 'T',
  artist: null,
  album: null,
  durationMs: 1234.5,
  source: 'https://a/b',
  audioHash: 'ab',
  fetchedAt: '2026-01-01T00:00:00.000Z',
}

describe('manifest.schema.json', () => {
  it('names every tag that is read, and the version', () => {
    expect(Object.keys(json.properties.tracks.items.properties)).toEqual(expect.arrayContaining([...MANIFEST_TAGS]))
    expect(json.properties.version.maximum).toBe(MANIFEST_VERSION)
  })

  it('accepts what crate writes, and crate reads it', () => {
    const written = updateManifest(null, 'm', [entry])
    expect(isValid(JSON.parse(written))).toBe(true)
    expect(parseManifest(written, 'm')).toMatchObject({
      tracks: [{file: 'Sub/ö.flac', tags: {title: 'T'}, source: 'https://a/b'}],
      failures: [],
    })
  })

  it.each([
    [{tracks: []}, true],
    [{version: 1, tracks: [{file: 'a.mp3', unknown: [1]}], other: true}, true],
    [{version: 2, tracks: []}, false],
    [{}, false],
    [[], false],
    [{tracks: [{}]}, false],
    [{tracks: [{file: '/etc/passwd'}]}, false],
    [{tracks: [{file: '../a.mp3'}]}, false],
    [{tracks: [{file: 'a/../../b.mp3'}]}, false],
    [{tracks: [{file: 'C:\\a.mp3'}]}, false],
    [{tracks: [{file: 'a..b/c...mp3'}]}, true],
  ])('and crate agree on %j', (value, isRight) => {
    expect(isValid(value)).toBe(isRight)
    let hasNoFailure = false
    try {
      hasNoFailure = parseManifest(JSON.stringify(value), 'm').failures.length === 0
    } catch {
      hasNoFailure = false
    }
    expect(hasNoFailure).toBe(isRight)
  })
})

describe('updateManifest', () => {
  it('keeps what others wrote: keys, entries and their order', () => {
    const old = JSON.stringify({
      version: 1,
      made: 'by hand',
      tracks: [
        {file: 'mine.mp3', mood: 'dark'},
        {file: 'Sub/ö.flac', mood: 'light', title: 'Old'},
      ],
    })
    const updated = JSON.parse(updateManifest(old, 'm', [entry, {...entry, file: 'new.mp3'}])) as {
      made: string
      tracks: object[]
    }
    expect(updated.made).toBe('by hand')
    expect(updated.tracks).toMatchObject([
      {file: 'mine.mp3', mood: 'dark'},
      {file: 'Sub/ö.flac', mood: 'light', title: 'T'},
      {file: 'new.mp3'},
    ])
  })

  it('refuses to change what it does not understand', () => {
    expect(() => updateManifest('{"version": 9, "tracks": []}', 'm', [entry])).toThrow(
      expect.objectContaining({code: 'MANIFEST_INVALID'}),
    )
    expect(() => updateManifest('not json', 'm', [entry])).toThrow(expect.objectContaining({code: 'MANIFEST_INVALID'}))
  })
})

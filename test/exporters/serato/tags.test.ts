// The tags that Serato keeps inside audio files: every real payload is read, written back, and read by another decoder.
import {execFileSync} from 'node:child_process'
import {basename, dirname, join, relative} from 'node:path'
import {describe, expect, it} from 'vitest'
import {decodeAutotags, encodeAutotags} from '../../../exporters/serato/tags/autotags.js'
import {decodeBase64, encodeBase64, encodeSeratoBase64} from '../../../exporters/serato/tags/base64.js'
import {decodeBeatGrid, encodeBeatGrid} from '../../../exporters/serato/tags/beatgrid.js'
import {
  decodeMarkers,
  decodeMp4Markers,
  encodeMarkers,
  encodeMp4Markers,
} from '../../../exporters/serato/tags/markers.js'
import {
  cueOfEntry,
  decodeMarkers2,
  decodeOggMarkers2,
  encodeMarkers2,
  encodeOggMarkers2,
  entryOfCue,
  entryOfLoop,
  loopOfEntry,
  markerName,
  newMarkers2,
} from '../../../exporters/serato/tags/markers2.js'
import {decodeOggBeatGrid, encodeOggBeatGrid} from '../../../exporters/serato/tags/ogg-text.js'
import {decodeWrapped, encodeWrapped} from '../../../exporters/serato/tags/wrapper.js'
import {filesBelow, formats, hasProgram, hasRealFiles, read} from './support.js'

const folder = join(formats, 'serato-tags')
const files = hasRealFiles ? filesBelow(folder, (path) => /\.(?:bin|octet-stream)$/.test(path)) : []

type Container = 'id3' | 'flac' | 'mp4' | 'mp4-decoded' | 'ogg'

interface Fixture {
  readonly path: string
  readonly container: Container
  readonly kind: string
}

function fixtureOf(path: string): Fixture {
  const name = basename(path)
  if (name.endsWith('.bin')) {
    const [, container = ''] = /\.(\w+)\.bin$/.exec(name) ?? []
    return {path, container: container as Container, kind: basename(dirname(path))}
  }
  const [, container = ''] = relative(folder, path).split('/')
  const kind = name
    .replace(/^serato[ _]/i, '')
    .replace('.octet-stream', '')
    .toLowerCase()
  const kinds: Record<string, string> = {markers_: 'markers', analysis_ver: 'analysis'}
  return {path, container: (container === 'aif' ? 'id3' : container) as Container, kind: kinds[kind] ?? kind}
}

/** The payload read and written again by the codec of its kind; kinds that crate does not know pass through. */
function throughCodec(kind: string, container: Container, payload: Uint8Array): Uint8Array {
  if (kind === 'markers2')
    return container === 'ogg' ? encodeOggMarkers2(decodeOggMarkers2(payload)) : encodeMarkers2(decodeMarkers2(payload))
  if (kind === 'markers' && container === 'id3') return encodeMarkers(decodeMarkers(payload))
  if (kind === 'markers' && container !== 'ogg') return encodeMp4Markers(decodeMp4Markers(payload))
  if (kind === 'beatgrid' && container === 'ogg') {
    const grid = decodeOggBeatGrid(Buffer.from(payload).toString('latin1'))
    return Buffer.from(grid === null ? '' : (encodeOggBeatGrid(grid) ?? ''), 'latin1')
  }
  if (kind === 'beatgrid') return encodeBeatGrid(decodeBeatGrid(payload))
  if (kind === 'autotags') return encodeAutotags(decodeAutotags(payload))
  return payload
}

describe.skipIf(!hasRealFiles)('real tag payloads', () => {
  it('are all there', () => {
    expect(files.length).toBe(198)
  })

  it.each(files.map((path) => [relative(folder, path), fixtureOf(path)]))(
    '%s is written back byte for byte',
    (_name, {path, container, kind}) => {
      const bytes = read(path)
      if (container !== 'flac' && container !== 'mp4') {
        expect(Buffer.from(throughCodec(kind, container, bytes)).equals(bytes)).toBe(true)
        return
      }
      const wrapped = decodeWrapped(bytes)
      if (wrapped === null) throw new Error('not wrapped')
      const payload = throughCodec(kind, container, wrapped.payload)
      expect(encodeWrapped({name: wrapped.name, payload}, wrapped.form).toString()).toBe(Buffer.from(bytes).toString())
    },
  )
})

/** What formats/serato-tags-dump.py prints of a file, one line each. */
function dumped(paths: readonly string[]): Map<string, string> {
  const text = execFileSync('python3', [join(formats, 'serato-tags-dump.py'), ...paths], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const found = new Map<string, string>()
  for (const block of text.split(/^== /m).slice(1)) {
    const [head = '', body = ''] = block.split('\n')
    found.set(head.replace(/ \d+$/, ''), body.trim())
  }
  return found
}

const hex = (value: number) => value.toString(16).padStart(6, '0')
const text = (value: string) => (value.includes("'") ? `"${value}"` : `'${value}'`)

describe.skipIf(!hasRealFiles || !hasProgram('python3'))('values, against formats/serato-tags-dump.py', () => {
  const ofKind = (kind: string, ...containers: Container[]) =>
    files.map(fixtureOf).filter((fixture) => fixture.kind === kind && containers.includes(fixture.container))
  const payloadOf = ({path, container}: Fixture) => {
    const bytes = read(path)
    return container === 'flac' || container === 'mp4' ? (decodeWrapped(bytes)?.payload ?? bytes) : bytes
  }

  it('cues and loops of Markers2', () => {
    const fixtures = ofKind('markers2', 'id3', 'flac', 'mp4', 'ogg')
    expect(fixtures.length).toBe(31)
    const reference = dumped(fixtures.map(({path}) => path))
    let compared = 0
    for (const fixture of fixtures) {
      const payload = payloadOf(fixture)
      const {entries} = fixture.container === 'ogg' ? decodeOggMarkers2(payload) : decodeMarkers2(payload)
      const line = reference.get(fixture.path) ?? ''
      for (const entry of entries) {
        const cue = cueOfEntry(entry)
        const loop = loopOfEntry(entry)
        if (cue !== null && cue.name.length < 40) {
          expect(line).toContain(
            `('CUE', ${cue.slot}, ${cue.positionMs}, '${hex(cue.storedColor)}', ${text(cue.name)})`,
          )
          compared++
        }
        if (loop !== null && loop.name.length < 40) {
          const start = `('LOOP', ${loop.slot}, ${loop.positionMs}, ${loop.endMs}, 'ffffffff', '00${hex(loop.storedColor)}'`
          expect(line).toContain(`${start}, ${loop.isLocked ? 1 : 0}, ${text(loop.name)})`)
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThan(80)
  })

  it('entries of Markers_', () => {
    const fixtures = ofKind('markers', 'id3', 'mp4')
    expect(fixtures.length).toBe(20)
    const reference = dumped(fixtures.map(({path}) => path))
    for (const fixture of fixtures) {
      const isMp4 = fixture.container === 'mp4'
      const {entries} = isMp4 ? decodeMp4Markers(payloadOf(fixture)) : decodeMarkers(payloadOf(fixture))
      const unset = isMp4 ? '4294967295' : 'None'
      const tuples = entries.map(
        ({startMs, endMs, storedColor, type, isLocked}) =>
          `(${startMs ?? unset}, ${endMs ?? unset}, '${hex(storedColor)}', ${type}, ${isLocked ? 1 : 0})`,
      )
      expect(reference.get(fixture.path)).toContain(`[${tuples.join(', ')}]`)
    }
  })

  it('markers of BeatGrid', () => {
    const fixtures = ofKind('beatgrid', 'id3', 'flac', 'mp4')
    expect(fixtures.length).toBe(25)
    const reference = dumped(fixtures.map(({path}) => path))
    for (const fixture of fixtures) {
      const {last} = decodeBeatGrid(payloadOf(fixture))
      const [, position = '', tempo = ''] = /\[\(([\d.]+), ([\d.]+)\)\]/.exec(reference.get(fixture.path) ?? '') ?? []
      expect(last).toEqual({positionSeconds: Number(position), tempoBpm: Number(tempo)})
    }
  })
})

describe('base64', () => {
  // Lengths of real texts: payload and head of BeatGrid, Autotags, Analysis and Markers_ in MP4 (FORMATS §3.1).
  it.each([
    [57, 77],
    [63, 85],
    [64, 86],
    [44, 60],
    [318, 425],
  ])('%i bytes have %i letters in Serato’s form', (bytes, letters) => {
    const written = encodeSeratoBase64(Buffer.alloc(bytes, 1))
    expect(written.toString().replaceAll('\n', '')).toHaveLength(letters)
    expect(decodeBase64(written).bytes.subarray(0, bytes)).toEqual(Buffer.alloc(bytes, 1))
  })

  it.each(['', 'Q', 'QU', 'QUI', 'QUJD', 'QUJD\nRA==\n'])('%j is written back', (letters) => {
    const {bytes, form} = decodeBase64(Buffer.from(letters))
    expect(encodeBase64(bytes, form).toString()).toBe(letters)
  })
})

describe('markerName', () => {
  it('cuts at 50 bytes, between characters', () => {
    expect(markerName('☃'.repeat(17))).toBe('☃'.repeat(16))
    expect(markerName('x'.repeat(50))).toHaveLength(50)
    expect(markerName('a\0b')).toBe('a')
  })
})

describe('encodeMarkers2', () => {
  it('writes entries that the independent decoder of Serato reads, filled up to 470 bytes', () => {
    const cue = {slot: 3, positionMs: 21_124, storedColor: 0xcccc00, name: 'Drop ☃'}
    const loop = {slot: 7, positionMs: 254, endMs: 2341, storedColor: 0x27aae1, isLocked: true, name: 'Roll'}
    const bytes = encodeMarkers2(newMarkers2([entryOfCue(cue), entryOfLoop(loop)], 470))
    expect(bytes).toHaveLength(470)
    const {entries} = decodeMarkers2(bytes)
    expect(entries.map((entry) => cueOfEntry(entry) ?? loopOfEntry(entry))).toEqual([cue, loop])
    expect(entries[0]?.data.length).toBe(12 + 8 + 1)
  })
})

// Cues, loops, colours and locks between crate and the tags of one file: what a DJ made in either is still there after.
import {describe, expect, it} from 'vitest'
import {tagChanges} from '../../../exporters/serato/tags/changes.js'
import {decodeMarkers2, encodeMarkers2, newMarkers2} from '../../../exporters/serato/tags/markers2.js'
import {readSeratoTags} from '../../../exporters/serato/tags/read.js'
import {withSeratoTags} from '../../../exporters/serato/tags/track-tags.js'
import {bareTrack} from '../../../exporters/shared/imported-track.js'
import type {RawTags} from '../../../src/api/format.js'
import type {Cue} from '../../../src/core/cue.js'
import type {AudioFormat, Mp3HeaderCase, Track} from '../../../src/core/track.js'
import {tagsInMemory, track} from './support.js'

const PATH = '/music/a.mp3'

const empty = (format: AudioFormat = 'aiff'): RawTags => ({
  container: format === 'flac' || format === 'ogg' ? 'vorbis' : format === 'm4a' ? 'mp4' : 'id3',
  format,
  tags: [],
})

const cue = (slot: number | null, positionMs: number, more: Partial<Cue> = {}): Cue => ({
  kind: slot === null ? 'memory' : 'hot',
  slot,
  positionMs,
  lengthMs: null,
  name: '',
  colorRgb: null,
  origin: 'user',
  ...more,
})

const withFile = (fields: Partial<Track>, format: AudioFormat = 'aiff', mp3HeaderCase: Mp3HeaderCase | null = null) =>
  track('1', PATH, {...fields, file: {format, mp3HeaderCase}})

/** The tags after the changes of an export. */
function exported(one: Track, raw: RawTags): RawTags {
  const {set} = tagChanges(one, raw, {shiftsPositions: true})
  const kept = raw.tags.filter((tag) => !set.some(({key}) => key === tag.key))
  return {...raw, tags: [...kept, ...set]}
}

async function imported(raw: RawTags, headerCase: Mp3HeaderCase | null = null): Promise<Track> {
  const audioTags = {...tagsInMemory({[PATH]: raw}), mp3HeaderCase: async () => headerCase}
  const {track: one} = await withSeratoTags(bareTrack('a.mp3', PATH), audioTags, true)
  const {ref: _ref, ...rest} = one
  return {...rest, id: track('1', PATH).id, audioHash: null, analysis: null}
}

const FULL: readonly Cue[] = [
  cue(0, 254, {name: 'Intro ☃', colorRgb: 0xc02626}),
  cue(5, 60_004, {colorRgb: 0x123456}),
  cue(1, 10_000, {lengthMs: 4000, name: 'Locked', isLocked: true}),
  cue(null, 30_000, {lengthMs: 2000}),
]

describe('tags of every container', () => {
  it.each<AudioFormat>(['mp3', 'aiff', 'wav', 'flac', 'm4a', 'ogg'])(
    '%s: what was written is read again',
    async (format) => {
      const one = withFile(
        {
          cues: FULL,
          colorRgb: 0x993333,
          isGridLocked: true,
          beatGrid: [{positionMs: 254.86, tempoBpm: 115, beatInBar: 1}],
          gridOrigin: 'user',
        },
        format,
      )
      const raw = exported(one, empty(format))
      const again = await imported(raw)
      expect(again.cues.map(({origin: _origin, ...rest}) => rest)).toEqual([
        expect.objectContaining({kind: 'hot', slot: 0, positionMs: 254, name: 'Intro ☃', colorRgb: 0xc02626}),
        expect.objectContaining({kind: 'hot', slot: 5, positionMs: 60_004, colorRgb: 0x123456}),
        // The memory loop took a pad that has a hot cue, and so comes back as a memory loop.
        expect.objectContaining({kind: 'memory', slot: null, positionMs: 30_000, lengthMs: 2000}),
        expect.objectContaining({
          kind: 'hot',
          slot: 1,
          positionMs: 10_000,
          lengthMs: 4000,
          name: 'Locked',
          isLocked: true,
        }),
      ])
      expect(again.colorRgb).toBe(0x993333)
      expect(again.isGridLocked).toBe(true)
      expect(again.beatGrid[0]?.positionMs).toBeCloseTo(254.86, 3)
      expect(again.beatGrid[0]?.tempoBpm).toBe(115)
      expect(tagChanges(again, raw, {shiftsPositions: true}).set).toEqual([])
    },
  )

  it.each<[AudioFormat, string[]]>([
    ['mp3', ['GEOB:Serato Markers2', 'GEOB:Serato Markers_']],
    ['flac', ['SERATO_MARKERS_V2']],
    ['m4a', ['----:com.serato.dj:markersv2', '----:com.serato.dj:markers']],
    ['ogg', ['serato_markers2', 'serato_markers']],
    ['opus', []],
    ['aac', []],
  ])('%s: marks go to %j', (format, keys) => {
    const raw = format === 'opus' ? {...empty('ogg'), format} : empty(format)
    const {set, warnings} = tagChanges(withFile({cues: FULL}, format), raw, {shiftsPositions: true})
    expect(set.map(({key}) => key)).toEqual(keys)
    expect(warnings).toHaveLength(keys.length === 0 ? 1 : 0)
  })
})

describe('tagChanges', () => {
  const written = (one: Track, raw: RawTags) => {
    const tags = readSeratoTags(exported(one, raw))
    return {
      cues: tags?.cues.map(({slot, positionMs}) => [slot, positionMs]),
      loops: tags?.loops.map(({slot, positionMs}) => [slot, positionMs]),
      tags,
    }
  }

  it('has nothing to write for a track without marks', () => {
    expect(tagChanges(withFile({}), empty(), {shiftsPositions: true})).toEqual({set: [], changes: [], warnings: []})
  })

  it('puts cues 0 to 4 and all loops into the older list as well', () => {
    const {tags} = written(withFile({cues: FULL}), empty())
    expect(tags?.markers?.entries.map(({startMs}) => startMs)).toEqual([
      254,
      null,
      null,
      null,
      null,
      30_000,
      10_000,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ])
  })

  it('keeps a cue that a DJ set in Serato since, and lets one go that was deleted in crate', async () => {
    const first = exported(withFile({cues: [cue(0, 100), cue(1, 200)]}), empty())
    const atImport = await imported(first)
    const inSerato = exported(withFile({cues: [cue(0, 100), cue(1, 200), cue(4, 400)]}), first)
    const inCrate = {...atImport, cues: atImport.cues.filter(({slot}) => slot !== 1)}
    expect(written(inCrate, inSerato).cues).toEqual([
      [0, 100],
      [4, 400],
    ])
  })

  it('keeps cues of a file that crate never read', () => {
    const file = exported(withFile({cues: [cue(0, 100)]}), empty())
    expect(written(withFile({cues: [cue(2, 300)]}), file).cues).toEqual([
      [0, 100],
      [2, 300],
    ])
  })

  it('never lets the analysis take the place of a cue or grid in the file', () => {
    const grid = [{positionMs: 100, tempoBpm: 120, beatInBar: 1}]
    const file = exported(withFile({cues: [cue(0, 100)], beatGrid: grid, gridOrigin: 'user'}), empty())
    const analysed = withFile({
      cues: [cue(0, 900, {origin: 'analysis'}), cue(1, 800, {origin: 'analysis'})],
      beatGrid: [{positionMs: 333, tempoBpm: 60, beatInBar: 1}],
      gridOrigin: 'analysis',
    })
    const {cues, tags} = written(analysed, file)
    expect(cues).toEqual([
      [0, 100],
      [1, 800],
    ])
    expect(tags?.grid?.last).toEqual({positionSeconds: Math.fround(0.1), tempoBpm: 120})
  })

  it('keeps flips and entries that it does not know', () => {
    const flip = {type: 'FLIP', data: Buffer.from('0000014d7920466c6970000000000000', 'hex')}
    const odd = {type: 'ZZZZ', data: Buffer.from('0102', 'hex')}
    const bytes = encodeMarkers2(newMarkers2([flip, odd], 470))
    const file: RawTags = {
      ...empty(),
      tags: [
        {key: 'GEOB:Serato Markers2', bytes},
        {key: 'GEOB:Other', bytes: Buffer.of(1)},
      ],
    }
    const {set} = tagChanges(withFile({cues: [cue(0, 100)]}), file, {shiftsPositions: true})
    expect(set.map(({key}) => key)).toEqual(['GEOB:Serato Markers2', 'GEOB:Serato Markers_'])
    const {entries} = decodeMarkers2(set[0]?.bytes ?? new Uint8Array())
    expect(entries.map(({type}) => type)).toEqual(['COLOR', 'CUE', 'BPMLOCK', 'FLIP', 'ZZZZ'])
    expect(entries[3]?.data).toEqual(flip.data)
  })

  it('leaves marks alone that it cannot read, and says so', () => {
    const file: RawTags = {...empty(), tags: [{key: 'GEOB:Serato Markers2', bytes: Buffer.from('damaged')}]}
    const {set, warnings} = tagChanges(withFile({cues: [cue(0, 100)]}), file, {shiftsPositions: true})
    expect(set).toEqual([])
    expect(warnings).toHaveLength(1)
  })

  it('finds comments of Vorbis whatever their case, and keeps it', () => {
    const {set} = tagChanges(withFile({cues: [cue(0, 100)]}, 'flac'), empty('flac'), {shiftsPositions: true})
    const file: RawTags = {...empty('flac'), tags: [{key: 'Serato_Markers_V2', bytes: set[0]?.bytes ?? Buffer.of()}]}
    const again = tagChanges(withFile({cues: [cue(0, 100), cue(1, 200)]}, 'flac'), file, {shiftsPositions: true})
    expect(again.set.map(({key}) => key)).toEqual(['Serato_Markers_V2'])
  })

  it('says how many loops find no pad and how many names are cut', () => {
    const loops = Array.from({length: 10}, (_, index) => cue(null, index * 1000, {lengthMs: 500}))
    const {warnings} = tagChanges(withFile({cues: [...loops, cue(0, 5, {name: 'x'.repeat(51)})]}), empty(), {
      shiftsPositions: true,
    })
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('2 loops')
  })

  it('moves positions of MP3 into Serato’s time and back', async () => {
    // A valid LAME tag: Serato plays 1105 samples of delay and one frame of 26 ms that crate leaves out.
    const one = withFile({cues: [cue(0, 1000)]}, 'mp3', 'lame')
    expect(written(one, empty('mp3')).cues).toEqual([[0, 1051]])
    const again = await imported(exported(one, empty('mp3')), 'lame')
    expect(again.cues[0]?.positionMs).toBeCloseTo(1000, 0)
    expect(tagChanges(one, empty('mp3'), {shiftsPositions: false}).set.length).toBe(2)
    expect(
      readSeratoTags({...empty('mp3'), tags: tagChanges(one, empty('mp3'), {shiftsPositions: false}).set})?.cues[0]
        ?.positionMs,
    ).toBe(1000)
  })

  it('does not move back what an import could not move', async () => {
    const raw = exported(withFile({cues: [cue(0, 1000)]}, 'mp3'), empty('mp3'))
    const unknown = await imported(raw, null)
    expect(unknown.cues[0]?.positionMs).toBe(1000)
    const known = {...unknown, file: {...unknown.file, mp3HeaderCase: 'lame' as const}}
    expect(tagChanges(known, raw, {shiftsPositions: true}).set).toEqual([])
  })

  it('never writes a position before the start', () => {
    expect(written(withFile({cues: [cue(0, -30)]}), empty()).cues).toEqual([[0, 0]])
  })

  it('puts memory cues on free pads where that is wanted, once each', () => {
    const cues = [cue(0, 100), cue(null, 900), cue(null, 100), cue(null, 500)]
    const file = exported(withFile({cues: [cue(1, 700)]}), empty())
    const {set} = tagChanges(withFile({cues}), file, {shiftsPositions: true, fillsPads: true})
    expect(readSeratoTags({...empty(), tags: set})?.cues.map(({slot, positionMs}) => [slot, positionMs])).toEqual([
      [0, 100],
      [1, 700],
      [2, 500],
      [3, 900],
    ])
  })

  it('prefers a hot cue to a load mark on its pad', () => {
    expect(
      written(withFile({cues: [cue(2, 500, {kind: 'load'}), cue(2, 100), cue(3, 700, {kind: 'load'})]}), empty()).cues,
    ).toEqual([
      [2, 100],
      [3, 700],
    ])
  })
})

// Tracks in a library: misuse first, then that nothing a DJ made is lost whatever happens to the file.
import {describe, expect, it} from 'vitest'
import type {Cue} from '../../src/core/cue.js'
import type {CrateError} from '../../src/core/errors.js'
import {parseQuery} from '../../src/core/query/parse.js'
import {EMPTY_TAGS, type TrackId} from '../../src/core/track.js'
import {NOW_MS, openTemporary} from './sample-library.js'
import {analysis, audioFile, findings, tags} from './values.js'

const cue = (given: Partial<Cue>): Cue => ({
  kind: 'hot',
  slot: 0,
  positionMs: 1000,
  lengthMs: null,
  name: '',
  colorRgb: null,
  origin: 'user',
  ...given,
})

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return (error as CrateError).code
  }
}

describe('misuse', () => {
  it('refuses a second track at the same path', () => {
    const {tracks} = openTemporary()
    tracks.add({file: audioFile('/m/a.flac'), audioHash: 'h'})
    expect(codeOf(() => tracks.add({file: audioFile('/m/a.flac'), audioHash: 'other'}))).toBe('CONFLICT')
    const other = tracks.add({file: audioFile('/m/b.flac'), audioHash: 'h'})
    expect(codeOf(() => tracks.move(other, '/m/a.flac'))).toBe('CONFLICT')
    expect(codeOf(() => tracks.saveFile(other, audioFile('/m/a.flac'), 'h'))).toBe('CONFLICT')
    expect(tracks.count()).toBe(2)
  })

  it('says that a track is unknown, for reading and for each kind of change', () => {
    const {tracks} = openTemporary()
    const gone = 'nope' as TrackId
    expect(tracks.find(gone)).toBeNull()
    const uses = [
      () => tracks.get(gone),
      () => tracks.setRating(gone, 3),
      () => tracks.setCues(gone, []),
      () => tracks.move(gone, '/x'),
      () => tracks.remove([gone]),
      () => tracks.markMissing([gone]),
      () => tracks.resolve('nothing like it'),
      () => tracks.resolve(''),
    ]
    expect(uses.map(codeOf)).toEqual(uses.map(() => 'TRACK_NOT_FOUND'))
  })

  it.each([-1, 5.1, Number.NaN])('refuses a rating of %s stars', (stars) => {
    const {tracks} = openTemporary()
    const id = tracks.add({file: audioFile('/m/a.flac'), audioHash: null})
    expect(codeOf(() => tracks.setRating(id, stars))).toBe('USAGE')
  })

  it('undoes the whole of a transaction in which something fails', () => {
    const library = openTemporary()
    const id = library.tracks.add({file: audioFile('/m/a.flac'), audioHash: null})
    expect(
      codeOf(() =>
        library.transaction(() => {
          library.tracks.setRating(id, 5)
          library.tracks.add({file: audioFile('/m/a.flac'), audioHash: null})
        }),
      ),
    ).toBe('CONFLICT')
    expect(library.tracks.get(id).ratingStars).toBeNull()
    expect(library.tracks.count(parseQuery('rating:5', {nowMs: NOW_MS}))).toBe(0)
  })
})

describe('a track', () => {
  it('comes back with everything that was put in', () => {
    const {tracks} = openTemporary()
    const file = audioFile('/музыка/Beyoncé – 東京.flac', {modifiedAtMs: 1_700_000_000_123.456})
    const given = tags({title: '東京', artist: 'Beyoncé', year: 2003, tempoBpm: 99.5, key: 'Ebm', trackNumber: 3})
    const id = tracks.add({file, audioHash: 'abc', tags: given})
    expect(tracks.get(id)).toEqual({
      id,
      file,
      audioHash: 'abc',
      tags: given,
      tempoBpm: 99.5,
      key: {tonic: 'D#', mode: 'minor'},
      beatGrid: [],
      gridOrigin: null,
      isGridLocked: false,
      cues: [],
      analysis: null,
      ratingStars: null,
      colorRgb: null,
      playCount: 0,
      lastPlayedAt: null,
      addedAt: '2026-06-15T12:00:00.000Z',
      extras: {},
    })
    expect(tracks.byPath(file.path)?.id).toBe(id)
    expect(tracks.many([id, 'nope' as TrackId, id]).map((track) => track.id)).toEqual([id, id])
    expect(tracks.byAudioHash('abc').map((track) => track.id)).toEqual([id])
  })

  it('shows what analysis found, also for a copy that comes later, and an honest null in place of the tag', () => {
    const {tracks, analyses} = openTemporary()
    const first = tracks.add({file: audioFile('/m/a.flac'), audioHash: 'h', tags: tags({tempoBpm: 90, key: 'C'})})
    analyses.put('h', findings({}, {tempoBpm: null, beatGrid: []}))
    const copy = tracks.add({file: audioFile('/m/copy.flac'), audioHash: 'h'})
    for (const id of [first, copy]) {
      const track = tracks.get(id)
      expect(track.analysis).toEqual(analysis({tempoBpm: null, beatGrid: []}))
      expect(track.tempoBpm).toBeNull()
      expect(track.key).toEqual({tonic: 'A', mode: 'minor'})
    }
  })

  it('keeps what a person made over any analysis, and gives it back to analysis when it is taken back', () => {
    const {tracks, analyses} = openTemporary()
    const id = tracks.add({file: audioFile('/m/a.flac'), audioHash: 'h'})
    const grid = [{positionMs: 50, tempoBpm: 174, beatInBar: 1}]
    tracks.setGrid(id, grid, 'import:traktor', true)
    tracks.setCues(id, [cue({slot: 0, name: 'Mine', origin: 'import:traktor'}), cue({slot: 5, origin: 'analysis'})])
    tracks.setKey(id, {tonic: 'F', mode: 'major'})
    const found = [
      cue({slot: 0, positionMs: 9000, origin: 'analysis'}),
      cue({slot: 1, positionMs: 60_000, origin: 'analysis'}),
    ]
    analyses.put('h', findings({}, {cues: found}))
    const track = tracks.get(id)
    expect(track).toMatchObject({beatGrid: grid, gridOrigin: 'import:traktor', isGridLocked: true, tempoBpm: 174})
    expect(track.key).toEqual({tonic: 'F', mode: 'major'})
    expect(track.cues.map(({slot, name}) => [slot, name])).toEqual([
      [0, 'Mine'],
      [1, ''],
    ])
    tracks.setGrid(id, null)
    tracks.setKey(id, null)
    expect(tracks.get(id)).toMatchObject({gridOrigin: 'analysis', tempoBpm: 128, key: {tonic: 'A', mode: 'minor'}})
  })

  it('keeps everything when its file moves, is retagged or goes missing for a while', () => {
    const {tracks, playlists} = openTemporary()
    const id = tracks.add({file: audioFile('/m/a.flac'), audioHash: 'h', tags: tags({title: 'Old'})})
    tracks.setRating(id, 4)
    tracks.setCues(id, [cue({name: 'Drop'})])
    playlists.create({name: 'Set', kind: 'list', tracks: [id, id]})
    tracks.markMissing([id])
    expect(tracks.isMissing(id)).toBe(true)
    expect(tracks.list({query: parseQuery('missing:yes', {nowMs: NOW_MS})})).toHaveLength(1)
    tracks.move(id, '/elsewhere/b.flac')
    expect(tracks.isMissing(id)).toBe(false)
    tracks.saveFile(id, audioFile('/elsewhere/b.flac', {sizeBytes: 2000}), 'h', tags({title: 'New'}))
    const track = tracks.get(id)
    expect(track).toMatchObject({
      ratingStars: 4,
      tags: {title: 'New'},
      file: {path: '/elsewhere/b.flac', sizeBytes: 2000},
    })
    expect(track.cues[0]?.name).toBe('Drop')
    expect(playlists.tree()).toEqual([{kind: 'list', name: 'Set', tracks: [id, id]}])
  })

  it('leaves playlists when it is removed, and keeps the analysis of its audio', () => {
    const {tracks, playlists, analyses, scan} = openTemporary()
    const [a, b] = ['/m/a', '/m/b'].map((path) => tracks.add({file: audioFile(path), audioHash: `h${path}`}))
    if (a === undefined || b === undefined) throw new Error('no tracks')
    analyses.put('h/m/a', findings())
    const list = playlists.create({name: 'Set', kind: 'list', tracks: [a, b, a]})
    tracks.remove([a])
    expect(playlists.tracks(list)).toEqual([b])
    expect(scan.states().map(({path}) => path)).toEqual(['/m/b'])
    expect(analyses.version('h/m/a')).toBe(1)
    expect(analyses.prune()).toBe(1)
    expect(analyses.get('h/m/a')).toBeNull()
  })
})

describe('resolve', () => {
  const add = (library: ReturnType<typeof openTemporary>, path: string, artist: string, title: string) =>
    library.tracks.add({file: audioFile(path), audioHash: null, tags: tags({artist, title})})

  it('takes ids, their beginnings, paths in either normal form, names, and words without accents', () => {
    const library = openTemporary()
    const id = add(library, '/m/Beyonce\u0301.mp3', 'Beyoncé', 'Déjà Vu')
    add(library, '/m/other.mp3', 'Other', 'Thing')
    const {tracks} = library
    for (const text of [
      id,
      '/m/Beyonce\u0301.mp3',
      '/m/Beyonc\u00e9.mp3',
      'deja vu',
      'BEYONCE - déjà vu',
      'vu beyonce',
      'id0001',
    ])
      expect(tracks.resolve(text).id, text).toBe(id)
    expect(tracks.resolve('id0001').id).toBe(id)
  })

  it('finds files without tags by their name', () => {
    const {tracks} = openTemporary()
    const id = tracks.add({file: audioFile('/m/Unknown Promo 07.wav'), audioHash: null})
    expect(tracks.resolve('promo 07').id).toBe(id)
  })

  it('lists the candidates where several fit, and prefers the whole title to a part of one', () => {
    const library = openTemporary()
    const plain = add(library, '/m/1', 'A', 'Love')
    add(library, '/m/2', 'B', 'Love Song')
    add(library, '/m/3', 'B', 'Love Story')
    expect(library.tracks.resolve('love').id).toBe(plain)
    try {
      library.tracks.resolve('love s')
      expect.unreachable()
    } catch (error) {
      const {code, details, hints} = error as CrateError
      expect(code).toBe('USAGE')
      expect(details).toMatchObject({candidates: [{path: '/m/2'}, {path: '/m/3'}]})
      expect(hints.join('\n')).toContain('B – Love Story')
    }
    expect(codeOf(() => library.tracks.resolve('id'))).toBe('TRACK_NOT_FOUND')
    expect(codeOf(() => library.tracks.resolve('id00'))).toBe('USAGE')
  })
})

describe('merge', () => {
  const incoming = (given: object) => ({
    tags: EMPTY_TAGS,
    tempoBpm: null,
    key: null,
    beatGrid: [],
    isGridLocked: false,
    cues: [],
    ratingStars: null,
    colorRgb: null,
    playCount: 0,
    lastPlayedAt: null,
    addedAt: null,
    extras: {},
    ...given,
  })

  it('takes a later import of the same program in place of the earlier, and never what was set here', () => {
    const {tracks} = openTemporary()
    const id = tracks.add({file: audioFile('/m/a'), audioHash: null, tags: tags({title: 'File says'})})
    tracks.setColor(id, 0x112233)
    const first = {
      ratingStars: 3,
      colorRgb: 0xff0000,
      cues: [cue({slot: 0, name: 'old', origin: 'import:rekordbox'})],
      playCount: 9,
    }
    tracks.merge(
      id,
      incoming({...first, tags: tags({title: 'Theirs', artist: 'Theirs'}), extras: {rekordbox: {a: 1}}}),
      'import:rekordbox',
    )
    const second = {ratingStars: 5, cues: [cue({slot: 1, positionMs: 5, origin: 'import:rekordbox'})], playCount: 4}
    tracks.merge(id, incoming({...second, addedAt: '2019-01-01'}), 'import:rekordbox')
    const track = tracks.get(id)
    expect(track).toMatchObject({
      ratingStars: 5,
      colorRgb: 0x112233,
      playCount: 9,
      addedAt: '2019-01-01',
      extras: {rekordbox: {a: 1}},
      tags: {title: 'File says', artist: 'Theirs'},
    })
    expect(track.cues.map(({slot}) => slot)).toEqual([1])
    expect(tracks.summaries()).toMatchObject([{title: 'File says', artist: 'Theirs'}])
    tracks.editTags(id, {title: 'Person says', artist: null})
    expect(tracks.get(id).tags).toMatchObject({title: 'Person says', artist: null})
    expect(tracks.summaries()).toMatchObject([{title: 'Person says', artist: null}])
  })

  it('keeps cues of other programs and of the person, and lets the new ones fill free pads', () => {
    const {tracks} = openTemporary()
    const id = tracks.add({file: audioFile('/m/a'), audioHash: null})
    tracks.setCues(id, [
      cue({slot: 0, name: 'here'}),
      cue({slot: 1, positionMs: 7000, name: 'serato', origin: 'import:serato'}),
    ])
    const theirs = [0, 1, 2].map((slot) =>
      cue({slot, positionMs: 20_000 + slot * 1000, name: 'rb', origin: 'import:rekordbox'}),
    )
    tracks.merge(id, incoming({cues: theirs}), 'import:rekordbox')
    expect(tracks.get(id).cues.map(({slot, name}) => [slot, name])).toEqual([
      [0, 'here'],
      [1, 'serato'],
      [2, 'rb'],
    ])
  })
})

describe('iterate', () => {
  it('gives every track once although the library changes meanwhile', () => {
    const library = openTemporary()
    for (let n = 0; n < 25; n++) library.tracks.add({file: audioFile(`/m/${n}`), audioHash: null})
    const seen: string[] = []
    for (const track of library.tracks.iterate(undefined, 10)) {
      seen.push(track.file.path)
      library.tracks.setRating(track.id, 1)
      if (seen.length === 1) library.tracks.add({file: audioFile('/m/late'), audioHash: null})
    }
    expect(seen).toEqual(Array.from({length: 25}, (_, n) => `/m/${n}`))
  })
})

// The smaller repositories: analyses, the state of files, plays, downloads, settings and imports.
import {describe, expect, it} from 'vitest'
import {NOW_MS, openTemporary} from './sample-library.js'
import {analysis, audioFile, findings} from './values.js'

describe('analyses', () => {
  it('give back waveform and vector byte for byte, and forget the vector of what became silent', () => {
    const {analyses} = openTemporary()
    const embedding = Float32Array.from({length: 33}, (_, n) => Math.fround(Math.sin(n)))
    const given = findings({version: 3, embedding})
    analyses.put('h', given)
    expect(analyses.get('h')).toEqual(given.analysis)
    const waveform = analyses.waveform('h')
    expect([...(waveform?.high ?? [])]).toEqual([5, 255])
    expect(waveform?.columnMs).toBe(10)
    expect(analyses.embedding('h')).toEqual({version: 3, vector: embedding})
    analyses.put('h', findings({version: 4, embedding: null}))
    expect(analyses.embedding('h')).toBeNull()
    expect([analyses.get('x'), analyses.waveform('x'), analyses.embedding('x'), analyses.version('x')]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it('let a plugin replace the fields that it fills, and keep fields of its own', () => {
    const {analyses, tracks} = openTemporary()
    const id = tracks.add({file: audioFile('/a'), audioHash: 'h'})
    analyses.putPlugin('h', 'mood', {version: 2, fields: {energy: 3}, extra: {mood: 'calm'}})
    expect(tracks.get(id).analysis).toBeNull()
    analyses.put('h', findings())
    expect(tracks.get(id).analysis).toEqual(analysis({energy: 3}))
    expect(analyses.extras('h')).toEqual({mood: {mood: 'calm'}})
    expect(analyses.version('h', 'mood')).toBe(2)
  })

  it('name what is to be analysed: never seen or of a lower version, once per audio, and there', () => {
    const {analyses, tracks} = openTemporary()
    for (const [path, hash] of [
      ['/new', 'n'],
      ['/old', 'o'],
      ['/old-copy', 'o'],
      ['/done', 'd'],
      ['/gone', 'g'],
    ] as const)
      tracks.add({file: audioFile(path), audioHash: hash})
    tracks.add({file: audioFile('/unread'), audioHash: null})
    analyses.put('o', findings({version: 1}))
    analyses.put('d', findings({version: 2}))
    tracks.markMissing(tracks.list().flatMap(({id, file}) => (file.path === '/gone' ? [id] : [])))
    expect(analyses.outdated(2)).toEqual([
      {audioHash: 'n', path: '/new'},
      {audioHash: 'o', path: '/old'},
    ])
    expect(analyses.outdated(1, 'mood').map(({path}) => path)).toEqual(['/new', '/old', '/done'])
  })
})

describe('scan', () => {
  it('shows every file as it was, with the version of its analysis wherever that came from', () => {
    const {scan, tracks, analyses} = openTemporary()
    const a = tracks.add({file: audioFile('/a', {sizeBytes: 5, modifiedAtMs: 7.25}), audioHash: 'h'})
    analyses.put('h', findings({version: 4}))
    const b = tracks.add({file: audioFile('/b', {sizeBytes: null, modifiedAtMs: null}), audioHash: 'h'})
    const c = tracks.add({file: audioFile('/c'), audioHash: null})
    tracks.markMissing([c])
    const facts = {sizeBytes: 5, modifiedAtMs: 7.25, audioHash: 'h', isMissing: false, analysisVersion: 4}
    expect(scan.states()).toEqual([
      {trackId: a, path: '/a', ...facts},
      {trackId: b, path: '/b', ...facts, sizeBytes: null, modifiedAtMs: null},
      {
        trackId: c,
        path: '/c',
        ...facts,
        sizeBytes: 1000,
        modifiedAtMs: 1_700_000_000_123.5,
        audioHash: null,
        isMissing: true,
        analysisVersion: null,
      },
    ])
    tracks.saveFile(a, audioFile('/a'), 'other')
    tracks.saveFile(c, audioFile('/c'), 'h')
    expect(scan.states().map(({analysisVersion}) => analysisVersion)).toEqual([null, 4, 4])
  })

  it('remembers failures until they are mended or forgotten', () => {
    const {scan, tracks, analyses} = openTemporary()
    const failure = {
      path: '/x.mp3',
      code: 'AUDIO_UNDECODABLE',
      message: 'no',
      hints: ['try'],
      sizeBytes: 3,
      modifiedAtMs: 1.5,
    } as const
    scan.rememberFailure(failure)
    scan.rememberFailure({...failure, path: '/y.mp3', sizeBytes: null})
    scan.rememberFailure({...failure, message: 'still no'})
    expect(scan.failures()).toEqual([
      {...failure, message: 'still no'},
      {...failure, path: '/y.mp3', sizeBytes: null},
    ])
    scan.forgetFailure('/y.mp3')
    const id = tracks.add({file: audioFile('/x.mp3'), audioHash: 'h'})
    expect(scan.failures()).toEqual([])
    // A known file that became unreadable stays a track and a failure.
    scan.rememberFailure(failure)
    tracks.setRating(id, 3)
    expect(scan.failures()).toHaveLength(1)
    analyses.put('h', findings())
    expect(scan.failures()).toEqual([])
    scan.rememberFailure(failure)
    tracks.saveFile(id, audioFile('/x.mp3', {sizeBytes: 77}), 'h')
    expect(scan.failures()).toEqual([])
  })
})

describe('plays', () => {
  const play = {
    source: 'serato',
    session: 's1',
    atMs: 1000,
    trackId: null,
    artist: 'A',
    title: 'T',
    path: '/a',
    deck: 1,
    durationMs: 60_000,
  }

  it('are kept once however often they are imported, and find their track when it comes', () => {
    const {plays, tracks} = openTemporary()
    expect(plays.add([play, {...play, deck: null}, {...play, atMs: 500}])).toBe(3)
    expect(plays.add([play, {...play, deck: null}, {...play, session: 's2'}])).toBe(1)
    expect(plays.list().map(({atMs}) => atMs)).toEqual([500, 1000, 1000, 1000])
    expect(plays.list({session: 's1', fromMs: 600, untilMs: 1001})).toEqual([play, {...play, deck: null}])
    expect(plays.sessions()).toEqual([
      {source: 'serato', session: 's1', startMs: 500, endMs: 61_000, playCount: 3},
      {source: 'serato', session: 's2', startMs: 1000, endMs: 61_000, playCount: 1},
    ])
    const id = tracks.add({file: audioFile('/a'), audioHash: null})
    expect(plays.rejoin()).toBe(4)
    expect(plays.list({trackId: id})).toHaveLength(4)
    tracks.remove([id])
    expect(plays.list({source: 'serato'}).map(({trackId}) => trackId)).toEqual([null, null, null, null])
  })
})

describe('downloads, settings and imports', () => {
  it('come back as they were put', () => {
    const {downloads, settings, imports} = openTemporary()
    const done = {
      link: 'https://x/1',
      state: 'done',
      audioHash: 'h',
      path: '/a',
      details: {title: 'T', reasons: [1]},
    } as const
    downloads.put({...done, state: 'wanted', audioHash: null})
    downloads.put(done)
    downloads.put({...done, link: 'https://x/2', state: 'failed', audioHash: null, path: null})
    expect(downloads.get('https://x/1')).toEqual(done)
    expect(downloads.get('https://x/3')).toBeNull()
    expect(downloads.byAudioHash('h')).toEqual([done])
    expect(downloads.list('failed').map(({link}) => link)).toEqual(['https://x/2'])
    expect(downloads.list()).toHaveLength(2)
    expect(downloads.settled(['https://x/1', 'https://x/2', 'https://x/3'])).toEqual(new Set(['https://x/1']))
    downloads.remove('https://x/1')
    expect(downloads.get('https://x/1')).toBeNull()

    settings.set('weights', {key: [1, 2], none: null})
    expect(settings.get('weights')).toEqual({key: [1, 2], none: null})
    settings.set('weights', null)
    expect(settings.get('weights')).toBeNull()

    imports.record({format: 'rekordbox', source: '/x.xml', summary: {tracks: 3}})
    imports.record({format: 'serato', source: '/s', summary: {}})
    expect(imports.list()).toEqual([
      {format: 'serato', source: '/s', atMs: NOW_MS, summary: {}},
      {format: 'rekordbox', source: '/x.xml', atMs: NOW_MS, summary: {tracks: 3}},
    ])
  })
})

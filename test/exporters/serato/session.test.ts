// Serato's history: sessions of real nights, whole and while they are being written.
import {basename, join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {decodeSession} from '../../../exporters/serato/session.js'
import {filesBelow, hasRealFiles, macHome, read, sessions} from './support.js'

const files = hasRealFiles ? [...filesBelow(sessions, isSession), ...filesBelow(macHome, isSession)] : []

function isSession(path: string): boolean {
  return path.endsWith('.session')
}

const file = (name: string) => read(join(sessions, name))

describe.skipIf(!hasRealFiles)('decodeSession', () => {
  it('has real files', () => {
    expect(files).toHaveLength(15)
  })

  it.each(files.map((path) => [basename(path), path]))('%s is read to its end, in order of time', (_name, path) => {
    const {plays, cutBytes} = decodeSession(read(path))
    expect(cutBytes).toBe(0)
    expect(plays.length).toBeGreaterThan(0)
    for (const play of plays) {
      // No Serato was there before 2004.
      if (play.startedAtMs !== null) expect(play.startedAtMs).toBeGreaterThan(Date.UTC(2004, 0))
      if (play.startedAtMs !== null && play.endedAtMs !== null)
        expect(play.endedAtMs).toBeGreaterThanOrEqual(play.startedAtMs)
      expect(play.path).not.toBe('')
    }
  })

  it('reads times of 4 bytes (values from a hex dump of the file)', () => {
    const [first] = decodeSession(file('serato-2.4-mac__74.session')).plays
    expect(first).toEqual({
      row: 0x4c,
      // macOS' form of the umlaut: the letter, then the dots.
      path: '/Users/aw/Music/songs/Bj\u006f\u0308rk/Debut Live/03 Venus as a Boy.mp3',
      title: 'Venus as a Boy',
      artist: 'Björk',
      album: 'Debut Live',
      genre: 'Alternative & Punk',
      tempoBpm: null,
      key: 'Em',
      startedAtMs: 0x602036e4 * 1000,
      endedAtMs: 0x60203745 * 1000,
      deck: 1,
      playedMs: 97_000,
      session: 0x4a,
      isPlayed: true,
      updatedAtMs: 0x6020389d * 1000,
    })
  })

  it('reads times of 8 bytes, and streams', () => {
    const [first, second] = decodeSession(file('seratotidal-win__86.session')).plays
    expect(first).toMatchObject({path: '_54432030.tdl', startedAtMs: 0x63d87540 * 1000, deck: 1, playedMs: 401_000})
    expect(second).toMatchObject({title: 'Destroy Everything You Touch', tempoBpm: 120, deck: 2, key: 'Em'})
  })

  it('tells how much of the end is not written yet, and reads the rest', () => {
    const bytes = file('serato-2.4-mac__84.session')
    const whole = decodeSession(bytes)
    const {plays, cutBytes} = decodeSession(bytes.subarray(0, bytes.length - 10))
    expect(cutBytes).toBeGreaterThan(0)
    expect(whole.plays.slice(0, plays.length)).toEqual(plays)
    expect(plays.length).toBe(whole.plays.length - 1)
  })

  it('takes the last of entries with the same row', () => {
    const bytes = file('serato-2.4-mac__74.session')
    expect(decodeSession(Buffer.concat([bytes, bytes])).plays).toEqual(decodeSession(bytes).plays)
  })
})

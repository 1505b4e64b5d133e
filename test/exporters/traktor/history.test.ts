// What a DJ played, out of Traktor's history files.
import {describe, expect, it} from 'vitest'
import {decodeHistory} from '../../../exporters/traktor/history.js'
import {readShared, sharedFormats} from '../shared-files.js'

const folder = sharedFormats('traktor-nml')

describe('decodeHistory', () => {
  it('refuses what is no history', () => {
    expect(() => decodeHistory(Buffer.from('not a file of Traktor'))).toThrow()
  })

  it('leaves out what was never played, and says null for what is not told', () => {
    const entry = (data: string) => `<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="C:/:x.mp3"></PRIMARYKEY>${data}</ENTRY>`
    const list = `<PLAYLIST>${entry('')}${entry('<EXTENDEDDATA PLAYEDPUBLIC="0" STARTDATE="1"></EXTENDEDDATA>')}</PLAYLIST>`
    expect(decodeHistory(Buffer.from(`<NML><PLAYLISTS><NODE>${list}</NODE></PLAYLISTS></NML>`))).toEqual([
      {path: 'C:/x.mp3', startedAt: null, deck: null, durationMs: null, isPublic: false},
    ])
  })

  it.skipIf(folder === null)('reads a session of one track', () => {
    // The file is named after the end of the session, 15:59:34; the track began two minutes before.
    expect(decodeHistory(readShared(folder ?? '', 'history/history_2011y04m30d_15h59m34s.nml'))).toEqual([
      {
        path: '/Volumes/Music/Music to Spin/Nickodemus/The Spy from Cairo _Secretly Famous_/Saidi the Man (beat gridded).wav',
        startedAt: '2011-04-30T15:57:56',
        deck: 0,
        durationMs: expect.closeTo(26315.815, 6),
        isPublic: true,
      },
    ])
  })

  it.skipIf(folder === null)('reads a session in its order, on the evening that the file is named after', () => {
    const plays = decodeHistory(readShared(folder ?? '', 'history/history_2010y11m21d_21h46m29s.nml'))
    expect(plays).toHaveLength(11)
    const starts = plays.map(({startedAt}) => startedAt ?? '')
    expect(starts).toEqual([...starts].sort())
    for (const start of starts) expect(start >= '2010-11-21T12:00:00' && start <= '2010-11-21T23:00:00').toBe(true)
    expect(new Set(plays.map(({deck}) => deck)).size).toBeGreaterThan(1)
  })
})

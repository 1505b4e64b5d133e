// What was played, as DJs bring it in: a folder of Traktor's histories by the real command.
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {installCrate} from '../support/crate.js'

/** STARTDATE is year, month and day in one number: 2024 · 65536 + 3 · 256 + 15; STARTTIME seconds of the day. */
const MARCH_15_2024 = 132_645_647
const TEN_AT_NIGHT = 79_200

function nml(plays: readonly {file: string; startTime: number; isPublic: boolean}[]): string {
  const entries = plays.map(
    ({file, startTime, isPublic}) =>
      `<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="Macintosh HD/:Users/:dj/:Music/:${file}"></PRIMARYKEY>` +
      `<EXTENDEDDATA DECK="1" DURATION="240.5" EXTENDEDTYPE="HistoryData" PLAYEDPUBLIC="${isPublic ? 1 : 0}"` +
      ` STARTDATE="${MARCH_15_2024}" STARTTIME="${startTime}"></EXTENDEDDATA></ENTRY>`,
  )
  return `<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<NML VERSION="19"><HEAD COMPANY="www.native-instruments.com" PROGRAM="Traktor"></HEAD>
<COLLECTION ENTRIES="0"></COLLECTION><PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="1">
<NODE TYPE="PLAYLIST" NAME="HISTORY"><PLAYLIST ENTRIES="${plays.length}" TYPE="LIST" UUID="0">${entries.join('\n')}</PLAYLIST>
</NODE></SUBNODES></NODE></PLAYLISTS></NML>
`
}

describe('crate import history traktor', () => {
  it('joins the plays of a night to the library, once, and reads on past a damaged file', async () => {
    const crate = installCrate()
    writeFileSync(
      join(crate.home, 'library.csv'),
      'path,artist,title\n/Volumes/USB/One.mp3,A,One\n/Volumes/USB/Two.mp3,B,Two\n',
    )
    expect((await crate.run('import', 'csv', 'library.csv')).status).toBe(0)
    const history = join(crate.home, 'Traktor 3.11.1', 'History')
    mkdirSync(history, {recursive: true})
    const night = nml([
      {file: 'One.mp3', startTime: TEN_AT_NIGHT, isPublic: true},
      {file: 'Heard alone.mp3', startTime: TEN_AT_NIGHT + 100, isPublic: false},
      {file: 'Two.mp3', startTime: TEN_AT_NIGHT + 240, isPublic: true},
      {file: 'Elsewhere.mp3', startTime: TEN_AT_NIGHT + 480, isPublic: true},
    ])
    writeFileSync(join(history, 'history_2024y03m15d_22h00m00s.nml'), night)
    writeFileSync(join(history, 'history_2024y03m16d_22h00m00s.nml'), night.slice(0, 400))
    const run = () =>
      crate.run(
        'import',
        'history',
        'traktor',
        join(crate.home, 'Traktor 3.11.1'),
        '--map',
        '/Users/dj/Music=/Volumes/USB',
        '--json',
      )
    const first = await run()
    expect(first.status, first.stderr).toBe(3)
    expect(first.json()).toMatchObject({
      sessions: 1,
      plays: 3,
      joined: 2,
      added: 3,
      failures: [{code: 'FORMAT_INVALID'}],
    })
    expect((await run()).json()).toMatchObject({plays: 3, added: 0})
  })
})

// crate playlist build: a set by rule.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {outcomeLines, planLines} from '../../cli/export-report.js'
import {formatDuration, plural} from '../../cli/format.js'
import {mixScore, setColumns} from '../../cli/set-table.js'
import {theme} from '../../cli/theme.js'

export default class PlaylistBuild extends CrateCommand {
  static override summary = 'Build a set: choose and order tracks along an energy curve.'
  static override description =
    'The curve is warm-up, peak, journey, or a file with lines like 0,3 and 100,8 (share of the set, energy). What you learnt (crate suggest learn) is used.'
  static override examples = [
    '<%= config.bin %> playlist build --name "Dark Techno Set" --duration 60 --export rekordbox=set.xml',
    '<%= config.bin %> playlist build --duration 90 --energy warm-up --query "genre:house" --png set.png',
    '<%= config.bin %> playlist build --duration 120 --start 3f2a --end 9c1b --must 77aa --without 1d0e --lock 5=2b3c',
  ]

  static override flags = {
    name: Flags.string({
      helpValue: 'NAME',
      summary: 'Keep it as a playlist, Folder/Name; without it the set is only shown.',
    }),
    duration: Flags.integer({
      required: true,
      min: 1,
      max: 2880,
      helpValue: 'MINUTES',
      summary: 'How long it should be.',
    }),
    energy: Flags.string({default: 'journey', helpValue: 'CURVE', summary: 'warm-up, peak, journey, or a file.'}),
    start: Flags.string({helpValue: 'TRACK', summary: 'The first track.'}),
    end: Flags.string({helpValue: 'TRACK', summary: 'The last track.'}),
    must: Flags.string({multiple: true, helpValue: 'TRACK', summary: 'Must be in it.'}),
    without: Flags.string({multiple: true, helpValue: 'TRACK', summary: 'Must not be in it.'}),
    lock: Flags.string({multiple: true, helpValue: 'PLACE=TRACK', summary: 'This track at this place.'}),
    query: Flags.string({helpValue: 'QUERY', summary: 'Only tracks that match.'}),
    export: Flags.string({
      multiple: true,
      helpValue: 'ID[=PATH]',
      summary: "Export it; to the config's target without a path.",
      dependsOn: ['name'],
    }),
    png: Flags.string({helpValue: 'FILE', summary: 'Write a picture of the energy and key path.'}),
    svg: Flags.string({helpValue: 'FILE', summary: 'The same as SVG.'}),
    force: Flags.boolean({summary: 'Replace a playlist of the same name.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(PlaylistBuild)
    const [
      {withLibrary},
      {buildPlaylist},
      {keyNotationOf},
      {checkPlaylistTargets, exportPlaylist},
      {writeSetPictures},
    ] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/playlist/build.js'),
      import('../../app/key-notation.js'),
      import('../../app/export/export-once.js'),
      import('../../app/playlist/picture.js'),
    ])
    const environment = this.environment(flags)
    const {name = null, png = null, svg = null} = flags
    const notation = await keyNotationOf(environment)
    await checkPlaylistTargets(environment, flags.export ?? [])
    await withLibrary(environment, async (library) => {
      const {set, playlistId} = await buildPlaylist(environment, library, {
        name,
        durationMinutes: flags.duration,
        energy: flags.energy,
        start: flags.start ?? null,
        end: flags.end ?? null,
        must: flags.must ?? [],
        without: flags.without ?? [],
        locked: flags.lock ?? [],
        query: flags.query ?? null,
        force: flags.force,
      })
      this.printTable(
        [{title: 'AT', value: ({startMs}) => formatDuration(startMs), align: 'right'}, ...setColumns(notation)],
        set.entries.map((entry, index) => ({...entry, step: index === 0 ? null : entry})),
      )
      this.log(
        `${theme.strong(formatDuration(set.durationMs))}  ${plural(set.entries.length, 'track')}  mixes at ${mixScore(set.meanCost)}${name === null ? '' : `  ${theme.good('✓')} ${name}`}`,
      )
      for (const path of await writeSetPictures(set, name ?? 'Set', {png, svg})) this.log(`${theme.good('✓')} ${path}`)
      const exports = []
      for (const target of flags.export ?? []) {
        const report = await exportPlaylist(environment, library, target, name ?? '', (plan) =>
          this.logLines(planLines(plan)),
        )
        this.logLines(outcomeLines(report))
        this.reportFailures(report.failures)
        exports.push(report)
      }
      await this.answer({
        playlistId,
        durationMs: set.durationMs,
        meanCost: set.meanCost,
        entries: set.entries.map(({track: {vector: _, ...track}, ...entry}) => ({...entry, track})),
        exports,
      })
    })
  }
}

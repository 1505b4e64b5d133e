// crate sync: the main job.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {downloadLines} from '../cli/download-report.js'
import {exportLines} from '../cli/export-report.js'
import {plannedLines, summaryLines} from '../cli/sync-summary.js'

export default class Sync extends CrateCommand {
  static override summary = 'Read what is new, analyse what changed, and export to every target.'
  static override description =
    'A SOURCE is a folder, a file, a manifest.json, or something to fetch: a link, a .txt or .csv list, a search, a feed. Without one, the folders and sources of the config are used. Unchanged files are not read again; moved and renamed ones keep everything.'
  static override examples = [
    '<%= config.bin %> sync ~/Music --export rekordbox=~/Music/rekordbox.xml',
    '<%= config.bin %> sync',
    '<%= config.bin %> sync ~/Music --dry-run',
    '<%= config.bin %> sync --watch',
    '<%= config.bin %> sync ~/Music --json > sync.json',
  ]

  static override strict = false
  static override args = {
    source: Args.string({description: 'Folder, file, manifest.json, list or link; several may be given.'}),
  }
  static override flags = {
    export: Flags.string({
      multiple: true,
      helpValue: 'ID=PATH',
      summary: 'Export to this format and path; may be given several times.',
    }),
    watch: Flags.boolean({summary: 'Stay, and sync again whenever something changes.'}),
    force: Flags.boolean({summary: 'Read and analyse everything again.'}),
    'dry-run': Flags.boolean({
      summary: 'Show what would be read and written; do nothing.',
      exclusive: ['watch'],
    }),
    jobs: Flags.integer({min: 1, max: 256, helpValue: 'N', summary: 'Threads for analysis; one per core by default.'}),
    beats: Flags.boolean({summary: 'Add every beat and downbeat to --json.', dependsOn: ['json']}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Sync)
    const [{withLibrary}, {sync}, {syncJson}, {watchAndSync}, {parseTargets}] = await Promise.all([
      import('../app/with-library.js'),
      import('../app/sync/sync.js'),
      import('../app/sync/sync-json.js'),
      import('../app/sync/watch.js'),
      import('../app/targets.js'),
    ])
    const environment = this.environment(flags)
    const request = {
      sources: argv as string[],
      exports: parseTargets(flags.export ?? []),
      force: flags.force,
      jobs: flags.jobs ?? null,
      isDryRun: flags['dry-run'],
    }
    await withLibrary(environment, async (library) => {
      const once = async (isForced: boolean) => {
        const result = await sync(environment, library, {...request, force: isForced})
        if (result.download !== null)
          for (const line of downloadLines({folder: null, planned: [], summary: result.download})) this.log(line)
        if (result.planned !== null) for (const line of plannedLines(result.planned)) this.log(line)
        for (const line of [...summaryLines(result.summary), ...result.exports.flatMap(exportLines)]) this.log(line)
        this.reportFailures(result.failures)
        return result
      }
      const result = await once(flags.force)
      if (flags.watch) await watchAndSync(environment, request.sources, () => once(false))
      else await this.answer(syncJson(library, result, {withBeats: flags.beats}))
    })
  }
}

// crate upload: an archive of the music elsewhere, and back.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {formatBytes, formatElapsed, plural} from '../cli/format.js'
import {theme} from '../cli/theme.js'

export default class Upload extends CrateCommand {
  static override summary = 'Archive music in the cloud, each file once and checked, and bring it back.'
  static override description =
    'What is there already is skipped; what differs is never overwritten without --overwrite. Google Cloud Storage comes by a plugin: crate plugins install crate-plugin-gcs'
  static override examples = [
    '<%= config.bin %> upload ~/Music --to gs://my-bucket/music',
    '<%= config.bin %> upload --to gs://my-bucket/music --dry-run',
    '<%= config.bin %> upload --to gs://my-bucket/music --restore ~/Music/back',
  ]

  static override strict = false
  static override args = {
    path: Args.string({description: "Folders and files; the config's music folders if left out."}),
  }
  static override flags = {
    to: Flags.string({required: true, helpValue: 'TARGET', summary: 'The archive, as gs://BUCKET/PREFIX.'}),
    restore: Flags.string({helpValue: 'DIR', summary: 'Bring the archive back into this folder.'}),
    overwrite: Flags.boolean({summary: 'Replace what has the same name and differs.'}),
    jobs: Flags.integer({min: 1, max: 32, default: 4, helpValue: 'N', summary: 'Files at once.'}),
    pause: Flags.integer({
      min: 0,
      max: 600,
      default: 2,
      helpValue: 'SECONDS',
      summary: 'First pause after a failure; it doubles.',
    }),
    'dry-run': Flags.boolean({summary: 'Say what would be done, move nothing.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Upload)
    const {upload} = await import('../app/upload/upload.js')
    const result = await upload(this.environment(flags), {
      paths: argv as string[],
      target: flags.to,
      overwrite: flags.overwrite,
      jobs: flags.jobs,
      isDryRun: flags['dry-run'],
      firstPauseMs: flags.pause * 1000,
      restoreTo: flags.restore ?? null,
    })
    const {found, stored, unchanged, failed, bytes, elapsedMs} = result.summary
    const verb = flags['dry-run'] ? 'to do' : flags.restore === undefined ? 'stored' : 'restored'
    const parts = [
      theme.good(`${stored} ${verb}`),
      theme.dim(`${unchanged} there already`),
      ...(failed > 0 ? [theme.bad(`${failed} failed`)] : []),
    ]
    this.log(`${theme.strong(plural(found, 'file'))}  ${parts.join('  ')}`)
    if (stored > 0) this.log(`${formatBytes(bytes)} in ${formatElapsed(elapsedMs)}`)
    this.reportFailures(result.failures)
    await this.answer(result)
  }
}

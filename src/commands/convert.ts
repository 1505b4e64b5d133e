// crate convert: from one DJ program to another.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {outcomeLines, planLines} from '../cli/export-report.js'
import {importLines} from '../cli/import-report.js'
import {parsePairs} from '../cli/pairs.js'

export default class Convert extends CrateCommand {
  static override summary = "Convert one DJ program's library to another's, without touching your own."
  static override description =
    'What the target cannot carry is counted and shown before anything is written; files that crate did not write itself are backed up first.'
  static override examples = [
    '<%= config.bin %> convert rekordbox rekordbox.xml traktor collection.nml',
    '<%= config.bin %> convert traktor collection.nml serato ~/Music --dry-run',
  ]

  static override args = {
    from: Args.string({required: true, description: 'Format of the source.'}),
    source: Args.string({required: true, description: 'File or folder to read.'}),
    to: Args.string({required: true, description: 'Format of the target.'}),
    target: Args.string({required: true, description: 'File or folder to write.'}),
  }

  static override flags = {
    map: Flags.string({
      multiple: true,
      helpValue: 'FROM=TO',
      summary: 'A folder of the other machine and what it is called here.',
    }),
    'from-option': Flags.string({multiple: true, helpValue: 'NAME=VALUE', summary: 'An option of the source format.'}),
    'to-option': Flags.string({multiple: true, helpValue: 'NAME=VALUE', summary: 'An option of the target format.'}),
    'write-tags': Flags.boolean({summary: 'Also write into the audio files (Serato).'}),
    'no-shift': Flags.boolean({summary: 'Do not correct positions of MP3 and AAC files between programs.'}),
    'dry-run': Flags.boolean({summary: 'Show what would be written.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Convert)
    const {convert} = await import('../app/convert.js')
    const {imported, exported} = await convert(this.environment(flags), {
      from: args.from,
      source: args.source,
      to: args.to,
      target: args.target,
      mappings: flags.map ?? [],
      importOptions: parsePairs(flags['from-option'] ?? []),
      exportOptions: parsePairs(flags['to-option'] ?? []),
      shiftsPositions: !flags['no-shift'],
      canWriteTags: flags['write-tags'],
      isDryRun: flags['dry-run'],
      onImported: (report) => this.logLines(importLines({...report, added: null})),
      onPlan: (plan) => this.logLines(planLines(plan)),
    })
    this.logLines(outcomeLines(exported))
    this.reportFailures([...imported.failures, ...exported.failures])
    await this.answer({imported, exported})
  }
}

// crate library restore: brings back files from before crate changed them, or a copy of the whole library.
import {Args, Flags} from '@oclif/core'
import {backupColumns, restorePlanLines} from '../../cli/backup-report.js'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class LibraryRestore extends CrateCommand {
  static override summary = 'Bring back files, and tags inside audio files, from before crate changed them.'
  static override description =
    'Without an id it lists the backups. What is there now is backed up first; files of a program that is open are left alone. A .db file that crate library backup made becomes the library, and the library that was there is kept beside it.'
  static override examples = [
    '<%= config.bin %> library restore',
    '<%= config.bin %> library restore 2026-11-22T20-15 --dry-run',
    '<%= config.bin %> library restore 2026-11-22T20-15',
    '<%= config.bin %> library restore ~/crate-backup.db',
  ]
  static override args = {
    id: Args.string({description: 'Id of a backup, or the start of one; or a copy of the library.'}),
  }
  static override flags = {'dry-run': Flags.boolean({summary: 'Show which files would be brought back.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(LibraryRestore)
    const {findBackup, listBackups, restoreBackup, restoreWholeLibrary} = await import('../../app/library/backups.js')
    const environment = this.environment(flags)
    const isDryRun = flags['dry-run']
    if (args.id === undefined) {
      const backups = await listBackups(environment)
      if (backups.length === 0) this.log(theme.dim('no backups yet'))
      else this.printTable(backupColumns(), backups)
      return this.answer({backups})
    }
    if (args.id.endsWith('.db')) {
      const whole = await restoreWholeLibrary(environment, args.id, {isDryRun})
      this.log(`${isDryRun ? '' : `${theme.good('✓')} `}the library ${isDryRun ? 'would be' : 'is'} as in ${args.id}`)
      if (whole.before !== null) this.log(theme.dim(`  what was there until now: ${whole.before}`))
      return this.answer({...whole, isDryRun})
    }
    if (isDryRun) {
      const backup = await findBackup(environment, args.id)
      this.logLines(restorePlanLines(backup))
      return this.answer({restored: backup, before: null, failures: [], isDryRun})
    }
    const {restored, before, failures} = await restoreBackup(environment, args.id)
    const count = restored.files.length + (restored.tags?.length ?? 0) - failures.length
    this.log(`${theme.good('✓')} ${plural(count, 'file')} as before ${restored.reason}`)
    this.log(theme.dim(`  what was there until now: crate library restore ${before.id}`))
    this.reportFailures(failures)
    await this.answer({restored, before, failures, isDryRun})
  }
}

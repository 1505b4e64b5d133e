// crate library restore: brings back files from before crate changed them.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class LibraryRestore extends CrateCommand {
  static override summary = 'Bring back files, and tags inside audio files, from before crate changed them.'
  static override description =
    'Without an id it lists the backups. What is there now is backed up first; files of a program that is open are left alone.'
  static override examples = ['<%= config.bin %> library restore', '<%= config.bin %> library restore 2026-11-22T20-15']
  static override args = {id: Args.string({description: 'Id of a backup, or the start of one.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(LibraryRestore)
    const {listBackups, restoreBackup} = await import('../../app/library/backups.js')
    const environment = this.environment(flags)
    if (args.id === undefined) {
      const backups = await listBackups(environment)
      if (backups.length === 0) this.log(theme.dim('no backups yet'))
      else
        this.printTable(
          [
            {title: 'ID', value: ({id}) => id},
            {title: 'BEFORE', value: ({reason}) => reason},
            {title: 'FILES', value: ({files, tags}) => files.length + (tags?.length ?? 0), align: 'right'},
          ],
          backups,
        )
      return this.answer({backups})
    }
    const {restored, before, failures} = await restoreBackup(environment, args.id)
    const count = restored.files.length + (restored.tags?.length ?? 0) - failures.length
    this.log(`${theme.good('✓')} ${plural(count, 'file')} as before ${restored.reason}`)
    this.log(theme.dim(`  what was there until now: crate library restore ${before.id}`))
    this.reportFailures(failures)
    await this.answer({restored, before, failures})
  }
}

// crate library backup: a whole copy of the library.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {formatBytes} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class LibraryBackup extends CrateCommand {
  static override summary = 'Copy the whole library to a file, also while it is in use.'
  static override description = 'crate library restore FILE puts a copy back. Vectors are made again from it.'
  static override examples = [
    '<%= config.bin %> library backup',
    '<%= config.bin %> library backup --to ~/crate-backup.db',
  ]
  static override flags = {
    to: Flags.string({helpValue: 'FILE', summary: "Where to; a dated file in the library's backups without it."}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LibraryBackup)
    const [{withLibrary}, {backupLibrary}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/backups.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const backup = await backupLibrary(environment, library, flags.to ?? null)
      this.log(`${theme.good('✓')} ${backup.path} ${theme.dim(formatBytes(backup.bytes))}`)
      await this.answer(backup)
    })
  }
}

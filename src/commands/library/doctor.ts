// crate library doctor: whether the library is sound, and what can be mended.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {EXIT} from '../../cli/failure.js'
import {theme} from '../../cli/theme.js'

const MARKS = {ok: theme.good('✓'), note: theme.warn('!'), broken: theme.bad('✗')} as const

export default class LibraryDoctor extends CrateCommand {
  static override summary = 'Check that the library is sound; with --repair also mend its indexes.'
  static override examples = ['<%= config.bin %> library doctor', '<%= config.bin %> library doctor --repair']
  static override flags = {
    repair: Flags.boolean({summary: 'Remove leftovers and bring the similarity index in agreement.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LibraryDoctor)
    const [{withLibrary}, {examineLibrary}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/doctor.js'),
    ])
    await withLibrary(this.environment(flags), async (library) => {
      const findings = await examineLibrary(library, {repair: flags.repair})
      for (const {id, state, text, hint} of findings)
        this.log(`${MARKS[state]} ${id.padEnd(9)}  ${text}${hint === null ? '' : ` ${theme.accent('→')} ${hint}`}`)
      if (findings.some(({state}) => state === 'broken')) process.exitCode = EXIT.failed
      await this.answer({findings})
    })
  }
}

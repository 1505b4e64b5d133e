// crate doctor: what works on this machine, and how to mend what does not.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {EXIT} from '../cli/failure.js'
import {theme} from '../cli/theme.js'

const MARKS = {ok: theme.good('✓'), off: theme.warn('–'), broken: theme.bad('✗')} as const

export default class Doctor extends CrateCommand {
  static override summary = 'Show what works on this machine, and how to mend what does not.'
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --json',
    '<%= config.bin %> doctor --install yt-dlp',
  ]

  static override flags = {
    install: Flags.string({
      options: ['yt-dlp'],
      summary: 'Fetch or update this program first: its own release, checksum verified.',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Doctor)
    const environment = this.environment(flags)
    if (flags.install !== undefined) {
      const {installTool} = await import('../app/doctor/install-tool.js')
      const {path, version} = await installTool(environment)
      this.log(`${MARKS.ok} yt-dlp ${version} is at ${path}`)
    }
    const {examineMachine} = await import('../app/doctor/doctor.js')
    const checks = await examineMachine(environment)
    const width = Math.max(...checks.map(({name}) => name.length))
    for (const {name, state, text, hint} of checks) {
      this.log(`${MARKS[state]} ${name.padEnd(width)}  ${state === 'ok' ? text : theme.dim(text)}`)
      if (hint !== null) this.log(`${' '.repeat(width + 4)}${theme.accent('→')} ${hint}`)
    }
    if (checks.some(({state}) => state === 'broken')) process.exitCode = EXIT.failed
    await this.answer({checks})
  }
}

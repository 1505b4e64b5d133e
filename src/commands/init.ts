// crate init: the first config, by questions or by flags.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../cli/crate-command.js'
import {theme} from '../cli/theme.js'
import {CrateError} from '../core/errors.js'
import type {KeyNotation} from '../core/key.js'

const NOTATIONS = ['camelot', 'open-key', 'musical'] as const satisfies readonly KeyNotation[]

export default class Init extends CrateCommand {
  static override summary = 'Write the config: music folders, DJ software, where exports go.'
  static override description = 'Asks on a terminal; with flags it asks nothing.'
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --music ~/Music --target rekordbox=~/Music/rekordbox.xml --key-notation camelot',
  ]

  static override flags = {
    music: Flags.string({multiple: true, helpValue: 'DIR', summary: 'A music folder; may be given several times.'}),
    target: Flags.string({multiple: true, helpValue: 'ID=PATH', summary: 'An export that follows every sync.'}),
    'key-notation': Flags.option({options: NOTATIONS, summary: 'How keys are shown.'})(),
    force: Flags.boolean({summary: 'Replace the config that is there.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Init)
    const {initConfig, suggestAnswers} = await import('../app/init.js')
    const {parseTargets} = await import('../app/targets.js')
    const given = {
      music: flags.music ?? [],
      targets: parseTargets(flags.target ?? []),
      keyNotation: flags['key-notation'] ?? 'camelot',
    }
    const hasFlags = flags.music !== undefined || flags.target !== undefined || flags['key-notation'] !== undefined
    let answers = given
    if (!hasFlags) {
      if (!process.stdin.isTTY || this.jsonEnabled())
        throw new CrateError('USAGE', 'there is no terminal to ask on', {
          hints: ['Give the answers as flags: crate init --music ~/Music'],
        })
      const {askForAnswers} = await import('../cli/init-questions.js')
      answers = await askForAnswers(suggestAnswers())
    }
    const written = await initConfig(this.environment(flags), answers, {force: flags.force})
    this.log(`${theme.good('✓')} ${written.configFile}`)
    this.log(`  Next: ${theme.accent('crate sync')}`)
    await this.answer(written)
  }
}

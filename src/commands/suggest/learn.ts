// crate suggest learn: the DJ's own weights, from the sets that were really played.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'

export default class SuggestLearn extends CrateCommand {
  static override summary = 'Learn from your own sets what to suggest; nothing leaves this machine.'
  static override description =
    'Import what you played first: crate import history serato ~/Music. With little history the defaults stay.'
  static override examples = ['<%= config.bin %> suggest learn', '<%= config.bin %> suggest learn --forget']
  static override flags = {forget: Flags.boolean({summary: 'Go back to the defaults.'})}

  async run(): Promise<void> {
    const {flags} = await this.parse(SuggestLearn)
    const [{withLibrary}, {candidateTable}, {forgetModel, learnFromHistory}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/mixing/candidate-table.js'),
      import('../../app/mixing/learnt-model.js'),
    ])
    await withLibrary(this.environment(flags), async (library) => {
      if (flags.forget) {
        forgetModel(library)
        this.log(`${theme.good('✓')} the defaults are back`)
        return this.answer({model: null})
      }
      const {learnt, sentences} = learnFromHistory(library, candidateTable(library))
      for (const sentence of sentences) this.log(sentence)
      this.printTable(
        [
          {title: 'WEIGHS', value: ({feature}) => feature},
          {title: 'YOURS', value: ({weight}) => weight.toFixed(2), align: 'right'},
          {title: 'DEFAULT', value: ({defaultWeight}) => defaultWeight.toFixed(2), align: 'right', paint: theme.dim},
          {title: 'PLAYED', value: ({played}) => played.toFixed(2), align: 'right'},
          {title: 'BY CHANCE', value: ({byChance}) => byChance.toFixed(2), align: 'right', paint: theme.dim},
        ],
        learnt.features,
      )
      await this.answer({...learnt, sentences})
    })
  }
}

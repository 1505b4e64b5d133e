// crate plugins kit: the contract's types and the conformance kit of this crate for a plugin project.
import {relative} from 'node:path'
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'

export default class PluginsKit extends CrateCommand {
  static override summary = 'Link the contract and the test kit of this crate into a plugin project.'
  static override description =
    'A new project does this by itself after npm install. crate-dj from npm, where a project has it, is left as it is.'
  static override examples = ['<%= config.bin %> plugins kit', '<%= config.bin %> plugins kit ./my-plugin']
  static override args = {folder: Args.string({default: '.', description: 'Folder of the project.'})}

  async run(): Promise<void> {
    const {args} = await this.parse(PluginsKit)
    const {linkKit} = await import('../../app/plugins/link-kit.js')
    const linked = await linkKit(args.folder, this.config.root)
    const path = relative(process.cwd(), linked.path)
    this.log(
      linked.crateRoot === null
        ? `${path} is there already, from npm: it stays`
        : `${theme.good('✓')} ${path} ${theme.dim(`→ ${linked.crateRoot}`)}`,
    )
    await this.answer(linked)
  }
}

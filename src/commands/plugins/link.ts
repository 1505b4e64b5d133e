// crate plugins link: a plugin that is being worked on, used where it stands.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {oclifPluginCommands} from '../../cli/oclif-plugins.js'
import {reachReport} from '../../cli/plugin-report.js'
import {theme} from '../../cli/theme.js'

export default class PluginsLink extends CrateCommand {
  static override summary = 'Use a plugin that you are working on, where it stands.'
  static override description =
    'What you build there is used at once. crate plugins uninstall ends it; the folder itself is left alone.'
  static override examples = ['<%= config.bin %> plugins link .', '<%= config.bin %> plugins link ./my-plugin']
  static override args = {folder: Args.string({default: '.', description: 'Folder of the plugin.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PluginsLink)
    const {linkPlugin} = await import('../../app/plugins/change.js')
    const linked = await linkPlugin(this.environment(flags), oclifPluginCommands(this.config), args.folder)
    const {name, version, root, reach, problems} = linked
    this.log(`${theme.good('✓')} ${theme.strong(name)} ${version} is linked  ${theme.dim(root)}`)
    for (const line of reachReport(reach)) this.log(line)
    for (const problem of problems) this.log(`  ${theme.bad('✗')} ${problem}`)
    await this.answer(linked)
  }
}

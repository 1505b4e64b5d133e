// crate plugins uninstall: a plugin and everything that came with it.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {oclifPluginCommands} from '../../cli/oclif-plugins.js'
import {theme} from '../../cli/theme.js'

export default class PluginsUninstall extends CrateCommand {
  static override summary = 'Remove a plugin.'
  static override examples = ['<%= config.bin %> plugins uninstall crate-plugin-rekordbox-usb']
  static override aliases = ['plugins:unlink', 'plugins:remove']
  static override args = {plugin: Args.string({required: true, description: 'Name of the plugin.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PluginsUninstall)
    const {uninstallPlugin} = await import('../../app/plugins/change.js')
    await uninstallPlugin(this.environment(flags), oclifPluginCommands(this.config), args.plugin)
    this.log(`${theme.good('✓')} ${args.plugin} is removed`)
    await this.answer({removed: args.plugin})
  }
}

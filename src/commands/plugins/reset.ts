// crate plugins reset: back to crate alone, when something among the plugins is wrong.
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {oclifPluginCommands} from '../../cli/oclif-plugins.js'
import {theme} from '../../cli/theme.js'

export default class PluginsReset extends CrateCommand {
  static override summary = 'Remove all plugins; linked folders are left alone.'
  static override examples = ['<%= config.bin %> plugins reset']

  async run(): Promise<void> {
    const {flags} = await this.parse(PluginsReset)
    const {removeAllPlugins} = await import('../../app/plugins/change.js')
    const removed = await removeAllPlugins(this.environment(flags), oclifPluginCommands(this.config))
    for (const name of removed) this.log(`${theme.good('✓')} ${name} is removed`)
    if (removed.length !== 1) this.log(theme.dim(`${plural(removed.length, 'plugin')} removed`))
    await this.answer({removed})
  }
}

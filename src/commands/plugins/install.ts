// crate plugins install: by name, tarball, folder or link to a repository; a plugin that does not work is not installed.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {oclifPluginCommands} from '../../cli/oclif-plugins.js'
import {reachReport} from '../../cli/plugin-report.js'
import {theme} from '../../cli/theme.js'

export default class PluginsInstall extends CrateCommand {
  static override summary = 'Install a plugin, and show what it may reach.'
  static override description =
    'Takes a name on npm, a tarball, a folder, or an address of a repository. What is installed already stays as it is when this fails.'
  static override examples = [
    '<%= config.bin %> plugins install crate-plugin-rekordbox-usb',
    '<%= config.bin %> plugins install ./crate-plugin-lines-1.0.0.tgz',
    '<%= config.bin %> plugins install ./my-plugin',
  ]
  static override aliases = ['plugins:add']
  static override strict = false
  static override args = {
    plugin: Args.string({required: true, description: 'Name, tarball, folder or address; several may be given.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(PluginsInstall)
    const {installPlugin} = await import('../../app/plugins/change.js')
    const environment = this.environment(flags)
    const plugins = []
    for (const text of argv as string[]) {
      const task = environment.reporter.task(`Installing ${text}`, null)
      const plugin = await installPlugin(environment, oclifPluginCommands(this.config), text).finally(() =>
        task.finish(),
      )
      this.log(`${theme.good('✓')} ${theme.strong(plugin.name)} ${plugin.version} is installed`)
      for (const line of reachReport(plugin.reach)) this.log(line)
      plugins.push(plugin)
    }
    await this.answer({plugins})
  }
}

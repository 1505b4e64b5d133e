// crate plugins update: all plugins at once, or none where one of them would not work any more.
import {CrateCommand} from '../../cli/crate-command.js'
import {oclifPluginCommands} from '../../cli/oclif-plugins.js'
import {reachReport} from '../../cli/plugin-report.js'
import {theme} from '../../cli/theme.js'

export default class PluginsUpdate extends CrateCommand {
  static override summary = 'Update the installed plugins; what works stays when an update does not.'
  static override examples = ['<%= config.bin %> plugins update']

  async run(): Promise<void> {
    const {flags} = await this.parse(PluginsUpdate)
    const {updatePlugins} = await import('../../app/plugins/change.js')
    const environment = this.environment(flags)
    const task = environment.reporter.task('Updating', null)
    const plugins = await updatePlugins(environment, oclifPluginCommands(this.config)).finally(() => task.finish())
    for (const {name, version, reach, before} of plugins) {
      const isNew = before?.version !== version
      this.log(
        `${theme.good('✓')} ${name} ${isNew && before !== null ? `${before.version} → ` : ''}${version}${isNew ? '' : theme.dim(' as before')}`,
      )
      if (before !== null && JSON.stringify(before.reach) !== JSON.stringify(reach))
        for (const line of reachReport(reach)) this.log(line)
    }
    await this.answer({plugins})
  }
}

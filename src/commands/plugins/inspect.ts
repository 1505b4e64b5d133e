// crate plugins inspect: what a plugin brings, reaches and can be set to.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {EXIT} from '../../cli/failure.js'
import {reachReport, settingLines} from '../../cli/plugin-report.js'
import {theme} from '../../cli/theme.js'

export default class PluginsInspect extends CrateCommand {
  static override summary = 'Show what a plugin brings, what it may reach, and its settings.'
  static override examples = [
    '<%= config.bin %> plugins inspect crate-plugin-lines',
    '<%= config.bin %> plugins inspect ./my-plugin',
  ]
  static override args = {
    plugin: Args.string({required: true, description: 'Name of an installed plugin, or a folder.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PluginsInspect)
    const {inspectPlugin} = await import('../../app/plugins/inspect.js')
    const commands = this.config.commands.map(({id, pluginName = ''}) => ({id, plugin: pluginName}))
    const report = await inspectPlugin(this.environment(flags), args.plugin, commands)
    this.log(`${theme.strong(report.name)} ${report.version}  ${theme.dim(report.root)}`)
    for (const line of reachReport(report.reach)) this.log(line)
    for (const {kind, id, summary, settings} of report.contributions) {
      this.log(`  ${theme.accent(id)}  ${theme.dim(kind)}  ${summary}`)
      for (const line of settingLines(id, settings)) this.log(line)
    }
    for (const command of report.commands) this.log(`  ${this.config.bin} ${command}  ${theme.dim('command')}`)
    for (const problem of report.problems) this.log(`  ${theme.bad('✗')} ${problem}`)
    if (report.problems.length > 0) process.exitCode = EXIT.failed
    await this.answer(report)
  }
}

// crate plugins verify: the conformance kit over a plugin, before it is trusted.
import {Args} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {EXIT} from '../../cli/failure.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class PluginsVerify extends CrateCommand {
  static override summary = 'Check a plugin against everything that crate expects of one.'
  static override description =
    'Takes the name of an installed plugin, a folder, a tarball, or a name on npm; what is not installed is fetched into a temporary folder and its scripts are not run. Its code runs: this shows faults, not intentions.'
  static override examples = [
    '<%= config.bin %> plugins verify crate-plugin-lines',
    '<%= config.bin %> plugins verify ./my-plugin',
  ]
  static override args = {
    plugin: Args.string({required: true, description: 'Name, folder, tarball, or what npm can fetch.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PluginsVerify)
    const {verifyPlugin} = await import('../../app/plugins/verify.js')
    const report = await verifyPlugin(this.environment(flags), args.plugin)
    const {name, version, rules, findings} = report
    for (const {contribution, rule, message} of findings)
      this.log(`${theme.bad('✗')} ${theme.strong(contribution)} ${theme.dim(rule)}  ${message}`)
    const mark = findings.length === 0 ? theme.good('✓') : theme.bad('✗')
    this.log(`${mark} ${name} ${version}: ${plural(rules, 'rule')}, ${plural(findings.length, 'finding')}`)
    if (findings.length > 0) process.exitCode = EXIT.failed
    await this.answer(report)
  }
}

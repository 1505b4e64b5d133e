// crate plugins: what is installed, from the package files alone.
import type {ListedPlugin} from '../../app/plugins/list.js'
import {CrateCommand} from '../../cli/crate-command.js'
import {reachWords} from '../../cli/plugin-report.js'
import type {Column} from '../../cli/table.js'
import {theme} from '../../cli/theme.js'

const COLUMNS: readonly Column<ListedPlugin>[] = [
  {title: 'PLUGIN', value: ({name}) => name, paint: theme.strong},
  {title: 'VERSION', value: ({version, isLinked}) => (isLinked ? `${version}, linked` : version)},
  {
    title: 'BRINGS',
    value: broughtBy,
    shrinks: true,
    paint: (text, {problem}) => (problem === null ? text : theme.bad(text)),
  },
  {title: 'REACHES', value: ({reach, problem}) => (problem === null ? reachWords(reach) : '')},
]

function broughtBy({contributes, problem}: ListedPlugin): string {
  if (problem !== null) return 'cannot be used'
  if (contributes === null) return 'not said'
  return Object.entries(contributes)
    .map(([kind, ids]) => `${kind} ${ids.join(', ')}`)
    .join('; ')
}

export default class Plugins extends CrateCommand {
  static override summary = 'List the installed plugins.'
  static override description = 'What each brings and reaches, as its package says; none of them is run.'
  static override examples = ['<%= config.bin %> plugins', '<%= config.bin %> plugins --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(Plugins)
    const {listPlugins} = await import('../../app/plugins/list.js')
    const plugins = await listPlugins(this.environment(flags))
    if (plugins.length === 0)
      this.log('No plugins are installed. They add formats, sensors, sources and more: crate plugins install NAME')
    else this.printTable(COLUMNS, plugins)
    for (const {problem} of plugins) if (problem !== null) this.log(`${theme.bad('✗')} ${problem}`)
    await this.answer({plugins})
  }
}

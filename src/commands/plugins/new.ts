// crate plugins new: a project for a plugin that works as it stands.
import {relative} from 'node:path'
import {Args, Flags} from '@oclif/core'
import type {TemplateName} from '../../app/plugins/scaffold.js'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'

const KINDS = [
  'exporter',
  'importer',
  'analyzer',
  'sensor',
  'gesture',
  'output',
  'action',
  'now-playing',
  'source',
  'uploader',
] as const

export default class PluginsNew extends CrateCommand {
  static override summary = 'Start a plugin: a TypeScript project with a working example.'
  static override examples = [
    '<%= config.bin %> plugins new crate-plugin-set-list --kind exporter',
    '<%= config.bin %> plugins new crate-plugin-crest --kind analyzer --to ~/code/crest',
  ]
  static override args = {name: Args.string({required: true, description: 'Name of the npm package.'})}
  static override flags = {
    kind: Flags.option({options: KINDS, default: 'exporter' as const, summary: 'What it will bring.'})(),
    to: Flags.string({helpValue: 'DIR', summary: 'The folder; one of its name without it.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PluginsNew)
    const {scaffoldPlugin} = await import('../../app/plugins/scaffold.js')
    const made = await scaffoldPlugin({
      name: args.name,
      template: flags.kind satisfies TemplateName,
      folder: flags.to ?? null,
      crateRoot: this.config.root,
      crateVersion: this.config.version,
    })
    const folder = relative(process.cwd(), made.folder) || '.'
    this.log(`${theme.good('✓')} ${theme.strong(folder)}`)
    for (const file of made.files) this.log(`  ${theme.dim(file)}`)
    this.log(`${theme.accent('→')} cd ${folder} && npm install && npm test`)
    this.log(`${theme.accent('→')} crate plugins link ${folder}`)
    await this.answer(made)
  }
}

// Writes the parts of docs/reference that come from the code: commands, query fields, losses of formats.
//
//   npm run docs
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {toJSONSchema} from 'zod'
import {csvExporter} from '../exporters/csv/index.js'
import {jsonExporter} from '../exporters/json/index.js'
import {m3u8Exporter} from '../exporters/m3u8/index.js'
import {rekordboxExporter} from '../exporters/rekordbox/index.js'
import {seratoExporter} from '../exporters/serato/index.js'
import {traktorExporter} from '../exporters/traktor/index.js'
import {configSchema} from '../src/adapters/config/config-schema.js'
import {QUERY_FIELDS} from '../src/core/query/fields.js'
import {filledPage} from './contract-docs.js'
import {manPage} from './man-page.js'
import {allCommands, type ManifestCommand, type ManifestFlag, nameOf, packageFile, root, usageOf} from './manifest.js'

const EXPORTERS = [rekordboxExporter, seratoExporter, traktorExporter, m3u8Exporter, csvExporter, jsonExporter]

/** Every file of docs that this script writes into, with its new text. */
export function referenceDocs(): Map<string, string> {
  return new Map<string, string>([
    ['docs/reference/commands.md', commandsPage()],
    ...['docs/plugins/write.md', 'docs/plugins/contract.md'].map((path) => [path, filledPage(path)] as const),
    ['docs/schemas/config.schema.json', configSchemaText()],
    ['man/crate.1', manPage(packageFile().version, packageFile().description, allCommands())],
    ['docs/reference/query.md', between('docs/reference/query.md', 'fields', fieldsTable())],
    ['docs/reference/formats.md', formatsPage()],
  ])
}

/** For editors: what the config file may hold. */
function configSchemaText(): string {
  const {$schema, ...schema} = toJSONSchema(configSchema, {io: 'input', unrepresentable: 'any'})
  return `${JSON.stringify({$schema, title: 'The config of crate', ...schema}, null, 2)}\n`
}

function commandsPage(): string {
  const listed = allCommands()
  return [
    '# Commands',
    '',
    'Every command also takes `--library DIR`, `--json`, `--quiet`, `--no-progress` and `--help`. With `--json`, stdout is one JSON',
    'document and everything else is on stderr. Exit status: 0 all done, 1 the job failed, 2 wrong usage, 3 done but some items failed.',
    '',
    '| command | does |',
    '|---|---|',
    ...listed.map(
      (command) => `| [\`${nameOf(command)}\`](#${nameOf(command).replaceAll(' ', '-')}) | ${command.summary ?? ''} |`,
    ),
    '',
    ...listed.flatMap(commandSection),
  ].join('\n')
}

function commandSection(command: ManifestCommand): string[] {
  const flags = Object.values(command.flags).filter(
    ({helpGroup, hidden, name}) => helpGroup !== 'GLOBAL' && hidden !== true && name !== 'json',
  )
  return [
    `## ${nameOf(command)}`,
    '',
    `\`${usageOf(command)}\``,
    '',
    [command.summary, command.description].filter(Boolean).join(' '),
    '',
    ...(flags.length === 0 ? [] : ['| flag | |', '|---|---|', ...flags.map(flagRow), '']),
    ...(command.examples.length === 0 ? [] : ['```', ...command.examples, '```', '']),
  ]
}

function flagRow({name, type, summary = '', helpValue, options, required}: ManifestFlag): string {
  const value = type === 'boolean' ? '' : ` ${options === undefined ? (helpValue ?? 'VALUE') : options.join('\\|')}`
  return `| \`--${name}${value}\`${required === true ? ' (required)' : ''} | ${summary.replaceAll('|', '\\|')} |`
}

function fieldsTable(): string {
  const kinds = {
    text: 'text',
    number: 'number',
    length: 'm:ss',
    date: 'date',
    key: 'key',
    flag: 'yes or no',
    playlist: 'text',
  }
  return [
    '| field | also | holds | |',
    '|---|---|---|---|',
    ...QUERY_FIELDS.map(
      ({name, aliases, kind, summary}) =>
        `| \`${name}\` | ${aliases.map((alias) => `\`${alias}\``).join(', ')} | ${kinds[kind]} | ${summary} |`,
    ),
  ].join('\n')
}

function formatsPage(): string {
  const path = 'docs/reference/formats.md'
  return replaced(between(path, 'losses', lossesTable()), 'options', optionsTable())
}

function optionsTable(): string {
  return [
    '| `crate export` | `--option` | does |',
    '|---|---|---|',
    ...EXPORTERS.flatMap(({id, options = {}}) =>
      Object.entries(options).map(([name, does]) => `| \`${id}\` | \`${name}\` | ${does} |`),
    ),
  ].join('\n')
}

function lossesTable(): string {
  return [
    '| format | `crate export` | does not carry |',
    '|---|---|---|',
    ...EXPORTERS.map(
      ({name, id, loses}) =>
        `| ${name} | \`${id}\` | ${loses.length === 0 ? 'nothing' : loses.map((loss) => loss.replaceAll('-', ' ')).join(', ')} |`,
    ),
  ].join('\n')
}

function between(path: string, name: string, content: string): string {
  return replaced(readFileSync(join(root, path), 'utf8'), name, content)
}

function replaced(text: string, name: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${name}:[^\\n]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
  return text.replace(pattern, (_, start: string, end: string) => `${start}${content}\n${end}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of referenceDocs()) {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }

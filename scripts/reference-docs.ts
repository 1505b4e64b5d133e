// Writes the parts of docs/reference that come from the code: commands, query fields, losses of formats.
//
//   npm run docs
import {readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {csvExporter} from '../exporters/csv/index.js'
import {jsonExporter} from '../exporters/json/index.js'
import {m3u8Exporter} from '../exporters/m3u8/index.js'
import {rekordboxExporter} from '../exporters/rekordbox/index.js'
import {seratoExporter} from '../exporters/serato/index.js'
import {traktorExporter} from '../exporters/traktor/index.js'
import {QUERY_FIELDS} from '../src/core/query/fields.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const EXPORTERS = [rekordboxExporter, seratoExporter, traktorExporter, m3u8Exporter, csvExporter, jsonExporter]

interface ManifestFlag {
  readonly name: string
  readonly type: 'option' | 'boolean'
  readonly summary?: string
  readonly helpValue?: string
  readonly options?: readonly string[]
  readonly required?: boolean
  readonly helpGroup?: string
  readonly hidden?: boolean
}

interface ManifestCommand {
  readonly id: string
  readonly summary?: string
  readonly description?: string
  readonly examples?: readonly string[]
  readonly args: Readonly<
    Record<string, {readonly name: string; readonly description?: string; readonly required?: boolean}>
  >
  readonly flags: Readonly<Record<string, ManifestFlag>>
  readonly strict?: boolean
  readonly hidden?: boolean
}

/** Every file of docs that this script writes into, with its new text. */
export function referenceDocs(): Map<string, string> {
  return new Map([
    ['docs/reference/commands.md', commandsPage()],
    ['docs/reference/query.md', between('docs/reference/query.md', 'fields', fieldsTable())],
    ['docs/reference/formats.md', between('docs/reference/formats.md', 'losses', lossesTable())],
  ])
}

function commandsPage(): string {
  const {commands} = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, ManifestCommand>
  }
  const listed = Object.values(commands)
    .filter(({hidden}) => hidden !== true)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
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

function nameOf({id}: ManifestCommand): string {
  return `crate ${id.replaceAll(':', ' ')}`
}

function commandSection(command: ManifestCommand): string[] {
  const args = Object.values(command.args).map(({name, required}) => {
    const text = `${name.toUpperCase()}${command.strict === false ? '…' : ''}`
    return required === true ? text : `[${text}]`
  })
  const flags = Object.values(command.flags).filter(
    ({helpGroup, hidden, name}) => helpGroup !== 'GLOBAL' && hidden !== true && name !== 'json',
  )
  return [
    `## ${nameOf(command)}`,
    '',
    `\`${[nameOf(command), ...args].join(' ')}\``,
    '',
    [command.summary, command.description].filter(Boolean).join(' '),
    '',
    ...(flags.length === 0 ? [] : ['| flag | |', '|---|---|', ...flags.map(flagRow), '']),
    ...(command.examples === undefined
      ? []
      : ['```', ...command.examples.map((example) => example.replaceAll('<%= config.bin %>', 'crate')), '```', '']),
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
  const text = readFileSync(join(root, path), 'utf8')
  const pattern = new RegExp(`(<!-- ${name}:[^\\n]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
  return text.replace(pattern, (_, start: string, end: string) => `${start}${content}\n${end}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of referenceDocs()) writeFileSync(join(root, path), text)

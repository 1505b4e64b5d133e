// Fills the pages of docs/plugins with what the source says: declarations of the contract, templates, codes, rules.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {CratePlugin} from '../src/api/plugin.js'
import {KIND_NAMES, KIND_SHAPES} from '../src/core/plugin/kinds.js'
import {type KitSamples, rulesFor} from '../src/testing/index.js'
import {root} from './manifest.js'

/** The page with everything between its markers written anew. @param path relative to the project */
export function filledPage(path: string): string {
  return readFileSync(join(root, path), 'utf8')
    .replaceAll(/(<!-- api: (\S+) ([\w ]+) -->\n)[\s\S]*?(<!-- \/api -->)/g, (_, start, file, names, end) =>
      block(start, 'ts', declarations(file, names.split(' ')), end),
    )
    .replaceAll(/(<!-- template: (\S+) (\S+) -->\n)[\s\S]*?(<!-- \/template -->)/g, (_, start, file, id, end) =>
      block(start, 'ts', template(file, id), end),
    )
    .replace(/(<!-- codes -->\n)[\s\S]*?(<!-- \/codes -->)/, (_, start, end) => `${start}${codes()}\n${end}`)
    .replace(/(<!-- rules -->\n)[\s\S]*?(<!-- \/rules -->)/, (_, start, end) => `${start}${rulesTable()}\n${end}`)
}

function block(start: string, language: string, text: string, end: string): string {
  return `${start}\`\`\`${language}\n${text.trim()}\n\`\`\`\n${end}`
}

/** Exported declarations of a file below src/api with their docstrings, in the order asked for. */
function declarations(file: string, names: readonly string[]): string {
  const source = readFileSync(join(root, 'src', 'api', `${file}.ts`), 'utf8')
  return names.map((name) => declaration(source, name, file)).join('\n\n')
}

/** The formatter leaves an empty line after each declaration and none inside. */
function declaration(source: string, name: string, file: string): string {
  const found = new RegExp(`(?:^/\\*\\*(?:(?!\\*/)[\\s\\S])*?\\*/\\n)?^export (?:interface|type) ${name}\\b`, 'm').exec(
    source,
  )
  if (found === null) throw new Error(`src/api/${file}.ts exports no ${name}`)
  const rest = source.slice(found.index)
  const length = /\n\n(?=\/\*\*|export |const |type |interface )|\n*$/.exec(rest)?.index ?? rest.length
  return rest.slice(0, length)
}

function template(path: string, id: string): string {
  return readFileSync(join(root, 'templates', 'plugin', path), 'utf8').replaceAll('__ID__', id)
}

function codes(): string {
  const source = readFileSync(join(root, 'src', 'core', 'errors.ts'), 'utf8')
  const union = /export type ErrorCode =\n([\s\S]*?)\n\n/.exec(source)?.[1] ?? ''
  return [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => `\`${code}\``).join(' ')
}

/** Every rule that the kit has, with samples for all; rules are only listed, so the contributions need no bodies. */
function rulesTable(): string {
  const load = async () => {
    throw new Error('rules are only listed')
  }
  const face = {id: 'x', summary: 'x', name: 'x', load}
  const plugin = {
    exporters: [{...face, target: 'file', loses: []}],
    importers: [{...face, source: 'file', loses: []}],
    analyzers: [{...face, version: 1, fields: []}],
    sensors: [{...face, transport: 'serial', profiles: []}],
    gestures: [{...face, recognizes: 'strokes'}],
    outputs: [{...face, carries: [], maxMessagesPerSecond: null}],
    nowPlaying: [face],
    sources: [{...face, takes: () => false}],
    uploaders: [{...face, scheme: 'x://'}],
  } as unknown as CratePlugin
  const samples: KitSamples = {
    importers: {x: {'': 'x'}},
    sensors: {x: {packets: [], settings: {profile: null, declared: {}}} as never},
    gestures: {x: {takes: [], negatives: []}},
    outputs: {x: 'x'},
    nowPlaying: {x: 'x'},
    sources: {x: 'x'},
    uploaders: {x: 'x://x'},
  }
  const sets = new Map(rulesFor(plugin, samples).map(({kind, rules}) => [kind, rules]))
  const shared = (sets.get('exporters') ?? []).filter(({id}) =>
    [...sets.values()].every((rules) => rules.some((other) => other.id === id)),
  )
  const rows = KIND_NAMES.map(
    (kind) =>
      [
        KIND_SHAPES[kind].noun,
        (sets.get(kind) ?? []).filter(({id}) => !shared.some((other) => other.id === id)),
      ] as const,
  )
  return [
    '| | rule | a sound one |',
    '|---|---|---|',
    ...[['every contribution', shared] as const, ...rows].flatMap(([noun, rules]) =>
      rules.map(({id, title}, index) => `| ${index === 0 ? noun : ''} | \`${id}\` | ${title.replaceAll('|', '\\|')} |`),
    ),
  ].join('\n')
}

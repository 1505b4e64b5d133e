// Plugins for tests: packages written into a folder and linked into the crate of a test, as `crate plugins link` does.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Crate} from './crate.js'

export interface TestPlugin {
  readonly name: string
  readonly version?: string
  /** `package.json#crate`; a sound one for the entry where left out. */
  readonly crate?: unknown
  /** Text of index.js. */
  readonly module: string
  /** More files by relative path. */
  readonly files?: Readonly<Record<string, string>>
}

/** Writes the package and returns its folder. */
export function writePlugin(parent: string, {name, version = '1.0.0', crate, module, files = {}}: TestPlugin): string {
  const root = join(parent, name)
  const pjson = {
    name,
    version,
    type: 'module',
    oclif: {},
    crate: crate ?? {apiVersion: 1, entry: './index.js'},
  }
  const all = {'package.json': JSON.stringify(pjson), 'index.js': module, ...files}
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }
  return root
}

export function dataFolder(crate: Crate): string {
  return join(crate.home, '.local', 'share', 'crate')
}

export function linkPlugin(crate: Crate, plugin: TestPlugin): string {
  const root = writePlugin(join(crate.home, 'plugins'), plugin)
  linkFolder(crate, plugin.name, root)
  return root
}

/** Links a package that is there. */
export function linkFolder(crate: Crate, name: string, root: string): void {
  const pjsonPath = join(dataFolder(crate), 'package.json')
  mkdirSync(dirname(pjsonPath), {recursive: true})
  const plugins = linkedPlugins(pjsonPath).filter((plugin) => plugin.name !== name)
  writeFileSync(pjsonPath, JSON.stringify({oclif: {schema: 1, plugins: [...plugins, {name, type: 'link', root}]}}))
}

function linkedPlugins(path: string): {name: string}[] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as {oclif: {plugins: {name: string}[]}}).oclif.plugins
  } catch {
    return []
  }
}

/** An exporter `id` of one text file, with the body of its `export` generator and what runs when it loads. */
export function exporterModule(id: string, body: string, {atImport = '', atLoad = ''} = {}): string {
  return `${atImport}
export default {exporters: [{id: '${id}', name: '${id}', summary: 'An exporter.', target: 'file', fileName: '${id}.txt', loses: [],
  load: async () => { ${atLoad}; return {async *export(request, context) { ${body} }} }}]}`
}

export function analyzerModule(id: string, body: string, {version = 1, fields = [] as readonly string[]} = {}): string {
  return `export default {analyzers: [{id: '${id}', summary: 'An analyzer.', version: ${version}, fields: ${JSON.stringify(fields)},
  load: async () => ({async analyze(pcm, context) { ${body} }})}]}`
}

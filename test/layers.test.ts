// The rooms and who may import whom, as docs/architecture.md draws them: a wrong import fails here.
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {dirname, join, relative, resolve, sep} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'
import {HEAVY_PACKAGES} from './support/heavy-packages.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  api: ['core'],
  analysis: ['core'],
  mixing: ['core'],
  live: ['core'],
  exporters: ['core', 'api'],
  sensors: ['core', 'api'],
  adapters: ['core', 'api'],
  testing: ['core', 'api', 'host'],
  store: ['core'],
  host: ['core', 'api', 'adapters', 'exporters', 'sensors', 'analysis', 'mixing', 'live'],
  app: ['core', 'api', 'adapters', 'exporters', 'sensors', 'analysis', 'mixing', 'live', 'store', 'host', 'testing'],
  cli: ['core'],
  commands: ['app', 'cli', 'core'],
}

/** Rooms that do no input or output of their own. */
const PURE = ['core', 'api', 'analysis', 'mixing', 'live']

const LIGHT_ROOMS = ['core', 'api', 'cli', 'commands']

function roomOf(path: string): string {
  const [first = '', second = ''] = relative(root, path).split(sep)
  return first === 'src' ? second : first
}

function* sourceFiles(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* sourceFiles(path)
    else if (path.endsWith('.ts')) yield path
  }
}

interface Import {
  readonly target: string
  readonly isLazy: boolean
}

function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const eager = [...code.matchAll(/^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)]
  const types = [...code.matchAll(/^\s*(?:import|export)\s+type\s+[^'";]*?\sfrom\s+['"]([^'"]+)['"]/gm)]
  const lazy = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)]
  return [
    ...eager.map((match) => ({target: match[1] ?? '', isLazy: false})),
    ...[...types, ...lazy].map((match) => ({target: match[1] ?? '', isLazy: true})),
  ]
}

const files = ['src', 'exporters', 'sensors']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => [...sourceFiles(join(root, folder))])

describe('layers', () => {
  it('reads the whole tree', () => {
    expect(files.length).toBeGreaterThan(10)
  })

  it.each(files.map((file) => [relative(root, file), file]))('%s imports only what its room may', (_name, file) => {
    const room = roomOf(file)
    const allowed = MAY_IMPORT[room]
    expect(allowed, `unknown room ${room}`).toBeDefined()
    for (const {target, isLazy} of importsOf(readFileSync(file, 'utf8'))) {
      if (target.startsWith('.')) {
        const other = roomOf(resolve(dirname(file), target))
        if (other !== room) expect(allowed, `${target} is in ${other}`).toContain(other)
      } else if (target.startsWith('node:')) expect(PURE, `${target} in a pure room`).not.toContain(room)
      else if (LIGHT_ROOMS.includes(room) && !isLazy)
        expect(HEAVY_PACKAGES, `${target} loads at start-up`).not.toContain(target)
    }
  })
})

describe('packages', () => {
  it('that the product imports are installed with it, and no others', () => {
    const {dependencies} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    const used = new Set(
      files
        .flatMap((file) => importsOf(readFileSync(file, 'utf8')).map(({target}) => target))
        .filter((target) => !target.startsWith('.') && !target.startsWith('node:'))
        .map((target) =>
          target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    )
    // oclif loads these by package.json#oclif.plugins.
    for (const name of Object.keys(dependencies)) if (name.startsWith('@oclif/plugin-')) used.add(name)
    expect([...used].sort()).toEqual(Object.keys(dependencies).sort())
  })
})

// All commands as a person meets them: crate's own from its manifest, and those of oclif's plugins that crate keeps.
import {readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export interface ManifestFlag {
  readonly name: string
  readonly char?: string
  readonly type: 'option' | 'boolean'
  readonly summary?: string
  readonly description?: string
  readonly helpValue?: string
  readonly options?: readonly string[]
  readonly required?: boolean
  readonly helpGroup?: string
  readonly hidden?: boolean
}

export interface ManifestCommand {
  readonly id: string
  readonly summary?: string
  readonly description?: string
  readonly examples: readonly string[]
  readonly args: Readonly<
    Record<string, {readonly name: string; readonly description?: string; readonly required?: boolean}>
  >
  readonly flags: Readonly<Record<string, ManifestFlag>>
  readonly aliases?: readonly string[]
  readonly strict?: boolean
  readonly hidden?: boolean
}

/** As oclif writes it. */
interface Manifest {
  readonly commands: Readonly<
    Record<
      string,
      Omit<ManifestCommand, 'examples'> & {
        readonly examples?: readonly (string | {readonly command: string})[]
      }
    >
  >
}

interface PackageFile {
  readonly version: string
  readonly description: string
  readonly oclif: {readonly plugins: readonly string[]}
}

export function packageFile(): PackageFile {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageFile
}

/** In the order of their names. A command of crate stands before one of the same name of oclif, as it does when it runs. */
export function allCommands(): readonly ManifestCommand[] {
  const places = packageFile().oclif.plugins.map((name) => join(root, 'node_modules', name, 'oclif.manifest.json'))
  const own = manifestAt(join(root, 'oclif.manifest.json'))
  const taken = new Set(own.flatMap(({id, aliases = []}) => [id, ...aliases]))
  const theirs = places.flatMap(manifestAt).filter(({id}) => !taken.has(id))
  return [...own, ...theirs].filter(({hidden}) => hidden !== true).sort((a, b) => (a.id < b.id ? -1 : 1))
}

function manifestAt(path: string): ManifestCommand[] {
  const {commands} = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  return Object.values(commands).map((command) => ({
    ...command,
    summary: filled(command.summary ?? command.description?.split('\n')[0] ?? '', command),
    description: command.summary === undefined ? '' : filled(command.description ?? '', command),
    examples: (command.examples ?? []).map((example) =>
      filled(typeof example === 'string' ? example : example.command, command).replace(/^\$ /, ''),
    ),
    flags: Object.fromEntries(
      Object.entries(command.flags).map(([name, flag]) => [
        name,
        {...flag, summary: filled(flag.summary ?? flag.description ?? '', command)},
      ]),
    ),
  }))
}

function filled(text: string, {id}: {readonly id: string}): string {
  return text
    .replaceAll('<%= config.bin %>', 'crate')
    .replaceAll('<%= command.id %>', id.replaceAll(':', ' '))
    .replaceAll(/\s*\n\s*/g, ' ')
}

/** `crate library list`. */
export function nameOf({id}: Pick<ManifestCommand, 'id'>): string {
  return `crate ${id.replaceAll(':', ' ')}`
}

/** `crate sync [SOURCE…]`. */
export function usageOf(command: ManifestCommand): string {
  const args = Object.values(command.args).map(({name, required}) => {
    const text = `${name.toUpperCase()}${command.strict === false ? '…' : ''}`
    return required === true ? text : `[${text}]`
  })
  return [nameOf(command), ...args].join(' ')
}

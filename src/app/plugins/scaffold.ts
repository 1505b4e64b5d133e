// A new plugin project from a template: it builds, passes crate's rules, lints and packs as it stands.
import {existsSync, readdirSync} from 'node:fs'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {packedName} from './find-plugin.js'

interface Template {
  readonly kind: string
  readonly summary: string
  /** What the example itself reaches. */
  readonly reach: Readonly<Record<string, unknown>>
}

/** By the name that a person gives with --kind; the folder below templates/plugin has the same. */
export const TEMPLATES = {
  exporter: {kind: 'exporters', summary: 'Playlists of crate as a set list to print.', reach: {}},
  importer: {kind: 'importers', summary: 'Cues from a list of lines for crate.', reach: {}},
  analyzer: {kind: 'analyzers', summary: 'How squashed a master is, for crate.', reach: {}},
  sensor: {kind: 'sensors', summary: 'A motion board on a serial port, for crate.', reach: {}},
  gesture: {kind: 'gestures', summary: 'Hits as gestures, for crate.', reach: {}},
  output: {kind: 'outputs', summary: 'Messages of crate’s stage in a file.', reach: {files: true}},
  action: {kind: 'actions', summary: 'Moments of a set noted in a file, for crate.', reach: {files: true}},
  'now-playing': {kind: 'nowPlaying', summary: 'What plays, from a text file, for crate.', reach: {files: true}},
  source: {kind: 'sources', summary: 'Files of links that crate fetches.', reach: {files: true}},
  uploader: {kind: 'uploaders', summary: 'An archive of crate in a folder of another disk.', reach: {files: true}},
} as const satisfies Readonly<Record<string, Template>>

export type TemplateName = keyof typeof TEMPLATES

export interface ScaffoldRequest {
  /** Name of the package, and of the folder where none is given. */
  readonly name: string
  readonly template: TemplateName
  readonly folder: string | null
  /** Folder of crate's own package. */
  readonly crateRoot: string
  readonly crateVersion: string
}

const NAME = /^(@[a-z0-9-][a-z0-9-._]*\/)?[a-z0-9-][a-z0-9-._]*$/

/** @returns the folder and its files. @throws USAGE for a name that npm does not take, FILE_EXISTS */
export async function scaffoldPlugin(request: ScaffoldRequest): Promise<{folder: string; files: readonly string[]}> {
  const {name, template, crateRoot, crateVersion} = request
  if (!NAME.test(name) || name.length > 200)
    throw new CrateError('USAGE', `"${name}" is no name for an npm package`, {
      hints: ['Lower case letters, digits and "-": crate-plugin-my-format'],
    })
  const folder = resolve(request.folder ?? name.split('/').at(-1) ?? name)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new CrateError('FILE_EXISTS', `${folder} is there already and not empty`, {
      hints: ['Choose another folder: --to DIR'],
    })
  const {kind, summary, reach} = TEMPLATES[template]
  const values: Readonly<Record<string, string>> = {
    __NAME__: name,
    __ID__: idOf(name),
    __KIND__: kind,
    __TARBALL__: `${packedName(name)}-0.1.0.tgz`,
    __SUMMARY__: summary,
    '"__REACH__"': JSON.stringify({files: false, network: [], programs: [], native: false, ...reach}),
    __CRATE_VERSION__: crateVersion,
  }
  const files = new Map<string, string>()
  for (const part of ['common', template]) {
    const root = join(crateRoot, 'templates', 'plugin', part)
    for (const entry of await readdir(root, {recursive: true, withFileTypes: true}))
      if (entry.isFile()) {
        const path = join(entry.parentPath, entry.name)
        // npm leaves .gitignore out of packages, and tools would take these files for crate's own.
        files.set(
          path
            .slice(root.length + 1)
            .replace(/(^|[\\/])_/, '$1')
            .replace(/^gitignore$/, '.gitignore'),
          await readFile(path, 'utf8'),
        )
      }
  }
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), {recursive: true})
    await writeFile(
      join(folder, path),
      text.replaceAll(/"__REACH__"|__[A-Z_]+__/g, (token) => values[token] ?? token),
    )
  }
  return {folder, files: [...files.keys()].sort()}
}

/** `@me/crate-plugin-set-list` → `set-list`. */
function idOf(name: string): string {
  const bare = (name.split('/').at(-1) ?? name).replace(/^crate-(plugin-)?/, '')
  return bare.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'mine'
}

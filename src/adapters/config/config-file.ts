// The config file: YAML that people edit by hand, so every complaint names its line.
import {readFile} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {type CrateConfig, DEFAULT_CONFIG} from '../../core/config.js'
import {CrateError} from '../../core/errors.js'
import {fileError} from '../files/errors.js'
import {writeFileAtomically} from '../files/staged-write.js'

/** The config; defaults where there is no file. @throws CONFIG_INVALID naming line and reason */
export async function readConfig(path: string): Promise<CrateConfig> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return DEFAULT_CONFIG
    throw fileError(error, path, 'read')
  }
  return parseConfig(text, path)
}

/** @param path only for messages */
export async function parseConfig(text: string, path: string): Promise<CrateConfig> {
  const [{LineCounter, parseDocument, isNode}, {configSchema}] = await Promise.all([
    import('yaml'),
    import('./config-schema.js'),
  ])
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false})
  const invalid = (reason: string, offset: number | undefined) => {
    const line = offset === undefined ? '' : ` line ${lines.linePos(offset).line}`
    return new CrateError('CONFIG_INVALID', `${path}${line}: ${reason}`, {
      hints: ['Mend the line, or make a new file: crate init --force'],
      details: {path, ...(offset === undefined ? {} : {line: lines.linePos(offset).line})},
    })
  }
  const syntaxError = document.errors[0]
  if (syntaxError !== undefined) throw invalid(syntaxError.message, syntaxError.pos[0])
  const parsed = configSchema.safeParse(document.toJS() ?? {})
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const keys = [...(issue?.path ?? [])] as (string | number)[]
    let node: unknown
    for (let depth = keys.length; depth > 0 && !isNode(node); depth--) node = document.getIn(keys.slice(0, depth), true)
    const where = keys.length === 0 ? '' : `${keys.join('.')}: `
    throw invalid(`${where}${issue?.message ?? 'not understood'}`, isNode(node) ? node.range?.[0] : undefined)
  }
  return withHomeFolders(parsed.data)
}

export async function writeConfig(path: string, config: Partial<CrateConfig>): Promise<void> {
  const {stringify} = await import('yaml')
  const heading = '# Settings of crate. Every key is explained in docs/reference/config.md.\n'
  await writeFileAtomically(path, heading + stringify(config, {lineWidth: 120}))
}

/** `~/` at the start of a path means the person's home, as in a shell. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}

function withHomeFolders(config: CrateConfig): CrateConfig {
  return {
    ...config,
    music: config.music.map(expandHome),
    sources: config.sources.map(expandHome),
    targets: Object.fromEntries(Object.entries(config.targets).map(([id, path]) => [id, expandHome(path)])),
    downloads: {
      ...config.downloads,
      folder: config.downloads.folder === null ? null : expandHome(config.downloads.folder),
    },
  }
}

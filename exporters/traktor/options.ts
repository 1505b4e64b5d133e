// What a person can ask of the exporter with --option name=value.
import {CrateError} from '../../src/core/errors.js'
import {MAC_BOOT_VOLUME} from './location.js'

/**
 * Who wins where an entry of Traktor's has something already. `merge`: what a person made in crate or in another
 * program takes the place of what it collides with, all else of Traktor's stays; `replace`: crate's alone stands;
 * `keep`: only gaps are filled.
 */
export type MergeRule = 'merge' | 'replace' | 'keep'

export interface ExportOptions {
  /** Of a new file; one that is there keeps its own. */
  readonly version: 19 | 20
  /** As `locationFromPath` takes it. */
  readonly bootVolume: string
  readonly cues: MergeRule
  readonly grid: MergeRule
  readonly playlists: MergeRule
}

const RULES: readonly MergeRule[] = ['merge', 'replace', 'keep']

/** @throws USAGE for a name or value that is not known */
export function parseOptions(options: Readonly<Record<string, string>>): ExportOptions {
  const {
    version = '19',
    volume = MAC_BOOT_VOLUME,
    cues = 'merge',
    grid = 'merge',
    playlists = 'merge',
    ...rest
  } = options
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined)
    throw wrong(`no option "${unknown}"`, 'They are version, volume, cues, grid and playlists.')
  if (version !== '19' && version !== '20')
    throw wrong(
      `version ${version} cannot be written`,
      'Use version=19 (Traktor 2.11 and later) or version=20 (Traktor Pro 4).',
    )
  if (/[/:\\]/.test(volume))
    throw wrong(`"${volume}" is no name of a volume`, `Use volume=none or volume="${MAC_BOOT_VOLUME}".`)
  return {
    version: version === '19' ? 19 : 20,
    bootVolume: volume === 'none' ? '' : volume,
    cues: rule('cues', cues),
    grid: rule('grid', grid),
    playlists: rule('playlists', playlists),
  }
}

function rule(name: string, value: string): MergeRule {
  const found = RULES.find((candidate) => candidate === value)
  if (found === undefined) throw wrong(`${name}=${value} is not known`, `Use ${name}=${RULES.join(`, ${name}=`)}.`)
  return found
}

function wrong(message: string, hint: string): CrateError {
  return new CrateError('USAGE', `Traktor: ${message}`, {hints: [hint]})
}

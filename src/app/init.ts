// Writes the first config: music folders, DJ programs, where exports go.
import {existsSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join, resolve} from 'node:path'
import {expandHome, parseConfig, writeConfig} from '../adapters/config/config-file.js'
import {type FoundDjProgram, findDjPrograms} from '../adapters/programs/dj-programs.js'
import type {CrateConfig} from '../core/config.js'
import type {Environment} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import type {KeyNotation} from '../core/key.js'

export interface InitAnswers {
  readonly music: readonly string[]
  /** Format id → path. */
  readonly targets: Readonly<Record<string, string>>
  readonly keyNotation: KeyNotation
}

export interface InitSuggestions {
  readonly musicFolder: string | null
  readonly programs: readonly FoundDjProgram[]
}

export function suggestAnswers(home = homedir()): InitSuggestions {
  const musicFolder = join(home, 'Music')
  return {musicFolder: existsSync(musicFolder) ? musicFolder : null, programs: findDjPrograms(home)}
}

/** @throws FILE_EXISTS when there is a config already and `force` is not given */
export async function initConfig(
  {configFile}: Pick<Environment, 'configFile'>,
  answers: InitAnswers,
  {force}: {readonly force: boolean},
): Promise<{configFile: string; config: CrateConfig}> {
  if (existsSync(configFile) && !force)
    throw new CrateError('FILE_EXISTS', `${configFile} is there already`, {
      hints: ['Edit it, or replace it: crate init --force'],
      details: {configFile},
    })
  const music = answers.music.map((folder) => resolve(expandHome(folder)))
  const absent = music.find((folder) => !existsSync(folder) || !statSync(folder).isDirectory())
  if (absent !== undefined)
    throw new CrateError('FILE_NOT_FOUND', `the music folder ${absent} does not exist`, {
      hints: ['Check the path; a drive may not be plugged in.'],
    })
  const settings = {
    music,
    targets: Object.fromEntries(Object.entries(answers.targets).map(([id, path]) => [id, resolve(expandHome(path))])),
    keyNotation: answers.keyNotation,
  }
  await writeConfig(configFile, settings)
  return {configFile, config: await parseConfig(JSON.stringify(settings), configFile)}
}

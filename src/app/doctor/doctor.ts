// What works on this machine, and how to mend what does not.
import {homedir} from 'node:os'
import {readConfig} from '../../adapters/config/config-file.js'
import {findDjPrograms} from '../../adapters/programs/dj-programs.js'
import {
  FFMPEG,
  findProgram,
  installCommand,
  locate,
  type ProgramFacts,
  YT_DLP,
} from '../../adapters/programs/find-program.js'
import {ownYtDlp} from '../../adapters/ytdlp/own-copy.js'
import {ageWarning, describeVersion} from '../../adapters/ytdlp/program.js'
import {type CrateConfig, DEFAULT_CONFIG} from '../../core/config.js'
import type {Environment} from '../../core/environment.js'
import {crateErrorFrom} from '../../core/errors.js'
import {checkLibrary} from './check-library.js'
import {checkMidi, checkSerial} from './check-ports.js'

/** `off` means that crate works without it, with the named thing missing. */
export interface Check {
  readonly id: string
  readonly name: string
  readonly state: 'ok' | 'off' | 'broken'
  readonly text: string
  /** What to do, where something is to be done. */
  readonly hint: string | null
}

export async function examineMachine(environment: Environment): Promise<Check[]> {
  const {config, check: configCheck} = await checkConfig(environment)
  return [
    checkNode(),
    configCheck,
    await checkLibrary(environment),
    await checkDecoder(),
    await checkProgram(FFMPEG, config.tools.ffmpeg),
    await checkYtDlp(environment, config),
    await checkMidi(),
    await checkSerial(),
    ...checkDjPrograms(),
  ]
}

const OLDEST_NODE = [20, 19] as const

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  return {
    id: 'node',
    name: 'Node.js',
    state: isNewEnough ? 'ok' : 'broken',
    text: process.versions.node,
    hint: isNewEnough ? null : `Install Node.js ${OLDEST_NODE.join('.')} or newer.`,
  }
}

async function checkConfig({configFile}: Environment): Promise<{config: CrateConfig; check: Check}> {
  const base = {id: 'config', name: 'Config'}
  try {
    const config = await readConfig(configFile)
    const isDefault = config === DEFAULT_CONFIG
    return {
      config,
      check: {
        ...base,
        state: isDefault ? 'off' : 'ok',
        text: isDefault ? 'none yet' : configFile,
        hint: isDefault ? 'crate init writes one' : null,
      },
    }
  } catch (error) {
    const {message, hints} = crateErrorFrom(error)
    return {config: DEFAULT_CONFIG, check: {...base, state: 'broken', text: message, hint: hints[0] ?? null}}
  }
}

async function checkDecoder(): Promise<Check> {
  const base = {id: 'decoder', name: 'Audio decoder'}
  try {
    const {loadWebAudio} = await import('../../adapters/audio/web-audio.js')
    loadWebAudio()
    return {...base, state: 'ok', text: 'WAV, AIFF, FLAC, MP3, Ogg, M4A', hint: null}
  } catch (error) {
    const {message, hints} = crateErrorFrom(error)
    return {...base, state: 'broken', text: message, hint: hints[0] ?? null}
  }
}

async function checkProgram(program: ProgramFacts, configured: string | null): Promise<Check> {
  const found = await findProgram(program, configured)
  const base = {id: program.name, name: program.name}
  if (found === null)
    return {...base, state: 'off', text: `not found: no ${program.neededFor}`, hint: installCommand(program)}
  if (found.version === null)
    return {...base, state: 'broken', text: `${found.path} does not answer`, hint: installCommand(program)}
  return {...base, state: 'ok', text: found.version.replace(/ Copyright.*$/, ''), hint: null}
}

/** Its version is a date: an old one is shown as such, because services change. */
async function checkYtDlp({dataFolder, nowMs}: Environment, {tools}: CrateConfig): Promise<Check> {
  const path = tools.ytDlp ?? (await locate(ownYtDlp(dataFolder)))
  const check = await checkProgram(YT_DLP, path)
  if (check.state !== 'ok') return {...check, hint: `${check.hint ?? ''}, or: crate doctor --install yt-dlp`}
  const {version, ageDays} = describeVersion(check.text, nowMs())
  const warning = ageWarning({version, ageDays})
  const age = ageDays === null ? '' : `, ${ageDays} days old`
  return {...check, text: `${check.text}${age}`, hint: warning === null ? null : 'crate doctor --install yt-dlp'}
}

function checkDjPrograms(): Check[] {
  const found = findDjPrograms(homedir())
  if (found.length === 0)
    return [
      {
        id: 'dj-software',
        name: 'DJ software',
        state: 'off',
        text: 'none found on this machine',
        hint: 'Export to a file: crate export rekordbox --to rekordbox.xml',
      },
    ]
  return found.map(({id, name, path}) => ({id, name, state: 'ok', text: path, hint: null}))
}

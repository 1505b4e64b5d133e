// The mapping of a night: a file that is read again when it changes, and what the flags add to it.
import {unwatchFile, watchFile} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {fileError} from '../../adapters/files/errors.js'
import {CrateError, crateErrorFrom} from '../../core/errors.js'
import {mappingFrom} from '../../live/mapping/parse.js'
import {type Mapping, mappingSchema} from '../../live/mapping/schema.js'

export interface MappingAdditions {
  /** `TYPE` or `TYPE:TARGET`. */
  readonly sensors: readonly string[]
  readonly outputs: readonly string[]
  readonly hasPhone: boolean
}

const WATCH_MS = 400

/** @throws CONFIG_INVALID naming lines, FILE_*; USAGE for additions of another form */
export async function loadMapping(path: string | null, additions: MappingAdditions): Promise<Mapping> {
  const base = path === null ? mappingSchema.parse({version: 1}) : mappingFrom(await textOf(path), path)
  const sensors: Record<string, unknown> = {...base.sensors}
  const outputs: Record<string, unknown> = {...base.outputs}
  for (const text of additions.sensors) {
    const {type, target} = parted(text)
    sensors[freeName(sensors, type)] = {type, ...(target !== '' && {target})}
  }
  const hasPhone = Object.values(base.sensors).some(({type}) => type === 'phone')
  if (additions.hasPhone && !hasPhone) sensors[freeName(sensors, 'phone')] = {type: 'phone'}
  for (const text of additions.outputs) {
    const {type, target} = parted(text)
    if (target === '')
      throw new CrateError('USAGE', `the output "${text}" has no target`, {
        hints: ['For example osc:127.0.0.1:9000, midi:virtual:crate, raw:/dev/ttyUSB0, rtp-midi:studio.local:5004'],
      })
    outputs[freeName(outputs, type)] = {type, target}
  }
  return mappingSchema.parse({...base, sensors, outputs})
}

/** Calls back with each sound version; a file with a fault leaves the old one in force. Returns how to stop. */
export function watchMapping(
  path: string,
  additions: MappingAdditions,
  events: {changed(mapping: Mapping): void; faulty(message: string): void},
): () => void {
  const reload = () => {
    loadMapping(path, additions).then(events.changed, (error: unknown) => {
      const {message, hints} = crateErrorFrom(error)
      events.faulty([`${message}; the old mapping stays`, ...hints].join('\n'))
    })
  }
  // Editors replace files in many ways; asking for the time of change sees them all.
  watchFile(path, {interval: WATCH_MS}, ({mtimeMs}, before) => {
    if (mtimeMs !== before.mtimeMs && mtimeMs !== 0) reload()
  })
  return () => unwatchFile(path)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw fileError(error, path, 'read')
  }
}

function parted(text: string): {type: string; target: string} {
  const colon = text.indexOf(':')
  return colon < 0 ? {type: text, target: ''} : {type: text.slice(0, colon), target: text.slice(colon + 1)}
}

function freeName(taken: Readonly<Record<string, unknown>>, type: string): string {
  let name = type
  for (let number = 2; Object.hasOwn(taken, name); number++) name = `${type}-${number}`
  return name
}

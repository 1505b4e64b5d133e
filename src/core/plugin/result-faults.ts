// What contributions hand back, checked before the library or a DJ program sees it.
import type {TrackAnalysis} from '../track.js'
import {isPlainObject, shown} from './kinds.js'

/** An importer's track: what is wrong with it, in the order of harm; empty for a sound one. */
export function importedTrackFaults(value: unknown): string[] {
  if (!isPlainObject(value)) return [`a track is ${shown(value)}`]
  const {ref, file, tags, cues, beatGrid, extras, playCount, ratingStars, colorRgb} = value
  const faults: string[] = []
  if (typeof ref !== 'string' || ref === '') faults.push(`ref is ${shown(ref)}, not a text`)
  if (!isPlainObject(file) || typeof file['path'] !== 'string' || file['path'] === '')
    return [...faults, 'file.path is missing']
  if (!isPlainObject(tags)) return [...faults, 'tags are missing']
  for (const name of ['durationMs', 'sampleRateHz', 'sizeBytes', 'channels', 'bitDepth', 'bitRateKbps'])
    if (!isNumberOrNull(file[name], 0)) faults.push(`file.${name} is ${shown(file[name])}, not a number or null`)
  for (const name of ['title', 'artist', 'album', 'genre', 'comment', 'key'])
    if (typeof tags[name] !== 'string' && tags[name] !== null)
      faults.push(`tags.${name} is ${shown(tags[name])}, not a text or null`)
  if (!isNumberOrNull(value['tempoBpm'], 1, 1000))
    faults.push(`tempoBpm is ${shown(value['tempoBpm'])}, not 1 to 1000 or null`)
  if (!isNumberOrNull(ratingStars, 0, 5)) faults.push(`ratingStars is ${shown(ratingStars)}, not 0 to 5 or null`)
  if (!isNumberOrNull(colorRgb, 0, 0xffffff)) faults.push(`colorRgb is ${shown(colorRgb)}, not 0 to 0xffffff or null`)
  if (!Number.isSafeInteger(playCount) || (playCount as number) < 0)
    faults.push(`playCount is ${shown(playCount)}, not a count`)
  if (!isPlainObject(extras)) faults.push('extras are missing')
  return [...faults, ...gridFaults(beatGrid), ...cueFaults(cues)]
}

const CUE_KINDS = ['hot', 'memory', 'fade-in', 'fade-out', 'load']

export function cueFaults(cues: unknown): string[] {
  if (!Array.isArray(cues)) return ['cues are not a list']
  const faults: string[] = []
  const pads = new Set<unknown>()
  for (const [index, cue] of cues.entries()) {
    const at = `cues[${index}]`
    if (!isPlainObject(cue)) {
      faults.push(`${at} is ${shown(cue)}`)
      continue
    }
    const {kind, slot, positionMs, lengthMs, name, colorRgb, origin} = cue
    if (!CUE_KINDS.includes(kind as string)) faults.push(`${at}.kind is ${shown(kind)}`)
    if (!isNumber(positionMs, -60_000)) faults.push(`${at}.positionMs is ${shown(positionMs)}, not milliseconds`)
    if (lengthMs !== null && !(isNumber(lengthMs, 0) && (lengthMs as number) > 0))
      faults.push(`${at}.lengthMs is ${shown(lengthMs)}, not above 0 or null`)
    if (slot !== null && !(Number.isSafeInteger(slot) && (slot as number) >= 0))
      faults.push(`${at}.slot is ${shown(slot)}`)
    if (slot !== null && pads.has(slot)) faults.push(`${at}: two cues stand on pad ${String(slot)}`)
    if (kind === 'hot' && slot === null) faults.push(`${at}: a hot cue stands on no pad`)
    if (typeof name !== 'string') faults.push(`${at}.name is ${shown(name)}, not a text`)
    if (!isNumberOrNull(colorRgb, 0, 0xffffff)) faults.push(`${at}.colorRgb is ${shown(colorRgb)}`)
    if (typeof origin !== 'string' || origin === '') faults.push(`${at}.origin is ${shown(origin)}`)
    if (slot !== null) pads.add(slot)
  }
  return faults
}

export function gridFaults(grid: unknown): string[] {
  if (!Array.isArray(grid)) return ['beatGrid is not a list']
  const faults: string[] = []
  let before = Number.NEGATIVE_INFINITY
  for (const [index, marker] of grid.entries()) {
    if (!isPlainObject(marker)) return [...faults, `beatGrid[${index}] is ${shown(marker)}`]
    const {positionMs, tempoBpm, beatInBar} = marker
    if (!isNumber(positionMs)) faults.push(`beatGrid[${index}].positionMs is ${shown(positionMs)}`)
    else if ((positionMs as number) < before) faults.push(`beatGrid[${index}] stands before the one that it follows`)
    else before = positionMs as number
    if (!isNumber(tempoBpm, 1, 1000)) faults.push(`beatGrid[${index}].tempoBpm is ${shown(tempoBpm)}, not 1 to 1000`)
    if (!isNumber(beatInBar, 1, 32)) faults.push(`beatGrid[${index}].beatInBar is ${shown(beatInBar)}, not 1 or more`)
  }
  return faults
}

/** Ranges of the single numbers of an analysis; null is allowed for each. */
const RANGES: Readonly<Partial<Record<keyof TrackAnalysis, readonly [number, number]>>> = {
  tempoBpm: [1, 1000],
  tempoConfidence: [0, 1],
  energy: [1, 10],
  loudnessLufs: [-200, 20],
  truePeakDb: [-200, 30],
  mixInMs: [0, 1e9],
  mixOutMs: [0, 1e9],
}

const LARGEST_EXTRA = 65_536

/** What an analyser returned. @param declared its `fields` */
export function analyzerResultFaults(value: unknown, declared: readonly string[]): string[] {
  if (!isPlainObject(value) || !isPlainObject(value['fields'])) return ['the result has no fields']
  const {fields, extra} = value
  const faults: string[] = []
  for (const [name, field] of Object.entries(fields as Readonly<Record<string, unknown>>)) {
    const range = RANGES[name as keyof TrackAnalysis]
    if (!declared.includes(name)) faults.push(`fields.${name} is not among its declared fields`)
    else if (range !== undefined && !isNumberOrNull(field, ...range))
      faults.push(`fields.${name} is ${shown(field)}, not ${range[0]} to ${range[1]} or null`)
    else if (name === 'beatGrid') faults.push(...gridFaults(field))
    else if (name === 'cues') faults.push(...cueFaults(field))
    else if (name === 'key') faults.push(...keyFaults(field))
    else if (name === 'isTempoVariable' && typeof field !== 'boolean')
      faults.push(`fields.${name} is not true or false`)
    else if ((name === 'sections' || name === 'tempoAlternativesBpm') && !Array.isArray(field))
      faults.push(`fields.${name} is not a list`)
  }
  if (extra === undefined) return faults
  const fault = jsonFault(extra)
  if (!isPlainObject(extra)) faults.push('extra is not an object')
  else if (fault !== null) faults.push(`extra${fault}`)
  else if (JSON.stringify(extra).length > LARGEST_EXTRA)
    faults.push(`extra is longer than ${LARGEST_EXTRA} characters of JSON`)
  return faults
}

const TONICS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B']

function keyFaults(value: unknown): string[] {
  if (value === null) return []
  if (!isPlainObject(value)) return [`fields.key is ${shown(value)}`]
  const isKey = TONICS.includes(value['tonic'] as string) && ['major', 'minor'].includes(value['mode'] as string)
  if (!isKey) return [`fields.key is ${shown(value['tonic'])} ${shown(value['mode'])}, no key`]
  return isNumber(value['confidence'], 0, 1) ? [] : ['fields.key.confidence is not 0 to 1']
}

/** Where a value does not survive JSON: the path to it and what it is; null where it does. */
export function jsonFault(value: unknown, depth = 0): string | null {
  if (depth > 50) return ' is nested deeper than 50 levels'
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number') return Number.isFinite(value) ? null : ` is ${value}, which JSON does not have`
  if (typeof value !== 'object') return ` is a ${typeof value}`
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  if (!Array.isArray(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value)))
    return ' is no plain object'
  for (const [name, member] of entries) {
    const fault = jsonFault(member, depth + 1)
    if (fault !== null) return `.${name}${fault}`
  }
  return null
}

/** What an exporter yielded. */
export function exportPieceFaults(value: unknown): string[] {
  if (!isPlainObject(value)) return [`a piece is ${shown(value)}`]
  const {kind, path, chunks, audioPath, set, subject, message} = value
  if (kind === 'warning')
    return typeof subject === 'string' && typeof message === 'string' ? [] : ['a warning has no subject or no message']
  if (kind === 'tags')
    return typeof audioPath === 'string' && Array.isArray(set)
      ? []
      : ['a piece of tags has no audioPath or no list to set']
  if (kind !== 'file') return [`a piece is of kind ${shown(kind)}, not file, tags or warning`]
  const faults: string[] = []
  if (typeof path !== 'string') faults.push(`path is ${shown(path)}, not a text`)
  else if (path.startsWith('/') || path.includes('\\') || path.includes('\0') || path.split('/').includes('..'))
    faults.push(`path ${shown(path)} leads outside of the target`)
  const isIterable =
    typeof chunks === 'object' && chunks !== null && (Symbol.iterator in chunks || Symbol.asyncIterator in chunks)
  if (!isIterable) faults.push('chunks cannot be iterated')
  return faults
}

export function chunkFault(value: unknown): string | null {
  return typeof value === 'string' || value instanceof Uint8Array
    ? null
    : `a chunk is ${shown(value)}, not a text or a Uint8Array`
}

function isNumber(value: unknown, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max
}

function isNumberOrNull(value: unknown, min?: number, max?: number): boolean {
  return value === null || isNumber(value, min, max)
}

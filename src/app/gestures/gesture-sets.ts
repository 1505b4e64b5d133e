// Trained gestures of a library: a folder for each set, with the takes that it was learnt from and what was learnt.
import {mkdir, readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {decodeRecording, encodeRecording, RECORDING_EXTENSION} from '../../../sensors/replay/codec.js'
import {writeFileAtomically} from '../../adapters/files/staged-write.js'
import {CrateError} from '../../core/errors.js'
import type {JsonValue} from '../../core/json.js'
import type {GestureTake, GestureWarning} from '../../core/lesson.js'
import type {MotionFrame} from '../../core/motion.js'
import type {GestureModel} from '../../host/live/protocol.js'

export type GestureKind = 'strokes' | 'oscillations'

export interface KeptGesture {
  readonly gesture: string
  readonly kind: GestureKind
  readonly takes: readonly (readonly MotionFrame[])[]
  /** Who made each take; null where nobody was named. */
  readonly performers: readonly (string | null)[]
}

export interface GestureSet {
  readonly name: string
  readonly gestures: readonly KeptGesture[]
  /** "Just dancing": nothing may fire in these. */
  readonly negatives: readonly (readonly MotionFrame[])[]
}

const NEGATIVES = '_dancing'
const MODEL_FILE = 'model.json'
const MODEL_VERSION = 1

function checkName(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N} .-]{0,63}$/u.test(name)) return name
  throw new CrateError('USAGE', `"${name}" cannot be the name of a gesture or set`, {
    hints: ['Use letters, digits, blanks, dots and dashes.'],
  })
}

function setFolder(libraryFolder: string, set: string): string {
  return join(libraryFolder, 'gestures', checkName(set))
}

export async function listSets(libraryFolder: string): Promise<string[]> {
  const entries = await readdir(join(libraryFolder, 'gestures'), {withFileTypes: true}).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({name}) => name)
    .sort()
}

export async function readSet(libraryFolder: string, name: string): Promise<GestureSet> {
  const folder = setFolder(libraryFolder, name)
  const files = await readdir(folder).catch(() => [] as string[])
  const gestures: KeptGesture[] = []
  let negatives: readonly (readonly MotionFrame[])[] = []
  for (const file of files.filter((entry) => entry.endsWith(RECORDING_EXTENSION)).sort()) {
    const {header, frames} = decodeRecording(await readFile(join(folder, file)))
    const takes = header.sensors.map(({id}) => frames.flatMap((item) => (item.sensor === id ? item.frame : [])))
    if (header.name === NEGATIVES) negatives = takes
    else {
      const kind = header.extra?.['kind'] === 'oscillations' ? 'oscillations' : 'strokes'
      const named = header.extra?.['performers']
      const performers = takes.map((_, index) => {
        const performer = Array.isArray(named) ? named[index] : null
        return typeof performer === 'string' ? performer : null
      })
      gestures.push({gesture: header.name, kind, takes, performers})
    }
  }
  return {name, gestures, negatives}
}

export interface NewTakes {
  /** Null for "just dancing". */
  readonly gesture: string | null
  readonly kind: GestureKind
  readonly takes: readonly (readonly MotionFrame[])[]
  /** Who made them; left out where only one person ever will. */
  readonly performer?: string | null
}

/** Keeps the takes of one gesture in place of those that the same performer made before; others' takes stay. */
export async function keepTakes(
  libraryFolder: string,
  set: string,
  {gesture, kind, takes: made, performer = null}: NewTakes,
  nowMs: number,
): Promise<void> {
  const folder = setFolder(libraryFolder, set)
  const name = gesture === null ? NEGATIVES : checkName(gesture)
  const before = (await readSet(libraryFolder, set)).gestures.find((other) => other.gesture === gesture)
  const others = (before?.kind === kind ? before.takes : []).flatMap((frames, index) => {
    const by = before?.performers[index] ?? null
    return by === performer ? [] : {frames, by}
  })
  const all = [...others, ...made.map((frames) => ({frames, by: performer}))]
  const takes = all.map(({frames}) => frames)
  const performers = all.map(({by}) => by)
  // Each take is a sensor of its own in the file: their times may overlap.
  const sensors = takes.map((_, index) => ({id: `take ${index + 1}`, device: '', profile: null}))
  const bytes = encodeRecording({
    header: {name, startedAt: new Date(nowMs).toISOString(), sensors, extra: {kind, performers}},
    frames: takes.flatMap((frames, index) => frames.map((frame) => ({sensor: `take ${index + 1}`, frame}))),
    events: [],
    lostBytes: 0,
  })
  await mkdir(folder, {recursive: true})
  await writeFileAtomically(join(folder, `${name}${RECORDING_EXTENSION}`), bytes)
}

/** @throws USAGE where there is no such gesture */
export async function deleteGesture(libraryFolder: string, set: string, gesture: string): Promise<void> {
  const known = await readSet(libraryFolder, set)
  if (!known.gestures.some((other) => other.gesture === gesture))
    throw new CrateError('USAGE', `there is no gesture "${gesture}" in the set ${set}`, {
      hints: [`There are: ${known.gestures.map((other) => other.gesture).join(', ') || 'none'}.`],
    })
  await rm(join(setFolder(libraryFolder, set), `${checkName(gesture)}${RECORDING_EXTENSION}`))
}

/** Learns the set anew from all its takes and keeps what was learnt. @throws USAGE for too few takes */
export async function trainSet(libraryFolder: string, name: string): Promise<readonly GestureWarning[]> {
  const set = await readSet(libraryFolder, name)
  const models: GestureModel[] = []
  const warnings: GestureWarning[] = []
  const {oscillationRecognizer, strokeRecognizer} = await import('../../live/gestures/recognizers.js')
  for (const [recognizer, teacher] of [
    ['strokes', strokeRecognizer],
    ['oscillations', oscillationRecognizer],
  ] as const) {
    const own = set.gestures.filter(({kind}) => kind === recognizer)
    if (own.length === 0) continue
    const takes = own.flatMap(({gesture, takes: list, performers}) =>
      list.map((frames, index): GestureTake => {
        const performer = performers[index] ?? null
        return performer === null ? {gesture, frames} : {gesture, frames, performer}
      }),
    )
    const trained = teacher.train({takes, negatives: set.negatives})
    models.push({set: name, recognizer, model: trained.model})
    warnings.push(...trained.warnings)
  }
  const path = join(setFolder(libraryFolder, name), MODEL_FILE)
  await writeFileAtomically(path, `${JSON.stringify({version: MODEL_VERSION, models})}\n`)
  return warnings
}

/** What was learnt, of all sets. @throws FORMAT_INVALID naming the file */
export async function loadModels(libraryFolder: string): Promise<GestureModel[]> {
  const models: GestureModel[] = []
  for (const set of await listSets(libraryFolder)) {
    const path = join(setFolder(libraryFolder, set), MODEL_FILE)
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text === null) continue
    try {
      const value = JSON.parse(text) as {version: number; models: {recognizer: string; model: JsonValue}[]}
      if (value.version !== MODEL_VERSION) throw new Error(`it is of version ${value.version}`)
      models.push(...value.models.map(({recognizer, model}) => ({set, recognizer, model})))
    } catch (error) {
      throw new CrateError('FORMAT_INVALID', `${path} cannot be read: ${(error as Error).message}`, {
        hints: [`Learn it again from its takes: crate gestures train --retrain --set ${set}`],
      })
    }
  }
  return models
}

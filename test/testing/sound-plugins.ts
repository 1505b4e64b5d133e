// A sound plugin of each kind, to be spoilt in one way after another, and what the kit needs to look deeper into them.
import type {
  CratePlugin,
  Exporter,
  ExporterContribution,
  Importer,
  ImporterContribution,
  Track,
} from '../../src/api/index.js'
import {CrateError} from '../../src/core/errors.js'
import type {KitSamples} from '../../src/testing/index.js'
import {bareTrack, fullTrack} from '../../src/testing/stage.js'

export type Loose = Record<string, unknown>

export const line = (track: Track) =>
  `${JSON.stringify([track.file.path, track.tags.title, track.tempoBpm, track.cues])}\n`

export const exportSoundly: Exporter['export'] = async function* ({library}, {signal}) {
  async function* chunks() {
    for await (const track of library.tracks()) {
      signal.throwIfAborted()
      yield line(track)
    }
  }
  yield {kind: 'file', path: '', chunks: chunks()}
}

export function exporter(run: Exporter['export'] = exportSoundly, more: Loose = {}): CratePlugin {
  const contribution: ExporterContribution = {
    id: 'lines',
    name: 'Lines',
    summary: 'One line for each track.',
    target: 'file',
    loses: ['playlists'],
    load: async () => ({export: run}),
  }
  return {exporters: [{...contribution, ...more} as ExporterContribution]}
}

export const importSoundly: Importer['import'] = async function* ({source}, {signal}) {
  signal.throwIfAborted()
  const bytes = await source.read('')
  if (bytes === null) throw new CrateError('FILE_NOT_FOUND', 'nothing is there')
  const refs: string[] = []
  for (const text of new TextDecoder().decode(bytes).split('\n')) {
    const track = soundTrack(text)
    if (track === null) continue
    if (refs.includes(track.ref)) continue
    refs.push(track.ref)
    yield {kind: 'track', track}
  }
  yield {kind: 'playlists', nodes: [{kind: 'list', name: 'All', tracks: refs}]}
}

export function soundTrack(text: string): (Track & {ref: string}) | null {
  try {
    const [path, title, tempoBpm, cues] = JSON.parse(text) as [string, string | null, number | null, Track['cues']]
    if (typeof path !== 'string' || path === '' || (title !== null && typeof title !== 'string')) return null
    const tempo = tempoBpm !== null && tempoBpm >= 1 && tempoBpm <= 1000 ? tempoBpm : null
    const bare = bareTrack('x', path)
    const known = cues.every(
      ({positionMs, slot, name, origin, kind, lengthMs}) =>
        Number.isFinite(positionMs) &&
        Math.abs(positionMs) < 1e7 &&
        typeof name === 'string' &&
        origin === 'user' &&
        ['hot', 'memory'].includes(kind) &&
        (kind === 'memory' || Number.isInteger(slot)) &&
        (lengthMs === null || lengthMs > 0),
    )
    const pads = cues.flatMap(({slot}) => (slot === null ? [] : [slot]))
    const isSound =
      known &&
      new Set(pads).size === pads.length &&
      pads.every((pad) => Number.isInteger(pad) && pad >= 0) &&
      cues.every(({colorRgb}) => colorRgb === null || (colorRgb >= 0 && colorRgb <= 0xffffff))
    return {...bare, ref: path, tags: {...bare.tags, title}, tempoBpm: tempo, cues: isSound ? cues : []}
  } catch {
    return null
  }
}

export function importer(run: Importer['import'] = importSoundly, withExporter = false): CratePlugin {
  const contribution: ImporterContribution = {
    id: 'lines',
    name: 'Lines',
    summary: 'One line for each track.',
    source: 'file',
    loses: ['grid'],
    load: async () => ({import: run}),
  }
  return {importers: [contribution], ...(withExporter ? exporter() : {})}
}

/** Hands on what the sound importer gives, each item changed. */
export function changed(change: (item: Loose & {kind: string}, index: number) => unknown): Importer['import'] {
  return async function* (request, context) {
    let index = 0
    for await (const item of importSoundly(request, context)) {
      const other = change(item as never, index++)
      if (other !== null) yield other as never
    }
  }
}

export const patched = (patch: Loose) =>
  changed((item) => (item.kind === 'track' ? {...item, track: {...(item['track'] as object), ...patch}} : item))

export type Analyze = (pcm: {sampleRateHz: number; channels: readonly Float32Array[]}, context: never) => unknown
export function analyzer(
  analyze: Analyze = (pcm) => ({fields: {}, extra: {peak: peakOf(pcm)}}),
  more: Loose = {},
): CratePlugin {
  const contribution = {
    id: 'peak',
    summary: 'The peak.',
    version: 1,
    fields: [],
    load: async () => ({analyze}),
    ...more,
  }
  return {analyzers: [contribution]} as unknown as CratePlugin
}
export const peakOf = ({channels}: {channels: readonly Float32Array[]}) =>
  channels.reduce((peak, channel) => channel.reduce((best, value) => Math.max(best, Math.abs(value)), peak), 0)

/** Two bytes a packet: 0xAA, then g in eighths. */
export class SoundDecoder {
  held = false
  accepted = 0
  skippedBytes = 0
  decode(bytes: Uint8Array): unknown[] {
    const items: unknown[] = []
    for (const byte of bytes) {
      if (this.held) {
        items.push({kind: 'motion', device: '', acceleration: {value: [0, 0, byte / 8], unit: 'g'}})
        this.held = false
        this.accepted++
      } else if (byte === 0xaa) this.held = true
      else this.skippedBytes++
    }
    return items
  }
  reset() {
    this.held = false
  }
  counts() {
    return {accepted: this.accepted, malformed: 0, skippedBytes: this.skippedBytes, unknown: 0}
  }
}
export function sensor(
  create: (settings: {profile: string | null}) => unknown = () => new SoundDecoder(),
  more: Loose = {},
): CratePlugin {
  const createDecoder = (settings: {profile: string | null}) => {
    if (settings.profile !== null && settings.profile !== 'one')
      throw new CrateError('CONFIG_INVALID', 'there is no such profile')
    return create(settings)
  }
  const contribution = {
    id: 'two-bytes',
    summary: 'Two bytes.',
    transport: 'serial',
    profiles: [{id: 'one', name: 'One'}],
    load: async () => ({createDecoder}),
    ...more,
  }
  return {sensors: [contribution]} as unknown as CratePlugin
}
export class Changed extends SoundDecoder {
  readonly change: (items: unknown[], bytes: Uint8Array, self: SoundDecoder) => unknown[]
  constructor(change: Changed['change']) {
    super()
    this.change = change
  }
  override decode(bytes: Uint8Array): unknown[] {
    return this.change(super.decode(bytes), bytes, this)
  }
}

export const frames = Array.from({length: 50}, (_, index) => ({
  atMs: index * 10,
  acceleration: [0, 0, 9.8],
  gravity: null,
  rotation: null,
  orientation: null,
}))
export const lesson = {takes: [1, 2, 3].map(() => ({gesture: 'push', frames})), negatives: []}
export const pushes =
  (more: Loose = {}) =>
  (frame: {atMs: number}) =>
    frame.atMs % 100 === 0
      ? [
          {
            kind: 'stroke',
            gesture: 'push',
            atMs: frame.atMs,
            startMs: frame.atMs,
            confidence: 0.8,
            rateHz: null,
            ...more,
          },
        ]
      : []
export function gesture(body: Loose = {}): CratePlugin {
  const sound = {
    train: ({takes}: {takes: unknown[]}) => {
      if (takes.length === 0) throw new CrateError('USAGE', 'there are no takes')
      return {model: {own: true}, warnings: []}
    },
    start: (model: {own?: boolean}) => {
      if (model.own !== true) throw new CrateError('FORMAT_INVALID', 'a foreign model')
      return {push: pushes(), reset: () => []}
    },
  }
  return {
    gestures: [
      {id: 'ten', summary: 'Every tenth frame.', recognizes: 'strokes', load: async () => ({...sound, ...body})},
    ],
  } as unknown as CratePlugin
}
export const startWith = (push: unknown) => ({
  start: (model: {own?: boolean}) => {
    if (model.own !== true) throw new CrateError('FORMAT_INVALID', 'a foreign model')
    return {push, reset: () => []}
  },
})

export function output(port: Loose = {}, body: Loose = {}): CratePlugin {
  const open = async (target: string) => {
    if (target !== 'here') throw new CrateError('DEVICE_MISSING', 'there is no such port')
    let isClosed = false
    return {
      send: () => !isClosed,
      close: async () => {
        isClosed = true
      },
      ...port,
    }
  }
  return {
    outputs: [
      {
        id: 'out',
        summary: 'Out.',
        carries: ['midi'],
        maxMessagesPerSecond: null,
        load: async () => ({targets: async () => [{id: 'here', name: 'Here'}], open, ...body}),
      },
    ],
  } as unknown as CratePlugin
}

export function source(
  list: (target: string, context: {signal: AbortSignal}) => AsyncIterable<unknown>,
  takes: (text: string) => unknown = (text) => text.startsWith('kit:'),
): CratePlugin {
  return {sources: [{id: 'kit', summary: 'A list.', takes, load: async () => ({list})}]} as unknown as CratePlugin
}
export const soundList = async function* (_target: string, {signal}: {signal: AbortSignal}) {
  signal.throwIfAborted()
  yield {kind: 'link', link: 'https://example.org/a', about: {}}
}

export const file = [fullTrack('a'), fullTrack('b'), fullTrack('c')].map(line).join('')
export const samples: KitSamples = {
  importers: {lines: {'': file}},
  sensors: {'two-bytes': {packets: [Uint8Array.of(0xaa, 8), Uint8Array.of(0xaa, 3)], profile: 'one'}},
  gestures: {ten: lesson as never},
  outputs: {out: 'here'},
  sources: {kit: 'kit:list'},
}

// The kit earns its keep: a sound plugin passes, and each of many planted faults is found by the rule that names it.
import {describe, expect, it} from 'vitest'
import type {
  CratePlugin,
  Exporter,
  ExporterContribution,
  Importer,
  ImporterContribution,
  Track,
} from '../../src/api/index.js'
import {CrateError} from '../../src/core/errors.js'
import {findingsOf, type KitSamples, rulesFor} from '../../src/testing/index.js'
import {bareTrack, fullTrack} from '../../src/testing/stage.js'

type Loose = Record<string, unknown>

const line = (track: Track) => `${JSON.stringify([track.file.path, track.tags.title, track.tempoBpm, track.cues])}\n`

const exportSoundly: Exporter['export'] = async function* ({library}, {signal}) {
  async function* chunks() {
    for await (const track of library.tracks()) {
      signal.throwIfAborted()
      yield line(track)
    }
  }
  yield {kind: 'file', path: '', chunks: chunks()}
}

function exporter(run: Exporter['export'] = exportSoundly, more: Loose = {}): CratePlugin {
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

const importSoundly: Importer['import'] = async function* ({source}, {signal}) {
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

function soundTrack(text: string): (Track & {ref: string}) | null {
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

function importer(run: Importer['import'] = importSoundly, withExporter = false): CratePlugin {
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
function changed(change: (item: Loose & {kind: string}, index: number) => unknown): Importer['import'] {
  return async function* (request, context) {
    let index = 0
    for await (const item of importSoundly(request, context)) {
      const other = change(item as never, index++)
      if (other !== null) yield other as never
    }
  }
}

const patched = (patch: Loose) =>
  changed((item) => (item.kind === 'track' ? {...item, track: {...(item['track'] as object), ...patch}} : item))

type Analyze = (pcm: {sampleRateHz: number; channels: readonly Float32Array[]}, context: never) => unknown
function analyzer(
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
const peakOf = ({channels}: {channels: readonly Float32Array[]}) =>
  channels.reduce((peak, channel) => channel.reduce((best, value) => Math.max(best, Math.abs(value)), peak), 0)

/** Two bytes a packet: 0xAA, then g in eighths. */
class SoundDecoder {
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
function sensor(
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
class Changed extends SoundDecoder {
  readonly change: (items: unknown[], bytes: Uint8Array, self: SoundDecoder) => unknown[]
  constructor(change: Changed['change']) {
    super()
    this.change = change
  }
  override decode(bytes: Uint8Array): unknown[] {
    return this.change(super.decode(bytes), bytes, this)
  }
}

const frames = Array.from({length: 50}, (_, index) => ({
  atMs: index * 10,
  acceleration: [0, 0, 9.8],
  gravity: null,
  rotation: null,
  orientation: null,
}))
const lesson = {takes: [1, 2, 3].map(() => ({gesture: 'push', frames})), negatives: []}
const pushes =
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
function gesture(body: Loose = {}): CratePlugin {
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
const startWith = (push: unknown) => ({
  start: (model: {own?: boolean}) => {
    if (model.own !== true) throw new CrateError('FORMAT_INVALID', 'a foreign model')
    return {push, reset: () => []}
  },
})

function output(port: Loose = {}, body: Loose = {}): CratePlugin {
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

function source(
  list: (target: string, context: {signal: AbortSignal}) => AsyncIterable<unknown>,
  takes: (text: string) => unknown = (text) => text.startsWith('kit:'),
): CratePlugin {
  return {sources: [{id: 'kit', summary: 'A list.', takes, load: async () => ({list})}]} as unknown as CratePlugin
}
const soundList = async function* (_target: string, {signal}: {signal: AbortSignal}) {
  signal.throwIfAborted()
  yield {kind: 'link', link: 'https://example.org/a', about: {}}
}

const file = [fullTrack('a'), fullTrack('b'), fullTrack('c')].map(line).join('')
const samples: KitSamples = {
  importers: {lines: {'': file}},
  sensors: {'two-bytes': {packets: [Uint8Array.of(0xaa, 8), Uint8Array.of(0xaa, 3)], profile: 'one'}},
  gestures: {ten: lesson as never},
  outputs: {out: 'here'},
  sources: {kit: 'kit:list'},
}

async function brokenRules(plugin: CratePlugin): Promise<string[]> {
  return [...new Set((await findingsOf(plugin, samples)).map(({rule}) => rule))]
}

describe('the kit passes', () => {
  it.each([
    ['an exporter', exporter()],
    ['an importer', importer()],
    ['an importer with its exporter', importer(importSoundly, true)],
    ['an analyzer', analyzer()],
    ['a sensor', sensor()],
    ['a gesture recogniser', gesture()],
    ['an output', output()],
    ['a source', source(soundList)],
  ])('%s that keeps to the rules', async (_name, plugin) => {
    expect(await findingsOf(plugin, samples)).toEqual([])
    expect(rulesFor(plugin, samples).flatMap(({rules}) => rules).length).toBeGreaterThan(8)
  })
})

let calls = 0

/** Runs the sound export on another view of the library, or hands on other pieces. */
const piece = (more: Loose) =>
  async function* () {
    yield {kind: 'file', path: '', chunks: ['x'], ...more} as never
  }
const perTrack = (work: (track: Track) => unknown): Exporter['export'] =>
  async function* ({library}, {signal}) {
    async function* chunks() {
      for await (const track of library.tracks()) {
        signal.throwIfAborted()
        yield String(work(track))
      }
    }
    yield {kind: 'file', path: '', chunks: chunks()}
  }

const MUTANTS: [string, string, CratePlugin][] = [
  ['shape', 'has an id with blanks', exporter(exportSoundly, {id: 'My Lines'})],
  ['shape', 'has a summary of two lines', exporter(exportSoundly, {summary: 'a\nb'})],
  ['shape', 'names a target that there is not', exporter(exportSoundly, {target: 'cloud'})],
  [
    'settings',
    'declares a default of another type',
    exporter(exportSoundly, {settings: {depth: {type: 'number', summary: 'Depth.', default: 'deep'}}}),
  ],
  ['methods', 'has a body without export()', exporter(exportSoundly, {load: async () => ({})})],
  ['unique-id', 'has two of one id', {exporters: [...(exporter().exporters ?? []), ...(exporter().exporters ?? [])]}],
  ['export-pieces', 'leads outside of the target', exporter(piece({path: '../x'}))],
  ['export-pieces', 'yields a number as text', exporter(piece({chunks: [42]}))],
  [
    'export-pieces',
    'yields a path twice',
    exporter(async function* (...args) {
      yield* exportSoundly(...args)
      yield* exportSoundly(...args)
    }),
  ],
  ['export-pieces', 'yields a kind that there is not', exporter(piece({kind: 'fiel'}))],
  [
    'export-target',
    'asks for files elsewhere',
    exporter(async function* (request, context) {
      await request.target.read('../secret').catch(() => null)
      yield* exportSoundly(request, context)
    }),
  ],
  ['export-file-name', 'names a file where the target is one', exporter(piece({path: 'a.txt'}))],
  ['export-determinism', 'writes a random number', exporter(perTrack(() => Math.random()))],
  ['export-clock', 'writes the time of the machine', exporter(perTrack(() => new Date().toISOString().slice(0, 10)))],
  [
    'export-no-mutation',
    'sorts the cues in place',
    exporter(
      perTrack((track) => (track.cues as Track['cues'][number][]).sort((a, b) => b.positionMs - a.positionMs).length),
    ),
  ],
  [
    'export-no-tags',
    'writes into audio files unasked',
    exporter(async function* (request, context) {
      yield* exportSoundly(request, context)
      yield {kind: 'tags', audioPath: '/music/a.flac', set: []}
    }),
  ],
  [
    'export-empty',
    'needs a first track',
    exporter(async function* (request, context) {
      for await (const track of request.library.tracks()) {
        void track
        yield* exportSoundly(request, context)
        return
      }
      throw new TypeError('no first track')
    }),
  ],
  ['export-bare', 'needs a title', exporter(perTrack((track) => (track.tags.title as string).length))],
  [
    'export-hard-texts',
    'encodes titles as a link',
    exporter(perTrack((track) => encodeURIComponent(track.tags.title ?? ''))),
  ],
  [
    'export-many-cues',
    'has sixteen pads and four marks',
    exporter(
      perTrack((track) =>
        track.cues.map((_, index) => {
          if (index > 20) throw new RangeError('too many')
          return index
        }),
      ),
    ),
  ],
  [
    'export-strange-playlists',
    'needs playlists with tracks',
    exporter(async function* (request, context) {
      for (const node of request.library.playlists())
        if (node.kind === 'list' && node.tracks[0] === undefined) throw new TypeError('no first track')
      yield* exportSoundly(request, context)
    }),
  ],
  [
    'export-large',
    'holds at most 5,000 tracks',
    exporter(async function* (request, context) {
      if (request.library.trackCount > 5000 && request.library.trackCount < 1e6) throw new RangeError('too many')
      yield* exportSoundly(request, context)
    }),
  ],
  [
    'export-abort',
    'gathers everything and hears nothing',
    exporter(async function* ({library}) {
      let all = ''
      for await (const track of library.tracks()) all += track.id
      yield {kind: 'file', path: '', chunks: [all]}
    }),
  ],
  [
    'export-quiet',
    'prints',
    exporter(async function* (request, context) {
      process.stdout.write('done\n')
      yield* exportSoundly(request, context)
    }),
  ],
  ['export-loses', 'declares a loss of its own', exporter(exportSoundly, {loses: ['everything']})],
  [
    'export-foreign-target',
    'trusts what is at the target',
    exporter(async function* (request, context) {
      const there = await request.target.read('')
      if (there !== null) JSON.parse(new TextDecoder().decode(there))
      yield* exportSoundly(request, context)
    }),
  ],
  [
    'import-noise',
    'trusts the file',
    importer(async function* (request, context) {
      if ((await request.source.read('noise.bin')) !== null) throw new TypeError('x is undefined')
      yield* importSoundly(request, context)
    }),
  ],
  [
    'import-empty',
    'needs a first byte',
    importer(async function* (request, context) {
      if ((await request.source.read(''))?.length === 0) throw new TypeError('x is undefined')
      yield* importSoundly(request, context)
    }),
  ],
  [
    'import-absent',
    'needs the file',
    importer(async function* (request, context) {
      if ((await request.source.read('')) === null) throw new TypeError('null has no length')
      yield* importSoundly(request, context)
    }),
  ],
  [
    'import-quiet',
    'prints',
    importer(
      changed((item) => {
        process.stdout.write('.')
        return item
      }),
    ),
  ],
  ['import-tracks', 'gives the tempo as a text', importer(patched({tempoBpm: '128'}))],
  ['import-tracks', 'gives a rating of 255', importer(patched({ratingStars: 255}))],
  [
    'import-tracks',
    'gives positions that are no numbers',
    importer(patched({beatGrid: [{positionMs: Number.NaN, tempoBpm: 128, beatInBar: 1}]})),
  ],
  [
    'import-something',
    'reads nothing',
    importer(async function* () {
      yield {kind: 'playlists', nodes: []}
    }),
  ],
  ['import-refs', 'names tracks alike', importer(patched({ref: 'same'}))],
  [
    'import-playlists',
    'names tracks that are not there',
    importer(
      changed((item) =>
        item.kind === 'playlists' ? {...item, nodes: [{kind: 'list', name: 'A', tracks: ['nobody']}]} : item,
      ),
    ),
  ],
  [
    'import-playlists',
    'brings the playlists first',
    importer(async function* (...args) {
      yield {kind: 'playlists', nodes: []}
      yield* changed((item) => (item.kind === 'playlists' ? null : item))(...args)
    }),
  ],
  [
    'import-determinism',
    'counts across runs',
    importer(
      changed((item) =>
        item.kind === 'track' ? {...item, track: {...(item['track'] as object), playCount: calls++}} : item,
      ),
    ),
  ],
  [
    'import-clock',
    'dates by the machine',
    importer(
      changed((item) =>
        item.kind === 'track'
          ? {...item, track: {...(item['track'] as object), addedAt: new Date().toISOString().slice(0, 10)}}
          : item,
      ),
    ),
  ],
  [
    'import-pieces',
    'takes each piece for whole lines',
    importer(async function* (request, context) {
      let count = 0
      for await (const chunk of request.source.stream('')) count += new TextDecoder().decode(chunk).split('\n').length
      yield* changed((item) =>
        item.kind === 'track' ? {...item, track: {...(item['track'] as object), playCount: count}} : item,
      )(request, context)
    }),
  ],
  [
    'import-truncation',
    'needs the last line end',
    importer(async function* (request, context) {
      const text = new TextDecoder().decode((await request.source.read('')) ?? undefined)
      if (text.includes('"') && !text.endsWith('\n')) throw new RangeError('offset is out of bounds')
      yield* importSoundly(request, context)
    }),
  ],
  [
    'import-damage',
    'gives what it reads without a look',
    importer(async function* (request, context) {
      const bytes = (await request.source.read('')) ?? new Uint8Array()
      const bad = new TextDecoder().decode(bytes).includes('\ufffd')
      yield* changed((item) =>
        bad && item.kind === 'track'
          ? {...item, track: {...(item['track'] as object), tempoBpm: Number.POSITIVE_INFINITY}}
          : item,
      )(request, context)
    }),
  ],
  [
    'import-abort',
    'goes on after it was stopped',
    importer(async function* (request, context) {
      if (context.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1500))
      yield* importSoundly(request, {...context, signal: new AbortController().signal})
    }),
  ],
  [
    'round-trip',
    'reads seconds for milliseconds',
    importer(
      changed((item) => {
        const track = item['track'] as Track | undefined
        return track === undefined
          ? item
          : {...item, track: {...track, cues: track.cues.map((cue) => ({...cue, positionMs: cue.positionMs / 1000}))}}
      }),
      true,
    ),
  ],
  ['analyze-result', 'returns what it did not declare', analyzer(() => ({fields: {energy: 5}}))],
  ['analyze-result', 'returns what is no JSON', analyzer(() => ({fields: {}, extra: {peak: Number.NaN}}))],
  ['analyze-version', 'has no version', analyzer(undefined, {version: 0})],
  ['analyze-determinism', 'guesses', analyzer(() => ({fields: {}, extra: {peak: Math.random()}}))],
  [
    'analyze-order',
    'remembers the loudest',
    (() => {
      let loudest = 0
      return analyzer((pcm) => {
        const tone = pcm.channels[0]?.slice(0, 1000).reduce((sum, value) => sum + value, 0) ?? 0
        const before = loudest
        loudest = tone
        return {fields: {}, extra: {before: pcm.sampleRateHz === 44_100 ? before : 0}}
      })
    })(),
  ],
  [
    'analyze-clock',
    'notes the day',
    analyzer(() => ({fields: {}, extra: {day: new Date().toISOString().slice(0, 10)}})),
  ],
  [
    'analyze-no-mutation',
    'normalises in place',
    analyzer((pcm) => {
      for (const channel of pcm.channels) for (let n = 0; n < channel.length; n++) channel[n] = (channel[n] ?? 0) * 2
      return {fields: {}}
    }),
  ],
  [
    'analyze-silence',
    'divides by the peak',
    analyzer((pcm) => ({fields: {}, extra: {gain: 1 / peakOf(pcm) === Number.POSITIVE_INFINITY ? Number.NaN : 1}})),
  ],
  [
    'analyze-short',
    'needs a second',
    analyzer((pcm) => {
      if ((pcm.channels[0]?.length ?? 0) < pcm.sampleRateHz) throw new RangeError('too short')
      return {fields: {}}
    }),
  ],
  [
    'analyze-mono',
    'needs two channels',
    analyzer((pcm) => {
      if (pcm.sampleRateHz === 44_100 && (pcm.channels[0]?.length ?? 0) === 529_200 && pcm.channels[1] === undefined)
        throw new TypeError('x is undefined')
      return {fields: {}}
    }),
  ],
  [
    'analyze-rates',
    'knows 44,100 Hz only',
    analyzer((pcm) => {
      if (pcm.sampleRateHz !== 44_100) throw new RangeError('rate')
      return {fields: {}}
    }),
  ],
  [
    'analyze-loud',
    'takes the arc sine of what clips',
    analyzer((pcm) => ({fields: {}, extra: {x: Math.sqrt(0.99 - peakOf(pcm))}})),
  ],
  [
    'analyze-quiet',
    'prints',
    analyzer(() => {
      process.stdout.write('peak\n')
      return {fields: {}}
    }),
  ],
  [
    'decode-noise',
    'throws at noise',
    sensor(
      () =>
        new Changed((items, bytes) => {
          if (bytes.length > 2) throw new RangeError('too long')
          return items
        }),
    ),
  ],
  [
    'decode-empty',
    'reads something in nothing',
    sensor(
      () =>
        new Changed((items, bytes) => (bytes.length === 0 ? [{kind: 'notice', device: '', message: 'hello'}] : items)),
    ),
  ],
  [
    'decode-counts',
    'counts nothing',
    sensor(() =>
      Object.assign(new SoundDecoder(), {counts: () => ({accepted: 0, malformed: 0, skippedBytes: 0, unknown: 0})}),
    ),
  ],
  [
    'decode-speed',
    'looks at all it ever had',
    sensor(() => {
      let kept = 0
      return new Changed((items, bytes) => {
        kept += bytes.length
        const untilMs = performance.now() + (kept > 100_000 ? 120 : 0)
        while (performance.now() < untilMs);
        return items
      })
    }),
  ],
  [
    'decode-wrong-profile',
    'takes any profile',
    {
      sensors: [{...sensor().sensors?.[0], load: async () => ({createDecoder: () => new SoundDecoder()})}],
    } as unknown as CratePlugin,
  ],
  ['decode-sample', 'reads nothing', sensor(() => new Changed(() => []))],
  [
    'decode-items',
    'gives numbers that are none',
    sensor(
      () =>
        new Changed((items) =>
          items.map(() => ({kind: 'motion', device: '', acceleration: {value: [0, 0, Number.NaN], unit: 'g'}})),
        ),
    ),
  ],
  [
    'decode-items',
    'gives a unit that there is not',
    sensor(
      () =>
        new Changed((items) =>
          items.map(() => ({kind: 'motion', device: '', acceleration: {value: [0, 0, 1], unit: 'mg'}})),
        ),
    ),
  ],
  [
    'decode-items',
    'gives controls of 0 to 127',
    sensor(
      () => new Changed((items) => items.map(() => ({kind: 'control', device: '', control: 'cc/1/7', value: 64}))),
    ),
  ],
  [
    'decode-replay',
    'dates by the machine',
    sensor(() => new Changed((items) => items.map((item) => ({...(item as object), sampledMs: Date.now()})))),
  ],
  [
    'decode-no-mutation',
    'writes into the bytes',
    sensor(
      () =>
        new Changed((items, bytes) => {
          if (bytes.length === 2) bytes.fill(0)
          return items
        }),
    ),
  ],
  [
    'decode-reused-buffer',
    'keeps the bytes',
    sensor(
      () =>
        new Changed((items, bytes) =>
          items.map((item) => ({
            ...(item as object),
            get sampledMs() {
              return bytes[0]
            },
          })),
        ),
    ),
  ],
  [
    'decode-reset',
    'forgets nothing on reset',
    sensor(() => Object.assign(new SoundDecoder(), {reset: () => undefined})),
  ],
  [
    'decode-pieces',
    'needs whole packets',
    sensor(() => new Changed((items, bytes) => (bytes.length === 1 ? [] : items))),
  ],
  [
    'decode-quiet',
    'prints',
    sensor(
      () =>
        new Changed((items) => {
          process.stdout.write('.')
          return items
        }),
    ),
  ],
  ['gesture-no-takes', 'learns from nothing', gesture({train: () => ({model: {own: true}, warnings: []})})],
  ['gesture-foreign-model', 'takes any model', gesture({start: () => ({push: pushes(), reset: () => []})})],
  [
    'gesture-model-json',
    'keeps a function in the model',
    gesture({
      train: ({takes}: {takes: unknown[]}) => {
        if (takes.length === 0) throw new CrateError('USAGE', 'no')
        return {model: {own: true, f: () => 1}, warnings: []}
      },
    }),
  ],
  [
    'gesture-replay',
    'fires by chance',
    gesture(startWith((frame: {atMs: number}) => pushes({confidence: Math.random()})(frame))),
  ],
  [
    'gesture-no-mutation',
    'writes into frames',
    gesture(
      startWith((frame: {atMs: number; seen?: boolean}) => {
        frame.seen = true
        return []
      }),
    ),
  ],
  ['gesture-events', 'is surer than sure', gesture(startWith(pushes({confidence: 1.5})))],
  ['gesture-events', 'fires what it never learnt', gesture(startWith(pushes({gesture: 'wave'})))],
  [
    'output-missing',
    'opens anything',
    output({}, {open: async () => ({send: () => false, close: async () => undefined})}),
  ],
  ['output-targets', 'lists targets without a name', output({}, {targets: async () => [{id: 'here'}]})],
  ['output-send', 'returns nothing', output({send: () => undefined})],
  [
    'output-send',
    'waits',
    output({
      send: () => {
        const untilMs = performance.now() + 60
        while (performance.now() < untilMs);
        return true
      },
    }),
  ],
  [
    'output-close',
    'cannot be closed twice',
    output(
      (() => {
        let isClosed = false
        return {
          close: async () => {
            if (isClosed) throw new TypeError('closed')
            isClosed = true
          },
        }
      })(),
    ),
  ],
  ['output-after-close', 'sends after it was closed', output({send: () => true})],
  ['source-takes', 'says nothing', source(soundList, () => undefined)],
  ['source-modest', 'takes everything', source(soundList, () => true)],
  [
    'source-items',
    'links to files',
    source(async function* (_target, {signal}) {
      signal.throwIfAborted()
      yield {kind: 'link', link: 'file:///etc/passwd', about: {}}
    }),
  ],
  [
    'source-something',
    'lists nothing',
    source(async function* (_target, {signal}) {
      signal.throwIfAborted()
      yield* []
    }),
  ],
  [
    'source-determinism',
    'lists by chance',
    source(async function* (_target, {signal}) {
      signal.throwIfAborted()
      yield {kind: 'link', link: `https://example.org/${Math.random()}`, about: {}}
    }),
  ],
  [
    'source-abort',
    'goes on after it was stopped',
    source(async function* () {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      yield {kind: 'link', link: 'https://example.org/a', about: {}}
    }),
  ],
]

describe('the kit catches', () => {
  it('more than thirty faults, one at least for each of its rules for these kinds', async () => {
    expect(MUTANTS.length).toBeGreaterThan(60)
    const all = [
      exporter(),
      importer(importSoundly, true),
      analyzer(),
      sensor(),
      gesture(),
      output(),
      source(soundList),
    ]
    const rules = new Set(
      all.flatMap((plugin) => rulesFor(plugin, samples)).flatMap(({rules: own}) => own.map(({id}) => id)),
    )
    const planted = new Set(MUTANTS.map(([id]) => id))
    expect([...rules].filter((id) => !planted.has(id))).toEqual(['plain', 'decode-profiles', 'output-carries'])
  })

  it.each(MUTANTS)('%s: one that %s', async (rule, _fault, plugin) => {
    expect(await brokenRules(plugin)).toContain(rule)
  })
})

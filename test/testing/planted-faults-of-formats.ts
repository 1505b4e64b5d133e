// Exporters, importers and analysers with one fault each, beside the rule of the kit that must find it.
import type {CratePlugin, Exporter, Track} from '../../src/api/index.js'
import {
  analyzer,
  changed,
  exporter,
  exportSoundly,
  importer,
  importSoundly,
  type Loose,
  patched,
  peakOf,
} from './sound-plugins.js'

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

export const FAULTS_OF_FORMATS: [string, string, CratePlugin][] = [
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
]

// Sensors, gestures, outputs and sources with one fault each, and faults that any kind may have, beside the rule that must
// find it.
import type {CratePlugin, Track} from '../../src/api/index.js'
import {CrateError} from '../../src/core/errors.js'
import {
  Changed,
  changed,
  exporter,
  exportSoundly,
  gesture,
  importer,
  output,
  pushes,
  SoundDecoder,
  sensor,
  soundList,
  source,
  startWith,
} from './sound-plugins.js'

export const FAULTS_OF_OTHERS: [string, string, CratePlugin][] = [
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

// What gesture recognisers, outputs and now-playing sources keep to.
import type {GestureContribution} from '../api/gesture.js'
import type {NowPlayingContribution} from '../api/now-playing.js'
import type {OutputContribution} from '../api/output.js'
import type {GestureLesson} from '../core/lesson.js'
import type {OutputMessage} from '../core/message.js'
import type {MotionFrame} from '../core/motion.js'
import {jsonFault} from '../core/plugin/result-faults.js'
import {nameOf, type Rule, rule, withinMs} from './finding.js'
import {deepFreeze, kitContext, withOtherClock} from './stage.js'

const OPEN_LIMIT_MS = 10_000

async function refusal(work: () => Promise<unknown>): Promise<string | null> {
  const outcome = await withinMs(
    OPEN_LIMIT_MS,
    work().then(
      () => 'is taken as if it were there',
      (error: unknown) => (error instanceof Error && error.name === 'CrateError' ? '' : `throws ${nameOf(error)}`),
    ),
  )
  return outcome === '' ? null : (outcome ?? `is not answered within ${OPEN_LIMIT_MS / 1000} s`)
}

export function gestureRules(contribution: GestureContribution, lesson: GestureLesson | null): readonly Rule[] {
  const free = [
    rule('gesture-no-takes', 'refuses to learn from nothing by a CrateError', async () => {
      const said = await refusal(async () => (await contribution.load()).train({takes: [], negatives: []}))
      return said === null ? [] : [`a lesson without takes ${said}`]
    }),
    rule('gesture-foreign-model', 'refuses a model that is not its own by a CrateError', async () => {
      const said = await refusal(async () => (await contribution.load()).start({foreign: true}))
      return said === null ? [] : [`a foreign model ${said}`]
    }),
  ]
  if (lesson === null) return free
  const frames = (): MotionFrame[] =>
    lesson.takes.flatMap(({frames: taken}) => taken).map((frame, index) => ({...frame, atMs: index * 10}))
  const replay = async () => {
    const recognizer = await contribution.load()
    const stream = recognizer.start(recognizer.train(lesson).model)
    return [...frames().flatMap((frame) => [...stream.push(frame)]), ...stream.reset()]
  }
  return [
    ...free,
    rule('gesture-model-json', 'learns a model that survives JSON', async () => {
      const fault = jsonFault((await contribution.load()).train(lesson).model)
      return fault === null ? [] : [`the model${fault}`]
    }),
    rule('gesture-replay', 'fires the same events for the same frames, at any time', async () => {
      const first = JSON.stringify(await replay())
      if (JSON.stringify(await replay()) !== first) return ['two streams differ over the same frames']
      return JSON.stringify(await withOtherClock(replay)) === first ? [] : ['the events follow the machine’s clock']
    }),
    rule('gesture-no-mutation', 'changes neither lesson nor frames', async () => {
      const recognizer = await contribution.load()
      const stream = recognizer.start(recognizer.train(deepFreeze(lesson)).model)
      for (const frame of frames()) stream.push(deepFreeze(frame))
      return []
    }),
    rule('gesture-events', 'fires events of its own gestures, with confidence 0 to 1, in order of time', async () => {
      const names = new Set(lesson.takes.map(({gesture}) => gesture))
      let before = Number.NEGATIVE_INFINITY
      return (await replay()).flatMap(({gesture, confidence, atMs}) => {
        const faults: string[] = []
        if (!names.has(gesture)) faults.push(`fires "${gesture}", which it never learnt`)
        if (!(confidence >= 0 && confidence <= 1)) faults.push(`confidence is ${confidence}`)
        if (atMs < before) faults.push(`an event at ${atMs} ms comes after one at ${before} ms`)
        before = Math.max(before, atMs)
        return faults
      })
    }),
  ]
}

const MESSAGES: readonly OutputMessage[] = [
  {kind: 'midi', bytes: [0x90, 60, 100]},
  {kind: 'osc', address: '/kit', args: [{type: 'f', value: 0.5}]},
  {kind: 'raw', bytes: Uint8Array.of(1, 2, 3)},
]

/** @param target one that can be opened in the test; null where none can */
export function outputRules(contribution: OutputContribution, target: string | null): readonly Rule[] {
  const open = async () =>
    (await contribution.load()).open(target ?? '', {lost: () => undefined}, kitContext(contribution.settings))
  const free = [
    rule('output-targets', 'lists what can be opened', async () => {
      const targets = await (await contribution.load()).targets(kitContext(contribution.settings))
      return targets.flatMap(({id, name}) =>
        typeof id === 'string' && typeof name === 'string' ? [] : ['a target has no id or no name'],
      )
    }),
    rule('output-missing', 'refuses a target that is not there by a CrateError', async () => {
      const said = await refusal(async () =>
        (await contribution.load())
          .open('no such \0 target', {lost: () => undefined}, kitContext(contribution.settings))
          .then((port) => port.close()),
      )
      return said === null ? [] : [`a target that is not there ${said}`]
    }),
    rule('output-carries', 'carries MIDI, OSC or raw bytes', () =>
      contribution.carries.filter((kind) => !['midi', 'osc', 'raw'].includes(kind)).map((kind) => `carries "${kind}"`),
    ),
  ]
  if (target === null) return free
  return [
    ...free,
    rule('output-send', 'takes each message that it carries at once', async () => {
      const port = await open()
      try {
        return MESSAGES.filter(({kind}) => contribution.carries.includes(kind)).flatMap((message) => {
          const startedMs = performance.now()
          const taken = port.send(message)
          const tookMs = performance.now() - startedMs
          if (typeof taken !== 'boolean') return [`send() returns ${String(taken)}, not true or false`]
          return tookMs > 20 ? [`send() waits ${tookMs.toFixed(0)} ms`] : []
        })
      } finally {
        await port.close()
      }
    }),
    rule('output-close', 'can be closed twice, and opened again', async () => {
      for (let round = 0; round < 2; round++) {
        const port = await open()
        if (
          (await withinMs(
            5000,
            port.close().then(() => true),
          )) === null
        )
          return ['close() does not end']
        await port.close()
      }
      return []
    }),
    rule('output-after-close', 'drops what is sent after it was closed', async () => {
      const port = await open()
      await port.close()
      const message = MESSAGES.find(({kind}) => contribution.carries.includes(kind))
      return message === undefined || port.send(message) === false ? [] : ['send() says true after close()']
    }),
  ]
}

/** @param target one that can be opened in the test; null where none can */
export function nowPlayingRules(contribution: NowPlayingContribution, target: string | null): readonly Rule[] {
  const open = async (where: string, emit: () => void) =>
    (await contribution.load()).open(where, {emit, lost: () => undefined}, kitContext(contribution.settings))
  const free = [
    rule('now-playing-missing', 'refuses a target that is not there by a CrateError', async () => {
      const said = await refusal(() =>
        open('/no/such/\0/place', () => undefined).then((connection) => connection.close()),
      )
      return said === null ? [] : [`a target that is not there ${said}`]
    }),
  ]
  if (target === null) return free
  return [
    ...free,
    rule('now-playing-close', 'can be closed twice, and says nothing afterwards', async () => {
      let isClosed = false
      let late = 0
      const connection = await open(target, () => {
        if (isClosed) late++
      })
      if (
        (await withinMs(
          5000,
          connection.close().then(() => true),
        )) === null
      )
        return ['close() does not end']
      isClosed = true
      await connection.close()
      await new Promise((resolve) => setTimeout(resolve, 300))
      return late === 0 ? [] : [`emits ${late} states after it was closed`]
    }),
  ]
}

// Accuracy and speed of the gesture recognisers on recordings of people, beside plain DTW nearest neighbour.
//
//   npx tsx bench/gestures/run.ts [--data DIR] [--only lines,grwd,handwaving,eaai] [--all] [--json]
//
// The recognisers were tuned on the first half of the subjects; the second half is what is reported. --all reports every
// subject found, for a folder of subjects that nobody has tuned on.
//
// How far to trust it: lines has one user, so nothing is held back there. For grwd the second half was looked at to find
// why takes fell apart (the arrival times in data.ts) and while kernels were compared, so it is not untouched. The spans
// of eaai are found by truth.ts with the recogniser's own curves and distance, and its careful sensitivity is picked from
// the sweep on the reported half. The plain peer is one simple setting, no tuned rival: for streams especially it is far
// too weak.
//
// A take of grwd begins with the two seconds that its reader had buffered: the end of the take before. Its name is right
// but where a gesture begins its row of ten: of those first takes 8 of 87 were told right by it, of the others 86 %. So
// one take in ten can be told by its last movement alone, which in the second half is short.
import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import type {MotionFrame} from '../../src/core/motion.js'
import {trimRest} from '../../src/live/gestures/activity.js'
import {cyclesOfTake} from '../../src/live/gestures/cycle.js'
import {type Curve, warpedDistance} from '../../src/live/gestures/dtw.js'
import {type EvaluatedStream, evaluateStreams} from '../../src/live/gestures/evaluate.js'
import {matchCycle, trainOscillations} from '../../src/live/gestures/oscillation-model.js'
import {strokeRecognizer} from '../../src/live/gestures/recognizers.js'
import {classifyTake} from '../../src/live/gestures/stroke-match.js'
import {strokeModelFromJson} from '../../src/live/gestures/stroke-model.js'
import {loadEaai, loadGrwd, loadHandwaving, loadLines, type Stream, type Take} from './data.js'
import {findSpans} from './truth.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const {values: flags} = parseArgs({
  options: {
    data: {type: 'string', default: join(root, '..', 'shared', 'live', 'gestures')},
    only: {type: 'string', default: 'lines,grwd,handwaving,eaai'},
    all: {type: 'boolean', default: false},
    json: {type: 'boolean', default: false},
  },
})
const ROUNDS = 6

interface Line {
  readonly what: string
  readonly value: number
  readonly peer: number | null
  /** Least value, or most where `isAtMost`; null where nothing was promised. */
  readonly gate: number | null
  readonly isAtMost?: boolean
  readonly unit: string
}
const lines: Line[] = []

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items]
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[result[index], result[other]] = [result[other] as Item, result[index] as Item]
  }
  return result
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** Tuned on the first half in numeric order, reported on the second. */
function reported(subjects: readonly string[]): string[] {
  const sorted = [...new Set(subjects)].sort((a, b) => Number(a) - Number(b))
  return flags.all || sorted.length < 2 ? sorted : sorted.slice(Math.floor(sorted.length / 2))
}

// The peer: 32 evenly resampled points of acceleration (g) and rotation (rad/s ÷ 5), band 5, nearest take.

const plainCurves = new WeakMap<readonly MotionFrame[], Curve>()
function plainCurve(frames: readonly MotionFrame[]): Curve {
  const known = plainCurves.get(frames)
  if (known) return known
  const values = new Float32Array(32 * 6)
  for (let point = 0; point < 32; point++) {
    const frame = frames[Math.round((point * (frames.length - 1)) / 31)] as MotionFrame
    for (let axis = 0; axis < 3; axis++) {
      values[point * 6 + axis] = (frame.acceleration[axis] as number) / 9.80665
      values[point * 6 + 3 + axis] = ((frame.rotation?.[axis] ?? 0) as number) / 5
    }
  }
  const curve = {points: 32, channels: 6, values}
  plainCurves.set(frames, curve)
  return curve
}

function nearestTake(frames: readonly MotionFrame[], takes: readonly Take[]): string {
  let [best, gesture] = [Number.POSITIVE_INFINITY, '']
  for (const take of takes) {
    const distance = warpedDistance(plainCurve(frames), plainCurve(take.frames), 5, best)
    if (distance < best) [best, gesture] = [distance, take.gesture]
  }
  return gesture
}

interface Score {
  right: number
  plainRight: number
  total: number
}

function scoreTakes(train: readonly Take[], test: readonly Take[], score: Score): void {
  const model = strokeModelFromJson(strokeRecognizer.train({takes: train, negatives: []}).model)
  for (const take of test) {
    score.total++
    if (classifyTake(model, take.frames)?.gesture === take.gesture) score.right++
    if (nearestTake(take.frames, train) === take.gesture) score.plainRight++
  }
}

/** Five takes of each gesture, drawn anew in each round; the rest of the same person's are told. */
function sameUser(takes: readonly Take[], subjects: readonly string[]): Score {
  const score = {right: 0, plainRight: 0, total: 0}
  for (const subject of subjects)
    for (let round = 0; round < ROUNDS; round++) {
      const random = seeded(round * 977 + Number(subject.replace(/\D/g, '') || 0))
      const groups = [
        ...groupBy(
          takes.filter((take) => take.subject === subject),
          ({gesture}) => gesture,
        ).values(),
      ]
      const mixed = groups.filter(({length}) => length > 5).map((group) => shuffled(group, random))
      scoreTakes(
        mixed.flatMap((group) => group.slice(0, 5)),
        mixed.flatMap((group) => group.slice(5)),
        score,
      )
    }
  return score
}

/** Per subject, with templates of all others; five takes of each gesture and person are as many as they would give. */
function unseenUsers(takes: readonly Take[], subjects: readonly string[]): Map<string, Score> {
  const scores = new Map<string, Score>()
  for (const subject of subjects) {
    const score = {right: 0, plainRight: 0, total: 0}
    const others = groupBy(
      takes.filter((take) => take.subject !== subject),
      (take) => `${take.subject} ${take.gesture}`,
    )
    const train = [...others.values()].flatMap((group) => shuffled(group, seeded(1)).slice(0, 6))
    scoreTakes(
      train.map((take) => ({...take, performer: take.subject})),
      takes.filter((take) => take.subject === subject),
      score,
    )
    scores.set(subject, score)
  }
  return scores
}

function add(what: string, {right, plainRight, total}: Score, gate: number): void {
  lines.push({what, value: (100 * right) / total, peer: (100 * plainRight) / total, gate, unit: '%'})
}

function total(scores: readonly Score[]): Score {
  return scores.reduce(
    (sum, score) => ({
      right: sum.right + score.right,
      plainRight: sum.plainRight + score.plainRight,
      total: sum.total + score.total,
    }),
    {right: 0, plainRight: 0, total: 0},
  )
}

function runLines(): void {
  const takes = loadLines(flags.data)
  add(`lines, 5 takes (${takes.length} takes)`, sameUser(takes, ['one']), 98)
}

function runGrwd(): void {
  const takes = loadGrwd(flags.data).filter(({frames}) => frames.length > 8)
  const subjects = reported(takes.map(({subject}) => subject))
  add(`grwd dirty, same user, 5 takes (subjects ${subjects.join(' ')})`, sameUser(takes, subjects), 88)
  const scores = unseenUsers(takes, subjects)
  add('grwd dirty, unseen users', total([...scores.values()]), 72)
  // Subject 7 wore the sensor the other way round: half a turn about the vertical, which was seen on this half. What is
  // made of it was chosen on the first half, turned round for the purpose; the figure without subject 7 owes it nothing.
  const odd = '7'
  if (scores.delete(odd)) add('  the same without subject 7, who wore it turned round', total([...scores.values()]), 72)
}

// Oscillations: five windows of a user's other recordings; every window of the recording held out is told.

function runHandwaving(): void {
  const takes = loadHandwaving(flags.data).filter(({subject}) => subject !== 'still')
  const subjects = reported(takes.map(({subject}) => subject))
  const same = {right: 0, plainRight: 0, total: 0}
  for (const subject of subjects) {
    const own = takes.filter((take) => take.subject === subject)
    for (const held of own) scoreHeld(own, held, same)
  }
  add(`handwaving, windows of held-out recordings (users ${subjects.join(' ')})`, same, 92)
}

function windowsOf(take: Take): Take[] {
  const windows: Take[] = []
  const endMs = take.frames.at(-1)?.atMs ?? 0
  for (let fromMs = take.frames[0]?.atMs ?? 0; fromMs + 2600 <= endMs; fromMs += 650) {
    const frames = take.frames.filter(({atMs}) => atMs >= fromMs && atMs <= fromMs + 2600)
    windows.push({...take, frames})
  }
  return windows
}

function scoreHeld(own: readonly Take[], held: Take, score: Score): void {
  const groups = groupBy(own.filter((take) => take !== held).flatMap(windowsOf), ({gesture}) => gesture)
  const train = [...groups.values()].flatMap((group) =>
    Array.from({length: 5}, (_, index) => group[Math.floor(((index + 0.5) * group.length) / 5)] as Take),
  )
  const {model} = trainOscillations({takes: train, negatives: []})
  for (const window of windowsOf(held)) {
    score.total++
    const [cycle] = cyclesOfTake(window.frames.length > 0 ? [...window.frames] : [], 1e6)
    const found = cycle ?? null
    if (found !== null && matchCycle(model, found).gesture === held.gesture) score.right++
    if (nearestTake(window.frames, train) === held.gesture) score.plainRight++
  }
}

// Spotting: five recordings of a person are cut into takes, the other recordings run through as they are.

function runEaai(): void {
  const {wrist, finger} = loadEaai(flags.data)
  const subjects = reported(finger.map(({subject}) => subject))
  const runs = subjects.map((subject) => prepareStreams(subject, finger, wrist))
  const sensitivities = [0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.6]
  const results = sensitivities.map((sensitivity) => {
    const streams = runs.flatMap(({model, test}) => test.map((item) => spot(model, item, sensitivity)))
    return {sensitivity, evaluation: evaluateStreams(streams), ...timing(streams)}
  })
  const standard = results.find(({sensitivity}) => sensitivity === 1)
  const careful = results
    .filter(({evaluation}) => (evaluation.falseAlarmsPerMinute ?? 1) <= 0.3)
    .sort((a, b) => (b.evaluation.recall ?? 0) - (a.evaluation.recall ?? 0))[0]
  const plain = evaluateStreams(runs.flatMap(({train, test}) => test.map((item) => spotPlainly(train, item))))
  if (!standard) return
  const names = subjects.join(' ')
  lines.push({
    what: `eaai spotting, F1 at sensitivity 1 (subjects ${names})`,
    value: standard.evaluation.f1 ?? 0,
    peer: plain.f1,
    gate: 0.88,
    unit: '',
  })
  lines.push({
    what: 'eaai recall at ≤ 0.3 false alarms/min',
    value: 100 * (careful?.evaluation.recall ?? 0),
    peer: null,
    gate: 75,
    unit: '%',
  })
  lines.push({
    what: `eaai false alarms/min there (sensitivity ${careful?.sensitivity ?? '–'})`,
    value: careful?.evaluation.falseAlarmsPerMinute ?? 99,
    peer: plain.falseAlarmsPerMinute,
    gate: 0.3,
    isAtMost: true,
    unit: '',
  })
  lines.push({
    what: 'spotter, mean processor time a frame',
    value: standard.meanMs,
    peer: null,
    gate: 1,
    isAtMost: true,
    unit: 'ms',
  })
  lines.push({
    what: 'spotter, 99th percentile of it',
    value: standard.p99Ms,
    peer: null,
    gate: 1,
    isAtMost: true,
    unit: 'ms',
  })
  lines.push({
    what: 'decision after the end of a movement, median',
    value: standard.evaluation.delayMs ?? 0,
    peer: plain.delayMs,
    gate: null,
    unit: 'ms',
  })
}

interface Marked {
  readonly stream: Stream
  readonly marks: readonly {gesture: string; startMs: number; endMs: number}[]
}

function prepareStreams(subject: string, finger: readonly Stream[], wrist: readonly Stream[]) {
  const indices = finger.map((_, index) => index).filter((index) => finger[index]?.subject === subject)
  indices.sort((a, b) => Number(finger[a]?.rep) - Number(finger[b]?.rep))
  const spans = findSpans(
    indices.map((index) => [finger[index] as Stream, wrist[index] as Stream]),
    9,
  )
  const marked = indices.map(
    (index, at): Marked => ({
      stream: finger[index] as Stream,
      marks: (spans[at] ?? []).map((span, number) => ({gesture: `gesture ${number + 1}`, ...span})),
    }),
  )
  const whole = marked.filter(({marks}) => marks.length === 9)
  const train = whole.slice(0, 5).flatMap(({stream, marks}) =>
    marks.map(({gesture, startMs, endMs}): Take => {
      const frames = stream.frames.filter(({atMs}) => atMs >= startMs - 50 && atMs <= endMs + 50)
      return {subject, gesture, rep: stream.rep, frames}
    }),
  )
  const {model} = strokeRecognizer.train({takes: train, negatives: []})
  return {train, model, test: whole.slice(5)}
}

type Timed = EvaluatedStream & {readonly timesMs: readonly number[]}

function spot(
  model: Parameters<typeof strokeRecognizer.start>[0],
  {stream, marks}: Marked,
  sensitivity: number,
): Timed {
  const spotter = strokeRecognizer.start(model, {sensitivity})
  const timesMs: number[] = []
  const events = stream.frames.flatMap((frame) => {
    // Of the processor, not of the clock: another program's turn is not the spotter's time.
    const before = process.cpuUsage()
    const found = spotter.push(frame)
    const {user, system} = process.cpuUsage(before)
    timesMs.push((user + system) / 1000)
    return [...found]
  })
  return {marks, events, durationMs: durationOf(stream), timesMs}
}

function durationOf({frames}: Stream): number {
  return (frames.at(-1)?.atMs ?? 0) - (frames[0]?.atMs ?? 0)
}

function timing(streams: readonly Timed[]) {
  const times = streams.flatMap(({timesMs}) => timesMs).sort((a, b) => a - b)
  return {
    meanMs: times.reduce((sum, time) => sum + time, 0) / times.length,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
  }
}

/** The peer for streams: a window as long as the usual take, every fifth frame, nearest take under one threshold. */
function spotPlainly(train: readonly Take[], {stream, marks}: Marked): EvaluatedStream {
  const lengths = train.map(({frames}) => trimRest(frames).length).sort((a, b) => a - b)
  const size = lengths[lengths.length >> 1] ?? 60
  const near = train.map((take) =>
    Math.min(
      ...train
        .filter((other) => other !== take && other.gesture === take.gesture)
        .map((other) => warpedDistance(plainCurve(take.frames), plainCurve(other.frames), 5)),
    ),
  )
  const threshold = near.sort((a, b) => a - b)[Math.floor(near.length * 0.75)] ?? 1
  const events: {kind: 'stroke'; gesture: string; atMs: number; startMs: number; confidence: number; rateHz: null}[] =
    []
  for (let end = size; end <= stream.frames.length; end += 5) {
    const frames = stream.frames.slice(end - size, end)
    const [startMs, atMs] = [frames[0]?.atMs ?? 0, frames.at(-1)?.atMs ?? 0]
    if (startMs < (events.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)) continue
    let [best, gesture] = [threshold, '']
    for (const take of train) {
      const distance = warpedDistance(plainCurve(frames), plainCurve(take.frames), 5, best)
      if (distance < best) [best, gesture] = [distance, take.gesture]
    }
    if (gesture !== '') events.push({kind: 'stroke', gesture, atMs, startMs, confidence: 0.5, rateHz: null})
  }
  return {marks, events, durationMs: durationOf(stream)}
}

const parts: Readonly<Record<string, () => void>> = {
  lines: runLines,
  grwd: runGrwd,
  handwaving: runHandwaving,
  eaai: runEaai,
}
for (const name of flags.only.split(',')) {
  const run = parts[name]
  if (!run) throw new Error(`there is no part "${name}": ${Object.keys(parts).join(', ')}`)
  if (existsSync(join(flags.data, name))) run()
  else console.error(`${name}: skipped, no recordings at ${join(flags.data, name)}`)
}

const isMet = ({value, gate, isAtMost}: Line) => gate === null || (isAtMost ? value <= gate : value >= gate)
if (flags.json) console.log(JSON.stringify(lines.map((line) => ({...line, isMet: isMet(line)}))))
else {
  console.log(`${'what'.padEnd(66)} ${'crate'.padStart(8)} ${'plain DTW'.padStart(10)} ${'ratio'.padStart(6)}   gate`)
  for (const line of lines) {
    const digits = line.unit === '%' ? 1 : 3
    const ratio = line.peer ? (line.value / line.peer).toFixed(2) : '–'
    const gate =
      line.gate === null
        ? ''
        : `${line.isAtMost ? '≤' : '≥'} ${line.gate}${line.unit && ` ${line.unit}`} ${isMet(line) ? 'met' : 'MISSED'}`
    console.log(
      `${line.what.padEnd(66)} ${line.value.toFixed(digits).padStart(8)} ${(line.peer?.toFixed(digits) ?? '–').padStart(10)} ${ratio.padStart(6)}   ${gate}`,
    )
  }
}
process.exitCode = lines.every(isMet) ? 0 : 1

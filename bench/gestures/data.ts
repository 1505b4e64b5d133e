// The gesture recordings as frames, fed through the same assembler as live sensors; dirty rows stay in.
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import type {MotionFrame} from '../../src/core/motion.js'
import type {MotionReading} from '../../src/core/reading.js'
import {FrameAssembler} from '../../src/live/frames/assembler.js'
import {quaternionFromDeviceAngles} from '../../src/live/signal/vector.js'

export interface Take {
  readonly subject: string
  readonly gesture: string
  readonly rep: string
  readonly frames: readonly MotionFrame[]
}

export interface Stream {
  readonly subject: string
  readonly rep: string
  readonly frames: readonly MotionFrame[]
}

function text(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

function rows(path: string): number[][] {
  return text(path)
    .split('\n')
    .map((line) => line.split(',').map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell))))
}

function framesOf(readings: Iterable<MotionReading & {readonly receivedMs: number}>): MotionFrame[] {
  const assembler = new FrameAssembler()
  return [...readings].flatMap((reading) => assembler.push(reading, reading.receivedMs) ?? [])
}

const triple = (row: readonly number[], at: number) => [row[at] ?? NaN, row[at + 1] ?? NaN, row[at + 2] ?? NaN] as const

/** Forearm sensor, raw counts; the device's clock is a column; rows arrive at the times of the longest run that rises. */
export function loadGrwd(folder: string): Take[] {
  return files(join(folder, 'grwd')).flatMap((path) => {
    const takes = new Map<string, {gesture: string; rep: string; readings: (MotionReading & {receivedMs: number})[]}>()
    for (const line of text(path).split('\n').slice(1)) {
      const [gesture, rep, ...cells] = line.split(',')
      if (gesture === undefined || rep === undefined) continue
      const values = cells.map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)))
      const key = `${gesture} ${rep}`
      const take = takes.get(key) ?? {gesture, rep, readings: []}
      takes.set(key, take)
      const [ax, ay, az] = triple(values, 1)
      take.readings.push({
        kind: 'motion',
        device: '',
        sampledMs: values[0] ?? Number.NaN,
        acceleration: {value: [ax / 16384, ay / 16384, az / 16384], unit: 'g'},
        rotation: {value: triple(values, 4).map((value) => value / 16.4) as [number, number, number], unit: '°/s'},
        receivedMs: 0,
      })
    }
    const subject = path.match(/subject_(\w+)\./)?.[1] ?? path
    return [...takes.values()].map(({gesture, rep, readings}) => {
      const arrivals = arrivalsFrom(readings.map((reading) => reading.sampledMs ?? Number.NaN))
      const arrived = readings.map((reading, index) => ({...reading, receivedMs: arrivals[index] ?? 0}))
      return {subject, gesture, rep, frames: framesOf(arrived)}
    })
  })
}

/** When rows came, told by the clock that most of them share: the longest rising subsequence; others came in between. */
function arrivalsFrom(clocks: readonly number[]): number[] {
  const tails: number[] = []
  const before = clocks.map(() => -1)
  for (const [index, clock] of clocks.entries()) {
    if (!Number.isFinite(clock)) continue
    let [low, high] = [0, tails.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((clocks[tails[middle] as number] as number) <= clock) low = middle + 1
      else high = middle
    }
    before[index] = tails[low - 1] ?? -1
    tails[low] = index
  }
  const chain = new Set<number>()
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] as number) chain.add(index)
  let receivedMs = clocks.find((_, index) => chain.has(index)) ?? 0
  return clocks.map((clock, index) => {
    if (chain.has(index)) receivedMs = clock
    return receivedMs
  })
}

/** Phone, acceleration in g and the browser's orientation angles. */
export function loadLines(folder: string): Take[] {
  return folders(join(folder, 'lines')).flatMap((gesture) =>
    files(join(folder, 'lines', gesture)).map((path) => ({
      subject: 'one',
      gesture,
      rep: path.match(/rep(\d+)/)?.[1] ?? path,
      frames: framesOf(
        rows(path)
          .slice(1)
          .filter((row) => row.length >= 8)
          .map((row) => ({
            kind: 'motion' as const,
            device: '',
            sampledMs: row[0] ?? Number.NaN,
            acceleration: {value: triple(row, 2), unit: 'g' as const},
            orientation: quaternionFromDeviceAngles(row[5] ?? NaN, row[6] ?? NaN, row[7] ?? NaN),
            receivedMs: row[0] ?? Number.NaN,
          })),
      ),
    })),
  )
}

/**
 * Wrist and finger sensors as two streams over one time line. Counts of a 10-bit converter, scaled by the ranges that
 * the readme names (±1.5 g, ±110 °/s) about the middle of the scale.
 */
export function loadEaai(folder: string): {readonly wrist: Stream[]; readonly finger: Stream[]} {
  const read = (first: number): Stream[] =>
    files(join(folder, 'eaai')).flatMap((path) => {
      const [, subject, rep] = path.match(/subject(\d+)_measurement(\d+)/) ?? []
      if (subject === undefined || rep === undefined) return []
      return {
        subject,
        rep,
        frames: framesOf(
          rows(path)
            .filter((row) => row.length >= 11)
            .map((row) => {
              const [ax, ay, az] = triple(row, first)
              const [gx, gz] = triple(row, first + 3)
              return {
                kind: 'motion' as const,
                device: '',
                sampledMs: row[10] ?? Number.NaN,
                acceleration: {value: [(ax - 338) / 164, (ay - 338) / 164, (az - 338) / 164], unit: 'g' as const},
                rotation: {value: [(gx - 280) * 3, 0, (gz - 280) * 3], unit: '°/s' as const},
                receivedMs: row[10] ?? Number.NaN,
              }
            }),
        ),
      }
    })
  return {wrist: read(0), finger: read(5)}
}

/** Phone in hand; no times are given, and the swings are those of 100 readings a second. */
export function loadHandwaving(folder: string): Take[] {
  return folders(join(folder, 'handwaving')).flatMap((gesture) =>
    files(join(folder, 'handwaving', gesture)).map((path) => {
      const {data} = JSON.parse(text(path)) as {data: [number, number, number][]}
      const [, user, rep] = path.match(/(\d)(\w)\.json(\.gz)?$/) ?? []
      return {
        subject: gesture === 'still' ? 'still' : (user ?? 'still'),
        gesture,
        rep: gesture === 'still' ? path : (rep ?? path),
        frames: framesOf(
          data.map((value, index) => ({
            kind: 'motion' as const,
            device: '',
            sampledMs: index * 10,
            acceleration: {value, unit: 'm/s²' as const},
            receivedMs: index * 10,
          })),
        ),
      }
    }),
  )
}

function files(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.(csv|json)(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

function folders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

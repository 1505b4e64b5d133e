// A recording in the place of a device: its frames at the pace at which they came, as of now.
import {readFile} from 'node:fs/promises'
import {decodeRecording} from '../../../sensors/replay/codec.js'
import {CrateError} from '../../core/errors.js'
import {FRAME_STEPS, type MotionFrame} from '../../core/motion.js'
import type {SensorPort} from './sensor-shells.js'

export interface ReplayEvents {
  frame(sensor: string, frame: MotionFrame): void
  control(sensor: string, control: string, value: number, atMs: number): void
  ended(sensor: string): void
  nowMs(): number
}

/** The recording's first sensor plays the first of the names, and so on. @throws FILE_NOT_FOUND, FORMAT_INVALID */
export async function playRecording(path: string, names: readonly string[], events: ReplayEvents): Promise<SensorPort> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new CrateError('FILE_NOT_FOUND', `the recording ${path} cannot be read: ${error.message}`, {
      hints: ['crate sensors list shows the recordings.'],
    })
  })
  const {header, frames, events: recorded} = decodeRecording(bytes)
  const nameOf = new Map(header.sensors.map(({id}, index) => [id, names[index]]))
  const controls = recorded.filter(({kind}) => kind === 'control')
  const startMs = Math.min(
    frames[0]?.frame.atMs ?? Number.POSITIVE_INFINITY,
    controls[0]?.atMs ?? Number.POSITIVE_INFINITY,
  )
  // On the grid of times, so that the frames stay exact.
  const shiftMs = Math.round((events.nowMs() - startMs) / FRAME_STEPS.timeMs) * FRAME_STEPS.timeMs
  let frame = 0
  let control = 0
  let isOver = false
  const timer = setInterval(() => {
    const untilMs = events.nowMs() - shiftMs
    while (true) {
      const nextFrame = frames[frame]
      const nextControl = controls[control]
      const frameMs = nextFrame?.frame.atMs ?? Number.POSITIVE_INFINITY
      const controlMs = nextControl?.atMs ?? Number.POSITIVE_INFINITY
      if (Math.min(frameMs, controlMs) > untilMs) break
      if (nextFrame !== undefined && frameMs <= controlMs) {
        frame++
        const name = nameOf.get(nextFrame.sensor)
        if (name !== undefined) events.frame(name, {...nextFrame.frame, atMs: frameMs + shiftMs})
      } else if (nextControl !== undefined) {
        control++
        const name = nameOf.get(String(nextControl.data?.['sensor'] ?? '')) ?? names[0]
        const value = Number(nextControl.data?.['value'] ?? 0)
        if (name !== undefined) events.control(name, nextControl.text, value, controlMs + shiftMs)
      } else break
    }
    if (frame < frames.length || control < controls.length || isOver) return
    isOver = true
    clearInterval(timer)
    for (const name of names) events.ended(name)
  }, 2)
  return {
    sensors: names,
    get state() {
      return isOver ? ('away' as const) : ('open' as const)
    },
    counts: () => ({accepted: frame, malformed: 0, skippedBytes: 0, unknown: 0, refused: 0}),
    close: async () => clearInterval(timer),
  }
}

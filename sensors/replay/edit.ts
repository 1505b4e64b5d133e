// What can be done with a recording: label spans as gestures and find them again, write it as CSV or JSON.
import type {JsonValue} from '../../src/core/json.js'
import type {RecordedEvent, Recording} from './codec.js'

/** A span that is labelled as a gesture: a mark whose data holds where it ends. */
export function labelEvent(gesture: string, startMs: number, endMs: number): RecordedEvent {
  return {kind: 'mark', atMs: startMs, text: gesture, data: {endMs}}
}

export interface LabelledSpan {
  readonly gesture: string
  readonly startMs: number
  readonly endMs: number
}

export function labelledSpans({events}: Recording): readonly LabelledSpan[] {
  return events.flatMap(({kind, text, atMs, data}) => {
    const endMs = data?.['endMs']
    return kind === 'mark' && typeof endMs === 'number' && endMs > atMs ? {gesture: text, startMs: atMs, endMs} : []
  })
}

const COLUMNS =
  'sensor,at_ms,acceleration_x,acceleration_y,acceleration_z,gravity_x,gravity_y,gravity_z,rotation_x,rotation_y,rotation_z,orientation_w,orientation_x,orientation_y,orientation_z'

/** One line a frame, m/s² and rad/s; empty cells where the sensor tells nothing. RFC 4180. */
export function* csvLines({frames}: Recording): Iterable<string> {
  yield COLUMNS
  for (const {sensor, frame} of frames) {
    const cells = [
      ...frame.acceleration,
      ...(frame.gravity ?? ['', '', '']),
      ...(frame.rotation ?? ['', '', '']),
      ...(frame.orientation ?? ['', '', '', '']),
    ]
    const name = /[",\r\n]/.test(sensor) ? `"${sensor.replaceAll('"', '""')}"` : sensor
    yield [name, frame.atMs, ...cells].join(',')
  }
}

export function recordingToJson({header, frames, events}: Recording): JsonValue {
  return JSON.parse(
    JSON.stringify({header, events, frames: frames.map(({sensor, frame}) => ({sensor, ...frame}))}),
  ) as JsonValue
}

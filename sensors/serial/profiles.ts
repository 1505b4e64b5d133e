// The boards that are known, and what the person declares about others.
import type {SensorProfile, SensorSettings} from '../../src/api/sensor.js'
import type {JsonValue} from '../../src/core/json.js'
import {type AccelerationUnit, type RotationUnit, UNKNOWN_UNITS, type Units} from '../common/roles.js'
import {layoutFromNames} from './columns.js'
import {CsvLines, type LineResult, readJson, readLabelled, readXImu3} from './lines.js'
import {type PacketReader, TeapotPackets, WitMotionPackets} from './packets.js'

export const SERIAL_PROFILES: readonly SensorProfile[] = [
  {id: 'witmotion', name: 'WitMotion WT901 and relatives', baudRate: 9600},
  {id: 'mpu-teapot', name: 'MPU6050 DMP (teapot)', baudRate: 115_200},
  {id: 'nano33', name: 'Arduino Nano 33 IMU sketch (CSV)', baudRate: 9600},
  {id: 'x-imu3', name: 'x-io x-IMU3', baudRate: 115_200},
  {id: 'bno055', name: 'BNO055/BNO085 sketches (CSV, JSON or labelled)', baudRate: 115_200},
  {id: 'csv', name: 'Any board that prints rows of numbers', baudRate: 115_200},
  {id: 'json', name: 'Any board that prints JSON lines', baudRate: 115_200},
  {id: 'labelled', name: 'Any board that prints "label: x= y= z="', baudRate: 115_200},
]

export interface LineProfile {
  line(text: string): LineResult
}

/** What the person says of a board: the columns of its rows in order, and the units where they are known. */
export interface SerialDeclaration {
  readonly columns?: readonly string[]
  readonly units?: Units
}

export function makeReader(
  profile: string,
  {columns, units = UNKNOWN_UNITS}: SerialDeclaration,
): PacketReader | LineProfile {
  const layout = columns ? layoutFromNames(columns) : null
  switch (profile) {
    case 'witmotion':
      return new WitMotionPackets()
    case 'mpu-teapot':
      return new TeapotPackets()
    case 'x-imu3':
      return {line: readXImu3}
    case 'json':
      return {line: (text) => readJson(text, units)}
    case 'labelled':
      return {line: (text) => readLabelled(text, units)}
    case 'nano33': {
      const csv = new CsvLines(layout ?? layoutFromNames(['ax', 'ay', 'az', 'gx', 'gy', 'gz']), {
        acceleration: 'g',
        rotation: '°/s',
      })
      return {line: (text) => csv.read(text)}
    }
    case 'bno055': {
      const csv = new CsvLines(layout, units)
      return {
        line: (text) =>
          text.trimStart().startsWith('{')
            ? readJson(text, units)
            : firstOf(readLabelled(text, units), () => csv.read(text)),
      }
    }
    default: {
      const csv = new CsvLines(layout, units)
      return {line: (text) => csv.read(text)}
    }
  }
}

function firstOf(found: LineResult, next: () => LineResult): LineResult {
  return found === 'unknown' ? next() : found
}

/** The declaration, or what is wrong with it in one sentence. */
export function parseSerialDeclaration(settings: SensorSettings): SerialDeclaration | string {
  const {profile, declared} = settings
  if (profile !== null && !SERIAL_PROFILES.some(({id}) => id === profile))
    return `there is no serial profile "${profile}": ${SERIAL_PROFILES.map(({id}) => id).join(', ')}`
  const columns = declared['columns']
  if (columns !== undefined && !isTextList(columns))
    return 'columns must be a list of names, as in [t_ms, ax, ay, az, gx, gy, gz]'
  if (isTextList(columns) && layoutFromNames(columns) === null)
    return `none of the columns ${columns.join(', ')} is one of motion: ax, ay, az, gx, gy, gz, qw, qx, qy, qz`
  const acceleration = declared['accelerationUnit'] ?? 'auto'
  const rotation = declared['rotationUnit'] ?? 'auto'
  if (!['m/s²', 'm/s2', 'g', 'auto'].includes(String(acceleration)))
    return `accelerationUnit is "${String(acceleration)}": use m/s², g or auto`
  if (!['rad/s', '°/s', 'deg/s', 'auto'].includes(String(rotation)))
    return `rotationUnit is "${String(rotation)}": use rad/s, deg/s or auto`
  const units: Units = {
    acceleration: (acceleration === 'm/s2' ? 'm/s²' : acceleration) as AccelerationUnit,
    rotation: (rotation === 'deg/s' ? '°/s' : rotation) as RotationUnit,
  }
  return {...(isTextList(columns) && {columns}), units}
}

function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

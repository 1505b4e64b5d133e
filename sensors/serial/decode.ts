// Bytes of a serial line (or of a datagram with the same text) → readings; finds the next whole packet after any noise.
import type {SensorDecoder, SensorSettings} from '../../src/api/sensor.js'
import type {SensorItem} from '../../src/core/reading.js'
import {Counter} from '../common/counts.js'
import type {Units} from '../common/roles.js'
import {CsvLines, type LineResult, readJson, readLabelled, readXImu3} from './lines.js'
import type {PacketReader} from './packets.js'
import {type LineProfile, makeReader, type SerialDeclaration} from './profiles.js'

/** Longer lines and packets are noise. */
const LONGEST_LINE = 1024
/** While the device is not known: enough for a few packets or lines of any profile. */
const LONGEST_SAMPLE = 512

export class SerialDecoder implements SensorDecoder {
  readonly #counter = new Counter()
  readonly #wanted: string | null
  readonly #declared: SerialDeclaration
  #reader: PacketReader | LineProfile | null = null
  #profile: string | null = null
  #rest: Uint8Array = new Uint8Array(0)
  #isFirstLine = true

  constructor(settings: Pick<SensorSettings, 'profile'>, declared: SerialDeclaration) {
    this.#wanted = settings.profile
    this.#declared = declared
    this.reset()
  }

  /** Id of the profile in use; null until enough was heard to know it. */
  get profile(): string | null {
    return this.#profile
  }

  decode(bytes: Uint8Array): readonly SensorItem[] {
    this.#rest = joined(this.#rest, bytes)
    if (this.#reader === null) {
      const profile = guessProfile(this.#rest, this.#rest.length >= LONGEST_SAMPLE)
      if (profile === null) {
        this.#drop(Math.max(0, this.#rest.length - LONGEST_SAMPLE))
        return []
      }
      this.#use(profile)
    }
    const reader = this.#reader
    if (reader === null) return []
    const items = 'read' in reader ? this.#readPackets(reader) : this.#readLines(reader)
    this.#counter.accepted += items.length
    return items
  }

  reset(): void {
    this.#rest = new Uint8Array(0)
    this.#isFirstLine = true
    this.#reader = null
    this.#profile = null
    if (this.#wanted !== null) this.#use(this.#wanted)
  }

  counts() {
    return this.#counter.counts()
  }

  #use(profile: string): void {
    this.#profile = profile
    this.#reader = makeReader(profile, this.#declared)
  }

  #drop(count: number): void {
    this.#counter.skippedBytes += count
    this.#rest = this.#rest.subarray(count)
  }

  #readPackets(reader: PacketReader): SensorItem[] {
    const items: SensorItem[] = []
    let at = 0
    while (at < this.#rest.length) {
      const found = reader.read(this.#rest, at)
      if (found.kind === 'need') break
      if (found.kind === 'skip') {
        this.#counter.skippedBytes++
        if (found.isDamaged) this.#counter.malformed++
        at++
      } else {
        items.push(...found.items)
        at += found.length
      }
    }
    this.#rest = this.#rest.slice(at)
    return items
  }

  #readLines(reader: LineProfile): SensorItem[] {
    const items: SensorItem[] = []
    let start = 0
    for (let at = 0; at < this.#rest.length; at++) {
      if (this.#rest[at] !== 10 && this.#rest[at] !== 13) continue
      if (at > start) items.push(...this.#readLine(reader, this.#rest.subarray(start, at)))
      start = at + 1
      this.#isFirstLine = false
    }
    this.#rest = this.#rest.slice(start)
    if (this.#rest.length > LONGEST_LINE) this.#drop(this.#rest.length)
    return items
  }

  #readLine(reader: LineProfile, bytes: Uint8Array): readonly SensorItem[] {
    if (bytes.length > LONGEST_LINE) {
      this.#counter.malformed++
      return []
    }
    const line = new TextDecoder().decode(bytes)
    if (line.trim() === '') return []
    const found = reader.line(line)
    if (typeof found !== 'string') return found
    // A port opened in the middle of a line gives half a one: that is no fault.
    if (found === 'malformed' && !this.#isFirstLine) this.#counter.malformed++
    if (found === 'unknown') this.#counter.unknown++
    return []
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a.length + b.length)
  result.set(a)
  result.set(b, a.length)
  return result
}

/** Two whole packets with good sums, or a whole line of a known form; null while it cannot be told. */
export function guessProfile(bytes: Uint8Array, isPatienceOver: boolean): string | null {
  for (const id of ['witmotion', 'mpu-teapot']) {
    const reader = makeReader(id, {})
    if ('read' in reader && countPackets(reader, bytes) >= 2) return id
  }
  const lines = new TextDecoder()
    .decode(bytes)
    .split(/[\r\n]+/)
    .slice(1, -1)
    .filter((line) => line.trim() !== '')
  const units: Units = {acceleration: 'auto', rotation: 'auto'}
  const isRead = (found: LineResult) => typeof found !== 'string'
  for (const line of lines) {
    if (isRead(readXImu3(line))) return 'x-imu3'
    if (isRead(readJson(line, units))) return 'json'
    if (isRead(readLabelled(line, units))) return 'labelled'
  }
  const csv = new CsvLines(null, units)
  if (lines.filter((line) => isRead(csv.read(line))).length >= 2) return 'csv'
  return isPatienceOver && lines.length > 8 ? 'csv' : null
}

function countPackets(reader: PacketReader, bytes: Uint8Array): number {
  let count = 0
  let at = 0
  while (at < bytes.length) {
    const found = reader.read(bytes, at)
    if (found.kind === 'need') break
    at += found.kind === 'packet' ? found.length : 1
    if (found.kind === 'packet') count++
  }
  return count
}

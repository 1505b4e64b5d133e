// What damaged and hostile files may do to an importer: a clear error or warnings, in bounded time, and sane values.
import {expect} from 'vitest'
import type {Importer} from '../../src/api/format.js'
import {isCrateError} from '../../src/core/errors.js'
import {type Imported, runImport} from './harness.js'

/** Of processor time: a machine with other things to do takes longer by the clock, which is no hang. */
const LIMIT_MS = 5000

/** Milliseconds that the processor spent on this process; each test file has one to itself. */
export function cpuMs(): number {
  const {user, system} = process.cpuUsage()
  return (user + system) / 1000
}

export type Outcome =
  | {readonly imported: Imported; readonly code: null}
  | {readonly imported: null; readonly code: string}

/** Imports; fails for any error that is not crate's own, for one without a message, and for a hang. */
export async function survive(importer: Importer, bytes: Uint8Array | string, root = '/target'): Promise<Outcome> {
  const startedAt = cpuMs()
  try {
    const imported = await runImport(importer, {'': bytes}, {root})
    expectSane(imported)
    return {imported, code: null}
  } catch (error) {
    if (!isCrateError(error)) throw error
    expect(error.code).toMatch(/^FORMAT_/)
    expect(error.message.length).toBeLessThan(400)
    return {imported: null, code: error.code}
  } finally {
    expect(cpuMs() - startedAt).toBeLessThan(LIMIT_MS)
  }
}

function expectSane({tracks, playlists}: Imported): void {
  for (const track of tracks) {
    const numbers = [
      ...track.cues.flatMap(({positionMs, lengthMs}) => [positionMs, lengthMs ?? 1]),
      ...track.beatGrid.flatMap(({positionMs, tempoBpm}) => [positionMs, tempoBpm]),
      track.tempoBpm ?? 1,
      track.file.durationMs ?? 0,
      track.playCount,
    ]
    if (!numbers.every((value) => Number.isFinite(value) && Math.abs(value) <= 2 ** 53)) expect(numbers).toEqual([])
    for (const {tempoBpm} of track.beatGrid) if (!(tempoBpm > 0 && tempoBpm <= 1000)) expect(tempoBpm).toBe('a tempo')
    for (const {lengthMs} of track.cues) if (lengthMs !== null && !(lengthMs > 0)) expect(lengthMs).toBe('a length')
    if (track.file.path === '' || track.file.path.includes('\0')) expect(track.file.path).toBe('a path')
  }
  expect(JSON.stringify(playlists).length).toBeGreaterThan(0)
}

/** The first n/64 of a file, for every n. */
export function* truncations(bytes: Uint8Array): Generator<Uint8Array> {
  for (let n = 0; n < 64; n++) yield bytes.subarray(0, Math.floor((bytes.length * n) / 64))
}

/** Copies with one to eight places changed: bits, bytes, stretches removed, doubled, or filled. */
export function* mutations(bytes: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  let state = seed
  const random = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  for (let n = 0; n < count; n++) {
    let copy = Buffer.from(bytes)
    for (let places = 1 + random(8); places > 0; places--) {
      const at = random(copy.length)
      const length = 1 + random(40)
      const kind = random(6)
      if (kind === 0) copy[at] = (copy[at] ?? 0) ^ (1 << random(8))
      else if (kind === 1) copy[at] = random(256)
      else if (kind === 2) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)])
      else if (kind === 3) copy = Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)])
      else if (kind === 4) copy.fill(random(256), at, Math.min(copy.length, at + length))
      else copy = Buffer.concat([copy.subarray(0, at), Buffer.from(pick(random)), copy.subarray(at)])
    }
    yield copy
  }
}

const PIECES = [
  '"',
  '<',
  '>',
  '&',
  '&#0;',
  '99999999999999999999',
  '-1',
  '4294967296',
  '../../',
  '\0',
  '[',
  '{',
  '}',
  ',',
  '1e999',
]

function pick(random: (limit: number) => number): string {
  return PIECES[random(PIECES.length)] ?? ''
}

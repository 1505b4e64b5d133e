// Analysis files (ANLZ0000.DAT, .EXT, .2EX): tagged sections, of which the grid and the cues are read. Big endian.
//
// Layout after crate-digger (rekordbox_anlz.ksy); waveforms, seek tables and phrases are passed over.
import type {Cue, GridMarker} from 'crate-dj/plugin'
import {Bytes} from './bytes.js'

const ORIGIN = 'import:rekordbox-usb'

/** Colours of tracks and memory cues by their number, 1 to 8. */
export const COLORS = [0xff007f, 0xff0000, 0xffa500, 0xffff00, 0x00ff00, 0x25fde9, 0x0000ff, 0x660099] as const

export interface Analysis {
  readonly beatGrid: readonly GridMarker[]
  readonly cues: readonly Cue[]
  /** Sections that lead outside of the file or of themselves. */
  readonly damaged: number
}

/** All of a track's files together: names and colours of the newer cue lists win over the older ones. */
export function readAnalysis(files: readonly Uint8Array[]): Analysis {
  let grid: GridMarker[] = []
  const extended: Cue[] = []
  const plain: Cue[] = []
  let damaged = 0
  for (const bytes of files) {
    const file = new Bytes(bytes, 'big')
    try {
      for (const {tag, body} of sectionsOf(file)) {
        try {
          if (tag === 'PQTZ' && grid.length === 0) grid = gridFrom(beatsOf(body))
          else if (tag === 'PCO2') extended.push(...extendedCues(body))
          else if (tag === 'PCOB') plain.push(...plainCues(body))
        } catch (error) {
          damaged += damageOf(error)
        }
      }
    } catch (error) {
      damaged += damageOf(error)
    }
  }
  const cues = new Map<string, Cue>()
  for (const cue of [...extended, ...plain]) if (!cues.has(placeOf(cue))) cues.set(placeOf(cue), cue)
  return {beatGrid: grid, cues: [...cues.values()].sort((a, b) => a.positionMs - b.positionMs), damaged}
}

function damageOf(error: unknown): 1 {
  if (error instanceof RangeError) return 1
  throw error
}

/** A pad holds one cue; elsewhere the same stretch is the same cue. */
function placeOf({slot, positionMs, lengthMs}: Cue): string {
  return slot === null ? `${positionMs} ${lengthMs}` : `pad ${slot}`
}

interface Section {
  readonly tag: string
  /** With its own header, so that offsets are those of the documents. */
  readonly body: Bytes
}

function* sectionsOf(file: Bytes): Generator<Section> {
  if (file.text(0, 4, 'latin1') !== 'PMAI') throw new RangeError('no analysis file')
  let at = file.u32(4)
  while (at + 12 <= file.length) {
    const length = file.u32(at + 8)
    if (length < 12) throw new RangeError(`a section of ${length} bytes`)
    yield {tag: file.text(at, 4, 'latin1'), body: file.part(at, length)}
    at += length
  }
  if (at !== file.length) throw new RangeError('the file ends within a section')
}

interface StoredBeat {
  readonly beatInBar: number
  readonly tempoBpm: number
  readonly positionMs: number
}

function beatsOf(section: Bytes): StoredBeat[] {
  const count = section.u32(0x14)
  if (0x18 + count * 8 > section.length) throw new RangeError(`${count} beats`)
  return Array.from({length: count}, (_, n) => {
    const at = 0x18 + n * 8
    return {beatInBar: section.u16(at), tempoBpm: section.u16(at + 2) / 100, positionMs: section.u32(at + 4)}
  })
}

/** Beats are stored in whole milliseconds: one that lies no further off continues the marker before it. */
const ROUNDING_MS = 1

/** One marker where the tempo begins or changes, instead of one per beat. */
export function gridFrom(beats: readonly StoredBeat[]): GridMarker[] {
  const markers: GridMarker[] = []
  let since = 0
  for (const {beatInBar, tempoBpm, positionMs} of beats) {
    if (!(tempoBpm > 0) || beatInBar < 1 || beatInBar > 4) continue
    const marker = markers.at(-1)
    since++
    const isExpected =
      marker !== undefined &&
      marker.tempoBpm === tempoBpm &&
      (marker.beatInBar - 1 + since) % 4 === beatInBar - 1 &&
      Math.abs(marker.positionMs + (since * 60_000) / marker.tempoBpm - positionMs) <= ROUNDING_MS
    if (isExpected || (marker !== undefined && positionMs <= marker.positionMs)) continue
    markers.push({positionMs, tempoBpm, beatInBar})
    since = 0
  }
  return markers
}

const LOOP = 2
const NO_TIME = 0xffff_ffff

/** PCOB: hot cues A to C and memory cues, without names or colours. */
function plainCues(section: Bytes): Cue[] {
  const count = section.u16(0x12)
  const cues: Cue[] = []
  let at = section.u32(4)
  for (let n = 0; n < count; n++) {
    const entry = entryAt(section, at, 'PCPT')
    cues.push(...cueFrom(entry.u32(0x0c), entry.u8(0x1c), entry.u32(0x20), entry.u32(0x24), '', null))
    at += entry.length
  }
  return cues
}

/** PCO2: all cues with names and colours. */
function extendedCues(section: Bytes): Cue[] {
  const count = section.u16(0x10)
  const cues: Cue[] = []
  let at = section.u32(4)
  for (let n = 0; n < count; n++) {
    const entry = entryAt(section, at, 'PCP2')
    const hot = entry.u32(0x0c)
    const nameLength = entry.length >= 0x2c ? entry.u32(0x28) : 0
    const name = nameLength === 0 ? '' : entry.text(0x2c, nameLength, 'utf-16be')
    const color = hot === 0 ? (COLORS[entry.u8(0x1c) - 1] ?? null) : padColor(entry, 0x2c + nameLength)
    cues.push(...cueFrom(hot, entry.u8(0x10), entry.u32(0x14), entry.u32(0x18), name, color))
    at += entry.length
  }
  return cues
}

/** Code, red, green, blue behind the name; code 0 means the player's default. */
function padColor(entry: Bytes, at: number): number | null {
  if (at + 4 > entry.length || entry.u8(at) === 0) return null
  return (entry.u8(at + 1) << 16) | (entry.u8(at + 2) << 8) | entry.u8(at + 3)
}

function entryAt(section: Bytes, at: number, tag: string): Bytes {
  const length = section.u32(at + 8)
  if (section.text(at, 4, 'latin1') !== tag || length < 0x1c) throw new RangeError(`no ${tag} at ${at}`)
  return section.part(at, length)
}

function cueFrom(
  hot: number,
  type: number,
  positionMs: number,
  endMs: number,
  name: string,
  colorRgb: number | null,
): Cue[] {
  if (positionMs === NO_TIME || hot > 16) return []
  const isLoop = type === LOOP && endMs !== NO_TIME && endMs > positionMs
  return [
    {
      kind: hot === 0 ? 'memory' : 'hot',
      slot: hot === 0 ? null : hot - 1,
      positionMs,
      lengthMs: isLoop ? endMs - positionMs : null,
      name,
      colorRgb,
      origin: ORIGIN,
    },
  ]
}

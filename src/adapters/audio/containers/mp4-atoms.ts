// MP4 atoms ("boxes"): finding them, one level at a time.
// Source: ISO/IEC 14496-12 §4.2.
import {type ByteSource, latin1, u32be, u64be} from '../bytes.js'

export interface Mp4Atom {
  readonly type: string
  /** Of the whole atom. */
  readonly at: number
  readonly headerBytes: 8 | 16
  /** Exclusive; cut at the end of the enclosing range. */
  readonly end: number
  /** What the header says, which may reach past the end of a truncated file. */
  readonly declaredEnd: number
}

export function contentStart(atom: Mp4Atom): number {
  return atom.at + atom.headerBytes
}

/** Atoms side by side within a range; stops at the first that cannot be one. */
export function* mp4Atoms(source: ByteSource, start: number, end: number): Generator<Mp4Atom> {
  let at = start
  while (at + 8 <= end) {
    const header = source.read(at, 16)
    const size = u32be(header, 0)
    const headerBytes = size === 1 ? 16 : 8
    const bytes = size === 1 ? u64be(header, 8) : size === 0 ? end - at : size
    if (bytes < headerBytes) return
    yield {type: latin1(header, 4, 8), at, headerBytes, end: Math.min(at + bytes, end), declaredEnd: at + bytes}
    at += bytes
  }
}

export function childAtom(source: ByteSource, parent: Mp4Atom, type: string, skipBytes = 0): Mp4Atom | null {
  for (const atom of mp4Atoms(source, contentStart(parent) + skipBytes, parent.end)) if (atom.type === type) return atom
  return null
}

/** Follows a path of types from a parent; null where a step is missing. */
export function descendantAtom(source: ByteSource, parent: Mp4Atom, ...types: readonly string[]): Mp4Atom | null {
  let atom: Mp4Atom | null = parent
  for (const type of types) {
    if (atom === null) return null
    atom = childAtom(source, atom, type)
  }
  return atom
}

export function topAtom(source: ByteSource, type: string): Mp4Atom | null {
  for (const atom of mp4Atoms(source, 0, source.sizeBytes)) if (atom.type === type) return atom
  return null
}

// Changing single values of an ID3v2 tag; every other frame keeps its bytes and its place.
import type {KeyChange} from '../splice.js'
import {encodeId3Tag, type Id3Frame, type Id3Tag, type Id3Version, parseId3Tag} from './tag.js'
import {type FrameValue, frameValue, makeValueFrame} from './values.js'

const NEW_TAG: Id3Tag = {version: 4, isUnsynchronised: false, frames: [], totalBytes: 0}

/** @param bytes the tag, or empty where there is none */
export function readId3Values(bytes: Uint8Array): FrameValue[] {
  const tag = parseId3Tag(bytes)
  return tag === null ? [] : tag.frames.flatMap((frame) => frameValue(frame, tag) ?? [])
}

/** Of the tag, or of the one that would be made. */
export function id3VersionOf(bytes: Uint8Array): Id3Version {
  return (parseId3Tag(bytes) ?? NEW_TAG).version
}

/**
 * The changed tag, empty where no frame is left (id3.org 2.4.0 §3: "a tag MUST contain at least one frame"); else as long as the old one where it fits, so that the audio stays in its place.
 *
 * @param bytes the old tag, or empty where there is none: then a 2.4 tag is made, as Serato does
 */
export function editId3(bytes: Uint8Array, changes: readonly KeyChange[]): Uint8Array {
  const tag = parseId3Tag(bytes) ?? NEW_TAG
  let frames: readonly Id3Frame[] = tag.frames
  for (const change of changes) frames = applyChange(frames, change, tag)
  if (frames.length === 0) return new Uint8Array(0)
  return encodeId3Tag({...tag, frames}, tag.totalBytes)
}

function applyChange(frames: readonly Id3Frame[], {key, values}: KeyChange, tag: Id3Tag): Id3Frame[] {
  const isMeant = (frame: Id3Frame) => frameValue(frame, tag)?.key === key
  const current = frames.find(isMeant) ?? null
  const fresh = values.map((value) => makeValueFrame(key, value, tag, current))
  if (current === null) return [...frames, ...fresh]
  return frames.flatMap((frame) => (frame === current ? fresh : isMeant(frame) ? [] : [frame]))
}

// One entry of the collection: as a track of crate's, and a track as a new entry.
import {byteTextFromText} from './byte-text.js'
import {markFromCue} from './cue.js'
import {renderElement} from './edit.js'
import {factsOfEntry, locationOfEntry} from './entry-facts.js'
import {keptAttributes, locationOfTrack, tempoAttributes, valuesOfTrack} from './entry-values.js'
import type {TrackFacts} from './fields.js'
import {gridForTraktor, marksFromGrid} from './grid.js'
import {locationFromPath, MAC_BOOT_VOLUME, pathFromLocation, primaryKey} from './location.js'
import {renderMark} from './mark.js'
import {type Element, parseElement} from './markup.js'
import {CHILD_ORDER, inTraktorsOrder} from './order.js'
import {EXTRAS_ID, jsonFromResidue, residueFromExtras, residueOf} from './residue.js'

export interface DecodedEntry {
  readonly track: TrackFacts
  /** How playlists name it. */
  readonly key: string
  /** Marks that were left out because a later one holds their pad. */
  readonly hiddenPads: number
}

/** @param shiftMs to add to Traktor's positions to get crate's */
export function decodeEntry(text: string, shiftMs = 0): DecodedEntry | null {
  return decodeParsedEntry(text, parseElement(text), shiftMs)
}

/** Null where the entry names no file. */
export function decodeParsedEntry(text: string, entry: Element, shiftMs = 0): DecodedEntry | null {
  const location = locationOfEntry(text, entry)
  const path = location === null ? null : pathFromLocation(location)
  if (location === null || path === null) return null
  const {track, hiddenPads} = factsOfEntry(text, entry, path, shiftMs)
  const key = primaryKey(location)
  const usual = locationFromPath(path, MAC_BOOT_VOLUME)
  const isUsual = usual !== null && primaryKey(usual) === key
  const residue = jsonFromResidue(residueOf(text, entry, location, isUsual))
  return {track: residue === null ? track : {...track, extras: {[EXTRAS_ID]: residue}}, key, hiddenPads}
}

export interface EncodeOptions {
  /** NML VERSION, which decides what can be written. */
  readonly version: number
  /** To add to crate's positions to get Traktor's. */
  readonly shiftMs: number
  /** As `locationFromPath` takes it. */
  readonly bootVolume: string
}

/** A track as a new ENTRY, with what Traktor told of it before. Byte text; null where its path is not absolute. */
export function encodeEntry(track: TrackFacts, options: EncodeOptions): string | null {
  const location = locationOfTrack(track, options.bootVolume)
  if (location === null) return null
  const residue = residueFromExtras(track.extras)
  const grid = gridForTraktor(track.beatGrid, options.shiftMs)
  const values = valuesOfTrack(track, location, grid, options.version)
  const kept = keptAttributes(residue, location)
  const attributesOf = (element: string) => ({...kept[element], ...values[element]})
  const marks = [...marksFromGrid(grid), ...track.cues.map((cue) => markFromCue(cue, options.shiftMs))]
  const content = CHILD_ORDER.map((name) => {
    if (name === 'CUE_V2') return marks.map((mark) => renderMark(mark, options.version)).join('')
    const attributes = name === 'TEMPO' ? tempoAttributes(kept['TEMPO'], values['TEMPO']) : attributesOf(name)
    return Object.keys(attributes).length === 0 ? '' : renderElement(name, inTraktorsOrder(name, attributes))
  }).join('')
  const unknown = residue.elements.map((element) => `${byteTextFromText(element)}\n`).join('')
  return renderElement('ENTRY', inTraktorsOrder('ENTRY', attributesOf('ENTRY')), content + unknown)
}

// What a track has to say in an entry, and what Traktor said there before and still holds.
import {isMadeByPerson} from '../../src/core/cue.js'
import {ORIGIN} from './cue.js'
import {FIELDS, type TrackFacts} from './fields.js'
import {tempoOfGrid} from './grid.js'
import {keyText, keyValue} from './key.js'
import {type Location, locationFromPath} from './location.js'
import {formatFloat} from './number.js'
import {keptLocation, type Residue, residueFromExtras} from './residue.js'

/** The location under which a track is written; null where its path is not absolute. */
export function locationOfTrack(track: Pick<TrackFacts, 'file' | 'extras'>, bootVolume: string): Location | null {
  return keptLocation(residueFromExtras(track.extras), track.file.path) ?? locationFromPath(track.file.path, bootVolume)
}

/** Whether a grid is of a person's and so locked against Traktor's own analysis (FORMATS §16.2). */
export function locksGrid({beatGrid, gridOrigin, isGridLocked}: TrackFacts): boolean {
  return isGridLocked || (beatGrid.length > 0 && gridOrigin !== ORIGIN && isMadeByPerson(gridOrigin))
}

/** What Traktor told before, as far as it still holds: the id of a volume holds for that volume alone. */
export function keptAttributes({attributes}: Residue, {volume}: Location): Residue['attributes'] {
  const {VOLUME: keptVolume, VOLUMEID: keptId} = attributes['LOCATION'] ?? {}
  const id = keptVolume === volume && keptId !== undefined ? keptId : isDrive(volume) ? undefined : volume
  const {DIR: _dir, FILE: _file, VOLUME: _volume, VOLUMEID: _id, ...others} = attributes['LOCATION'] ?? {}
  return {...attributes, LOCATION: id === undefined ? others : {...others, VOLUMEID: id}}
}

/** A tempo that crate writes for the first time counts as sure (FORMATS §4.2). */
export function tempoAttributes(kept: Record<string, string> | undefined, values: Record<string, string> | undefined) {
  return {...kept, ...values, ...(values !== undefined && kept === undefined && {BPM_QUALITY: '100.000000'})}
}

/** A drive of Windows, whose VOLUMEID is a serial number that only that machine knows. */
function isDrive(volume: string): boolean {
  return /^[A-Za-z]:$/.test(volume)
}

/** Before version 20 the tempo of the track is that of its grid as well, and the grid is what must be right. */
export function tempoToWrite(track: TrackFacts, grid: TrackFacts['beatGrid'], version: number): number | null {
  const ofGrid = tempoOfGrid(grid, track.file.durationMs)
  return version >= 20 ? (track.tempoBpm ?? ofGrid) : (ofGrid ?? track.tempoBpm)
}

/** What crate has to say, by element and attribute. */
export function valuesOfTrack(
  track: TrackFacts,
  location: Location,
  grid: TrackFacts['beatGrid'],
  version: number,
): Record<string, Record<string, string>> {
  const {volume, dir, file} = location
  const values: Record<string, Record<string, string>> = {
    LOCATION: {DIR: dir, FILE: file, VOLUME: volume},
  }
  const put = (element: string, attribute: string, value: string | null) => {
    if (value === null) return
    const group = values[element] ?? {}
    group[attribute] = value
    values[element] = group
  }
  if (locksGrid(track)) put('ENTRY', 'LOCK', '1')
  for (const {element, attribute, text} of FIELDS) put(element, attribute, text(track))
  const tempoBpm = tempoToWrite(track, grid, version)
  if (tempoBpm !== null) put('TEMPO', 'BPM', formatFloat(tempoBpm))
  if (track.key !== null) {
    if (track.tags.key === null || track.tags.key === '') put('INFO', 'KEY', keyText(track.key))
    if (version >= 19) put('MUSICAL_KEY', 'VALUE', keyValue(track.key))
  }
  return values
}

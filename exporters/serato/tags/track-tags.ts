// Lays what Serato keeps inside an audio file over the track that its row in `database V2` made.
import type {AudioTagAccess, ImportedTrack, RawTags} from '../../../src/api/format.js'
import {isCrateError} from '../../../src/core/errors.js'
import type {JsonValue} from '../../../src/core/json.js'
import {shiftBetween} from '../../../src/core/position-shift.js'
import {withMp3Header} from '../../shared/mp3-header.js'
import {trackColorFromStored} from '../colors.js'
import {cuesFromSerato, seenMarks} from './cues.js'
import {gridFromSerato} from './grid.js'
import {readSeratoTags, type SeratoTags} from './read.js'

export interface TaggedTrack {
  readonly track: ImportedTrack
  /** What could not be read inside the file. */
  readonly warnings: readonly string[]
}

/** The track as it is where its file is not here or has no tags of Serato. */
export async function withSeratoTags(
  track: ImportedTrack,
  audioTags: AudioTagAccess,
  shiftsPositions: boolean,
): Promise<TaggedTrack> {
  let raw: RawTags | null
  let {file} = track
  try {
    raw = await audioTags.read(file.path)
    if (raw !== null) file = await withMp3Header({...file, format: raw.format}, audioTags)
  } catch (error) {
    if (!isCrateError(error)) throw error
    return {track, warnings: error.code === 'FILE_NOT_FOUND' ? [] : [error.message]}
  }
  const tags = raw === null ? null : readSeratoTags(raw)
  if (raw === null || tags === null) return {track, warnings: []}
  const shiftMs = shiftsPositions ? shiftBetween('serato', 'crate', file).shiftMs : 0
  const isInSeratoTime = shiftsPositions && file.format === 'mp3' && file.mp3HeaderCase === null
  return {
    track: {...merged(track, tags, shiftMs, isInSeratoTime), file},
    warnings: tags.unreadable.map(({reason}) => reason),
  }
}

/** @param isInSeratoTime the positions could not be converted: an export must not convert them either */
function merged(track: ImportedTrack, tags: SeratoTags, shiftMs: number, isInSeratoTime: boolean): ImportedTrack {
  const beatGrid = tags.grid === null ? [] : gridFromSerato(tags.grid, shiftMs)
  const seen = seenMarks(tags)
  const tagColor = tags.storedTrackColor === null ? null : trackColorFromStored(tags.storedTrackColor)
  return {
    ...track,
    tempoBpm: track.tempoBpm ?? tags.autotags?.tempoBpm ?? null,
    beatGrid,
    gridOrigin: beatGrid.length > 0 ? 'import:serato' : null,
    isGridLocked: track.isGridLocked || tags.isBpmLocked,
    cues: cuesFromSerato(tags, shiftMs),
    colorRgb: tagColor ?? track.colorRgb,
    extras:
      seen.length === 0 && beatGrid.length === 0
        ? track.extras
        : {
            ...track.extras,
            serato: {...recordOf(track.extras['serato']), seen, ...(isInSeratoTime ? {clock: 'serato'} : {})},
          },
  }
}

function recordOf(value: JsonValue | undefined): Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? {...(value as Record<string, JsonValue>)}
    : {}
}

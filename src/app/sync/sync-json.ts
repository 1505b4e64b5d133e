// The result of a sync as `--json` promises it.
import type {Library} from '../../store/library.js'
import {type TrackJsonOptions, trackJson} from '../track-json.js'
import type {SyncResult} from './sync.js'

/** `tracks` is read from the library while it is written, one at a time. */
export function syncJson(
  library: Library,
  {trackIds, newIds, failures, exports, download, planned, summary}: SyncResult,
  options: TrackJsonOptions,
): Record<string, unknown> {
  return {
    tracks: (function* () {
      for (const id of trackIds) {
        const track = library.tracks.find(id)
        if (track !== null) yield {...trackJson(track, options), isNew: newIds.has(id)}
      }
    })(),
    failures: failures.map(({path, code, message, hints}) => ({path, code, message, hints})),
    exports,
    ...(download === null ? {} : {download}),
    ...(planned === null ? {} : {planned}),
    summary,
  }
}

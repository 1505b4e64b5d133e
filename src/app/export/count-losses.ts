// Counts what an export loses while the exporter reads the library, which takes longer to read than to write.
import type {LibraryView, Loss} from '../../api/format.js'
import type {Tags} from '../../core/track.js'
import {type CountedLoss, lossTally} from '../../host/losses.js'

export interface LossCount {
  /** For the exporter: the first time that all its tracks are read, they are counted. */
  readonly view: LibraryView
  /** To be asked when the exporter is through; reads the tracks only where the exporter did not. */
  result(): Promise<readonly CountedLoss[]>
}

/** @param losesTags the tags that the loss `tags` stands for */
export function countLosses(view: LibraryView, loses: readonly Loss[], losesTags: readonly (keyof Tags)[]): LossCount {
  if (loses.length === 0) return {view, result: async () => []}
  let counted: readonly CountedLoss[] | null = null

  async function* tracks() {
    const tally = counted === null ? lossTally(loses, losesTags) : null
    for await (const track of view.tracks()) {
      tally?.addTrack(track)
      yield track
    }
    if (tally === null) return
    tally.addPlaylists(view.playlists())
    counted = tally.result()
  }

  return {
    view: {...view, tracks},
    async result() {
      if (counted === null) for await (const _ of tracks());
      return counted ?? []
    },
  }
}

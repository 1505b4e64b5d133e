// What the rules need to look deeper: files, packets, targets.
import type {KitSamples} from 'crate-dj/testing'

const ID = '__ID__'

export const samples: KitSamples = {
  importers: {[ID]: {'': '/music/a.flac\t12.5\tDrop\n/music/a.flac\t80\tBreak\n/music/b.flac\t0\tStart\n'}},
}

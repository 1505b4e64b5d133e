// What the rules need to look deeper: files, packets, targets.
import type {MotionFrame} from 'crate-dj/plugin'
import type {KitSamples} from 'crate-dj/testing'

const frames: MotionFrame[] = Array.from({length: 100}, (_, index) => ({
  atMs: index * 10,
  acceleration: [0, 0, index === 50 ? 40 : 9.8],
  gravity: null,
  rotation: null,
  orientation: null,
}))

const ID = '__ID__'

export const samples: KitSamples = {
  gestures: {[ID]: {takes: [1, 2, 3].map(() => ({gesture: 'hit', frames})), negatives: []}},
}

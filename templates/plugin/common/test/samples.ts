// What the rules need to look deeper: files, packets, targets.
import type {KitSamples} from 'crate-dj/testing'

export const samples: KitSamples = {}

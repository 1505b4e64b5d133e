// What the rules need to look deeper: files, packets, targets.
import type {KitSamples} from 'crate-dj/testing'

const packets = ['0.01,0.02,0.99\n', '0.11,-0.52,1.10\r\n', '1,2,3\n'].map((line) => new TextEncoder().encode(line))

const ID = '__ID__'

export const samples: KitSamples = {sensors: {[ID]: {packets, profile: 'xyz'}}}

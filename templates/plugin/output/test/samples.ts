// What the rules need to look deeper: files, packets, targets.
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KitSamples} from 'crate-dj/testing'

const ID = '__ID__'

export const samples: KitSamples = {outputs: {[ID]: join(tmpdir(), '__ID__-test.jsonl')}}

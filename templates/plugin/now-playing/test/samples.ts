// What the rules need to look deeper: files, packets, targets.
import {writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KitSamples} from 'crate-dj/testing'

const path = join(tmpdir(), '__ID__-test.txt')
writeFileSync(path, 'Artist - Title\n')

const ID = '__ID__'

export const samples: KitSamples = {nowPlaying: {[ID]: path}}

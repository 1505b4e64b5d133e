// What the rules need to look deeper: files, packets, targets.
import {writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KitSamples} from 'crate-dj/testing'

const path = join(tmpdir(), '__ID__-test.links')
writeFileSync(path, '# mine\nhttps://example.org/a\nnot an address\n')

const ID = '__ID__'

export const samples: KitSamples = {sources: {[ID]: path}}

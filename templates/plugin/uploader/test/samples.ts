// What the rules need to look deeper: files, packets, targets.
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KitSamples} from 'crate-dj/testing'

const ID = '__ID__'

export const samples: KitSamples = {uploaders: {[ID]: `folder://${mkdtempSync(join(tmpdir(), '__ID__-'))}`}}

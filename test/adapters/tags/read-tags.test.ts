// Tags are read by what a file is, not by what it is called.
import {copyFileSync} from 'node:fs'
import {extname, join} from 'node:path'
import {describe, expect, it} from 'vitest'
import truth from '../../../fixtures/music/truth.json' with {type: 'json'}
import {identifyAudioFile} from '../../../src/adapters/audio/read-audio.js'
import {readTags} from '../../../src/adapters/tags/read-tags.js'
import {FIXTURE_MUSIC, temporaryFolder} from '../../support/crate.js'

describe('readTags', () => {
  it('finds the tags of every format under a wrong extension', async () => {
    const folder = temporaryFolder()
    let count = 0
    for (const {file: name, title, artist} of truth) {
      const path = join(folder, `${count}${extname(name) === '.mp3' ? '.wav' : '.mp3'}`)
      copyFileSync(join(FIXTURE_MUSIC, name), path)
      const {file} = await identifyAudioFile(path)
      const read = await readTags(path, file.format)
      expect({title: read.tags.title, artist: read.tags.artist}, name).toEqual({title, artist})
      count++
    }
    expect(count).toBe(8)
  })
})

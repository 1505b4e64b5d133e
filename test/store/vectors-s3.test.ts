// The vectors of a library on S3: by the address and the credentials in the environment alone.
import {describe, expect, it, vi} from 'vitest'
import {randomFrom, syntheticVectors} from '../../bench/store/synthetic-library.js'
import type {TrackId} from '../../src/core/track.js'
import type {Library} from '../../src/store/library.js'
import {startS3} from '../support/s3-service.js'
import {openTemporary, temporaryFolder} from './sample-library.js'
import {audioFile, findings, tags} from './values.js'

function addTracks(library: Library, from: number, count: number): TrackId[] {
  const draw = syntheticVectors(16, 1)
  const random = randomFrom(from + 1)
  return library.transaction(() =>
    Array.from({length: count}, (_, n) => {
      const hash = `h${from + n}`
      library.analyses.put(hash, findings({embedding: draw(random)}))
      return library.tracks.add({file: audioFile(`/m/${from + n}`), audioHash: hash, tags: tags({title: hash})})
    }),
  )
}

describe('vectors on S3', () => {
  it('are put there, found there, brought up to date, and made anew when they are gone', async () => {
    const {environment, objects} = await startS3()
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const options = {vectorIndexFrom: 1, vectorsUri: 's3://crate-test/dj/vectors'}
    const folder = temporaryFolder()
    const library = openTemporary(folder, options)
    const [seed] = addTracks(library, 0, 60)
    if (seed === undefined) throw new Error('no tracks')
    expect(await library.vectors.refresh()).toMatchObject({put: 60, total: 60})
    expect([...objects.keys()].some((key) => /^\/crate-test\/dj\/vectors\/tracks-.*\.lance\/data\//.test(key))).toBe(
      true,
    )
    const found = await library.vectors.similar(seed)
    expect(found).toMatchObject({method: 'index', reason: null})

    const exact = openTemporary(folder, {...options, vectorIndexFrom: 1000})
    expect(found.tracks).toEqual((await exact.vectors.similar(seed)).tracks)

    addTracks(library, 60, 5)
    expect(await library.vectors.refresh()).toMatchObject({put: 5, total: 65, rebuiltBecause: null})

    ;(objects as Map<string, Buffer>).clear()
    library.vectors.close()
    expect(await library.vectors.similar(seed)).toMatchObject({method: 'exact', reason: expect.any(String)})
    expect(await library.vectors.refresh()).toMatchObject({put: 65, rebuiltBecause: expect.any(String)})
    expect(await library.vectors.similar(seed)).toMatchObject({method: 'index', reason: null})
    vi.unstubAllEnvs()
  })
})

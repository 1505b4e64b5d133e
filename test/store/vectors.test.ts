// Similar tracks: always right by what the library holds now, whatever state the index is in.
import {cpSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {randomFrom, syntheticVectors} from '../../bench/store/synthetic-library.js'
import {parseQuery} from '../../src/core/query/parse.js'
import type {TrackId} from '../../src/core/track.js'
import type {Library} from '../../src/store/library.js'
import {NOW_MS, openTemporary, temporaryFolder} from './sample-library.js'
import {audioFile, findings, tags} from './values.js'

const DIMENSION = 16

function addTracks(library: Library, count: number, seed = 1): TrackId[] {
  const draw = syntheticVectors(DIMENSION, seed)
  const random = randomFrom(seed)
  return library.transaction(() =>
    Array.from({length: count}, (_, n) => {
      const tempoBpm = 100 + (n % 50)
      library.analyses.put(`h${seed}-${n}`, findings({embedding: draw(random)}, {tempoBpm, beatGrid: []}))
      const genre = n % 7 === 0 ? 'Techno' : 'House'
      return library.tracks.add({
        file: audioFile(`/m/${seed}/${n}`),
        audioHash: `h${seed}-${n}`,
        tags: tags({genre, title: `Track ${n}`}),
      })
    }),
  )
}

/** Nearest by a plain calculation in double precision, over the tracks that a test names. */
function nearest(library: Library, seed: TrackId, among: readonly TrackId[], limit: number): TrackId[] {
  const vectorOf = (id: TrackId) =>
    library.analyses.embedding(library.tracks.get(id).audioHash ?? '')?.vector ?? new Float32Array()
  const own = vectorOf(seed)
  const scored = among
    .filter((id) => id !== seed)
    .map((id) => ({
      id,
      score: vectorOf(id).reduce((sum: number, value: number, at: number) => sum + value * (own[at] ?? 0), 0),
    }))
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({id}) => id)
}

async function similarIds(library: Library, id: TrackId, query = '', limit = 10) {
  const {tracks, method, reason} = await library.vectors.similar(id, {limit, query: parseQuery(query, {nowMs: NOW_MS})})
  return {ids: tracks.map((track) => track.id), method, reason}
}

function tableFolder(folder: string): string {
  return join(folder, 'vectors', readdirSync(join(folder, 'vectors'))[0] ?? '')
}

function someDataFile(folder: string): string {
  const data = join(tableFolder(folder), 'data')
  return join(data, readdirSync(data)[0] ?? '')
}

describe('similar', () => {
  it('says why there is nothing for a track that was not analysed', async () => {
    const library = openTemporary()
    const id = library.tracks.add({file: audioFile('/m/a'), audioHash: 'x'})
    expect(await library.vectors.similar(id)).toMatchObject({tracks: [], reason: expect.stringContaining('analyse')})
    await expect(library.vectors.similar('nope' as TrackId)).rejects.toMatchObject({code: 'TRACK_NOT_FOUND'})
  })

  it('gives cosines in order, also of vectors that are not unit-scaled, and shares the vector of copies', async () => {
    const library = openTemporary()
    const add = (name: string, ...vector: number[]) => {
      library.analyses.put(name, findings({embedding: Float32Array.from(vector)}))
      return library.tracks.add({file: audioFile(`/m/${name}`), audioHash: name})
    }
    const seed = add('seed', 2, 0)
    const far = add('far', -1, 0)
    const near = add('near', 3, 4)
    const copy = library.tracks.add({file: audioFile('/m/copy'), audioHash: 'seed'})
    const {tracks} = await library.vectors.similar(seed)
    expect(tracks.map(({id}) => id)).toEqual([copy, near, far])
    expect(tracks[0]?.similarity).toBeCloseTo(1, 6)
    expect(tracks[1]?.similarity).toBeCloseTo(0.6, 6)
    expect(tracks[2]?.similarity).toBeCloseTo(-1, 6)
    const without = await library.vectors.similar(seed, {without: [copy], limit: 1})
    expect(without.tracks.map(({id}) => id)).toEqual([near])
  })

  it('never compares vectors of different analyses', async () => {
    const library = openTemporary()
    library.analyses.put('old', findings({version: 1, embedding: Float32Array.of(1, 0)}))
    library.analyses.put('new', findings({version: 2, embedding: Float32Array.of(1, 0, 0)}))
    const [old, fresh] = ['old', 'new'].map((hash) =>
      library.tracks.add({file: audioFile(`/${hash}`), audioHash: hash}),
    )
    expect((await library.vectors.similar(old as TrackId)).tracks).toEqual([])
    expect((await library.vectors.similar(fresh as TrackId)).tracks).toEqual([])
  })

  it.each([
    ['compared whole', undefined],
    ['with the index', 1],
  ])('finds what a plain calculation finds, %s, with every kind of filter', async (_name, vectorIndexFrom) => {
    const library = openTemporary(undefined, vectorIndexFrom === undefined ? {} : {vectorIndexFrom})
    const ids = addTracks(library, 600)
    await library.vectors.refresh()
    const seed = ids[5] as TrackId
    const filters: [string, (n: number) => boolean][] = [
      ['', () => true],
      ['bpm:120..124', (n) => n % 50 >= 20 && n % 50 <= 24],
      ['^bpm:120..', (n) => n % 50 < 20],
      ['genre:techno', (n) => n % 7 === 0],
      ['genre:techno bpm:..110', (n) => n % 7 === 0 && n % 50 <= 10],
      ['genre:techno , bpm:149', (n) => n % 7 === 0 || n % 50 === 49],
      ['title:="track 99"', (n) => n === 99],
      ['rating:5', () => false],
    ]
    for (const [query, isWanted] of filters) {
      const found = await similarIds(library, seed, query)
      const expected = nearest(
        library,
        seed,
        ids.filter((_, n) => isWanted(n)),
        10,
      )
      expect(found.ids, query).toEqual(expected)
      if (query === '') expect(found.method).toBe(vectorIndexFrom === undefined ? 'exact' : 'index')
      expect(found.reason).toBeNull()
    }
  })

  it('is right about what changed since the index was refreshed', async () => {
    const library = openTemporary(undefined, {vectorIndexFrom: 1})
    const ids = addTracks(library, 200)
    await library.vectors.refresh()
    const [seed, moved, removed] = ids as [TrackId, TrackId, TrackId]
    const seedVector = library.analyses.embedding('h1-0')?.vector ?? new Float32Array(DIMENSION)
    library.analyses.put('h1-1', findings({embedding: seedVector}))
    const late = addTracks(library, 20, 2)
    library.tracks.remove([removed])
    library.tracks.setTempo(ids[10] as TrackId, 200)
    const now = [...ids.filter((id) => id !== removed), ...late]
    const found = await similarIds(library, seed)
    expect(found).toMatchObject({ids: nearest(library, seed, now, 10), method: 'index'})
    expect(found.ids[0]).toBe(moved)
    expect((await similarIds(library, seed, 'bpm:200')).ids).toEqual([ids[10]])
    expect(await library.vectors.refresh()).toMatchObject({put: 22, removed: 1, total: 219, rebuiltBecause: null})
    expect(await similarIds(library, seed)).toMatchObject({ids: nearest(library, seed, now, 10), method: 'index'})
  })
})

describe('refresh', () => {
  it('does nothing where nothing changed, or changed that does not matter to it', async () => {
    const library = openTemporary()
    const ids = addTracks(library, 30)
    expect(await library.vectors.refresh()).toMatchObject({put: 30, total: 30})
    library.tracks.editTags(ids[0] as TrackId, {title: 'Other'})
    library.tracks.move(ids[1] as TrackId, '/elsewhere')
    expect(await library.vectors.refresh()).toEqual({put: 0, removed: 0, total: 30, rebuiltBecause: null})
  })

  it('has nothing to do in an empty library', async () => {
    expect(await openTemporary().vectors.refresh()).toEqual({put: 0, removed: 0, total: 0, rebuiltBecause: null})
  })

  it('empties the index when the last vector goes, and starts again with one of another length', async () => {
    const library = openTemporary(undefined, {vectorIndexFrom: 1})
    const ids = addTracks(library, 30)
    await library.vectors.refresh()
    library.tracks.remove(ids)
    expect(await library.vectors.refresh()).toMatchObject({removed: 30, total: 0})
    library.analyses.put('a', findings({version: 2, embedding: Float32Array.of(1, 0)}))
    library.analyses.put('b', findings({version: 2, embedding: Float32Array.of(1, 1)}))
    const [a, b] = ['a', 'b'].map((hash) => library.tracks.add({file: audioFile(`/${hash}`), audioHash: hash}))
    expect(await library.vectors.refresh()).toMatchObject({put: 2, total: 2, rebuiltBecause: expect.any(String)})
    expect(await similarIds(library, a as TrackId)).toMatchObject({ids: [b], method: 'index'})
  })

  it.each<[string, (folder: string) => void]>([
    ['the folder is gone', (folder) => rmSync(join(folder, 'vectors'), {recursive: true})],
    ['the table is gone', (folder) => rmSync(tableFolder(folder), {recursive: true})],
    ['its list of versions is gone', (folder) => rmSync(join(tableFolder(folder), '_versions'), {recursive: true})],
    ['a data file is gone', (folder) => rmSync(someDataFile(folder))],
    [
      'a data file is cut short',
      (folder) => writeFileSync(someDataFile(folder), readFileSync(someDataFile(folder)).subarray(0, 100)),
    ],
    ['a data file is noise', (folder) => writeFileSync(someDataFile(folder), Buffer.alloc(5000, 'noise'))],
    [
      'a file stands in its place',
      (folder) => {
        rmSync(join(folder, 'vectors'), {recursive: true})
        writeFileSync(join(folder, 'vectors'), 'hello')
      },
    ],
  ])('answers without the index and then makes it again where %s', async (_name, damage) => {
    const folder = temporaryFolder()
    const first = openTemporary(folder, {vectorIndexFrom: 1})
    const ids = addTracks(first, 60)
    await first.vectors.refresh()
    const expected = nearest(first, ids[0] as TrackId, ids, 10)
    first.close()
    damage(folder)
    const library = openTemporary(folder, {vectorIndexFrom: 1})
    const broken = await similarIds(library, ids[0] as TrackId)
    expect(broken).toMatchObject({ids: expected, method: 'exact', reason: expect.stringContaining('index')})
    expect(await library.vectors.refresh()).toMatchObject({put: 60, total: 60, rebuiltBecause: expect.any(String)})
    expect(await similarIds(library, ids[0] as TrackId)).toEqual({ids: expected, method: 'index', reason: null})
  })

  it.each([
    ['of another library, equally often changed', 'elsewhere', 90],
    ['of its own, as it was before the last change', 'before', 60],
  ])('notices the index %s', async (_name, wrong, otherCount) => {
    const [here, elsewhere] = [temporaryFolder(), temporaryFolder()]
    const other = openTemporary(elsewhere, {vectorIndexFrom: 1, newId: () => `other${otherCount++}`})
    addTracks(other, otherCount, 7)
    await other.vectors.refresh()
    const library = openTemporary(here, {vectorIndexFrom: 1})
    const ids = addTracks(library, 60)
    await library.vectors.refresh()
    cpSync(join(here, 'vectors'), join(elsewhere, 'before'), {recursive: true})
    if (wrong === 'before') {
      library.tracks.setTempo(ids[3] as TrackId, 99)
      await library.vectors.refresh()
    }
    library.close()
    rmSync(join(here, 'vectors'), {recursive: true})
    cpSync(join(elsewhere, wrong === 'before' ? 'before' : 'vectors'), join(here, 'vectors'), {recursive: true})
    const again = openTemporary(here, {vectorIndexFrom: 1})
    const expected = nearest(again, ids[0] as TrackId, ids, 10)
    expect(await similarIds(again, ids[0] as TrackId)).toMatchObject({ids: expected, method: 'exact'})
    await again.vectors.refresh()
    expect(await similarIds(again, ids[0] as TrackId)).toEqual({ids: expected, method: 'index', reason: null})
  })

  it('keeps the index at another address', async () => {
    const elsewhere = temporaryFolder()
    const library = openTemporary(undefined, {vectorIndexFrom: 1, vectorsUri: `file://${elsewhere}/shared`})
    const ids = addTracks(library, 40)
    await library.vectors.refresh()
    expect(readdirSync(join(elsewhere, 'shared'))).toHaveLength(1)
    expect((await similarIds(library, ids[0] as TrackId)).method).toBe('index')
  })

  it('touches nothing of others at a shared address, also when it makes its own anew', async () => {
    const vectorsUri = temporaryFolder()
    writeFileSync(join(vectorsUri, 'notes.txt'), 'mine')
    const names = ['a', 'b'].map((name) => ({vectorIndexFrom: 1, vectorsUri, newId: () => `${name}${Math.random()}`}))
    const [a, b] = names.map((options) => openTemporary(undefined, options)) as [Library, Library]
    const ids = addTracks(a, 40)
    addTracks(b, 50, 2)
    await a.vectors.refresh()
    await b.vectors.refresh()
    const table = readdirSync(vectorsUri).find((name) => name.startsWith('tracks-b')) ?? ''
    rmSync(join(vectorsUri, table, '_versions'), {recursive: true})
    expect(await b.vectors.refresh()).toMatchObject({put: 50, rebuiltBecause: expect.any(String)})
    expect(await similarIds(a, ids[0] as TrackId)).toMatchObject({method: 'index', reason: null})
    expect(readFileSync(join(vectorsUri, 'notes.txt'), 'utf8')).toBe('mine')
  })

  it('is left to one process at a time', async () => {
    const folder = temporaryFolder()
    const [a, b] = [openTemporary(folder), openTemporary(folder)]
    addTracks(a, 20)
    const results = await Promise.allSettled([a.vectors.refresh(), b.vectors.refresh()])
    const reasons = results.filter((result) => result.status === 'rejected').map(({reason}) => reason.code)
    expect(reasons).toEqual(['LIBRARY_BUSY'])
    expect(await b.vectors.refresh()).toMatchObject({put: 0, total: 20})
  })
})

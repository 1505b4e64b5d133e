// Files that Traktor itself wrote: through crate and back, and left alone where crate has nothing to change.
import {describe, expect, it} from 'vitest'
import {exportLibrary, type Imported, importBytes, libraryOf, REAL_FILES, realFile, skipsShared} from './support.js'

/** Tracks, cues and list entries in each file, counted by python3's ElementTree. */
const COUNTS: Readonly<Record<(typeof REAL_FILES)[number], {tracks: number; entries: number}>> = {
  'ddc-v19-traktor3.nml': {tracks: 2, entries: 0},
  'nmlutils-v19-collection.nml': {tracks: 1, entries: 0},
  'nmlutils-v19-collection_indexing.nml': {tracks: 1, entries: 0},
  'nmlutils-v19-cuepoints.nml': {tracks: 1, entries: 0},
  'nmlutils-v19-playlist.nml': {tracks: 1, entries: 3},
  'ryyckxxa-v15-collection.nml': {tracks: 2557, entries: 3288},
  'history/history_2010y11m21d_21h46m29s.nml': {tracks: 10, entries: 11},
  'history/history_2011y04m30d_15h59m34s.nml': {tracks: 1, entries: 1},
}

function entriesOf(nodes: Imported['playlists']): number {
  return nodes.reduce((sum, node) => sum + (node.kind === 'folder' ? entriesOf(node.children) : node.tracks.length), 0)
}

describe.skipIf(skipsShared)('real collections', () => {
  let ran = 0
  it.each(REAL_FILES)('%s gives the same library after export and import', async (name) => {
    const first = await importBytes(realFile(name))
    expect(first.tracks).toHaveLength(COUNTS[name].tracks)
    expect(entriesOf(first.playlists)).toBe(COUNTS[name].entries)
    for (const version of ['19', '20']) {
      const {bytes} = await exportLibrary(libraryOf(first), null, {version})
      const second = await importBytes(bytes)
      expect(second.tracks).toEqual(first.tracks)
      expect(second.playlists).toEqual(first.playlists)
    }
    ran++
  })

  it.each(REAL_FILES)('%s comes out byte for byte when nothing changed', async (name) => {
    const bytes = realFile(name)
    const {bytes: merged} = await exportLibrary(libraryOf(await importBytes(bytes)), bytes)
    if (name !== 'nmlutils-v19-playlist.nml') expect(Buffer.compare(merged, bytes)).toBe(0)
    ran++
  })

  it('ran over every file', () => {
    expect(ran).toBe(2 * 8)
  })
})

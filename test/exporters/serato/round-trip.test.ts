// Import → export → import over a library with every feature: what comes back is what left, minus the declared losses.
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {syntheticPlaylists, syntheticTrack} from '../../../bench/formats/synthetic-tracks.js'
import {seratoExporter} from '../../../exporters/serato/index.js'
import {PADS} from '../../../exporters/serato/tags/cues.js'
import type {AudioTagAccess, RawTag, RawTags} from '../../../src/api/format.js'
import {beatsOfGrid} from '../../../src/core/beat-grid.js'
import type {Cue} from '../../../src/core/cue.js'
import {walkPlaylists} from '../../../src/core/playlist.js'
import type {Track} from '../../../src/core/track.js'
import {exportTo, type ImportResult, importFrom, libraryFromImport, libraryOf, temporaryFolder} from './support.js'

const COUNT = 250

/** Tags of files that exist in memory alone, in the container that their format has. */
function tagStore(
  tracks: readonly Track[],
): AudioTagAccess & {write(path: string, set: readonly {key: string; bytes: Uint8Array | null}[]): void} {
  const files = new Map<string, RawTags>(
    tracks.map(({file: {path, format}}) => [
      path,
      {container: format === 'm4a' ? 'mp4' : format === 'flac' ? 'vorbis' : 'id3', format: format ?? 'mp3', tags: []},
    ]),
  )
  const headers = new Map(tracks.map(({file}) => [file.path, file.mp3HeaderCase]))
  return {
    read: async (path) => files.get(path) ?? null,
    mp3HeaderCase: async (path) => headers.get(path) ?? null,
    write: (path, set) => {
      const file = files.get(path)
      if (file === undefined) throw new Error(`no file ${path}`)
      const kept = file.tags.filter(({key}) => !set.some((one) => one.key === key))
      const fresh = set.filter((one): one is RawTag => one.bytes !== null)
      files.set(path, {...file, tags: [...kept, ...fresh]})
    },
  }
}

const byPosition = (a: Cue, b: Cue) => a.positionMs - b.positionMs || (a.slot ?? 99) - (b.slot ?? 99)

describe('seratoExport and seratoImport', () => {
  const folder = () => temporaryFolder()
  const trip = async (): Promise<{
    tracks: Track[]
    first: ImportResult
    second: ImportResult
    secondTags: number
    secondPaths: readonly string[]
  }> => {
    const root = folder()
    const tracks = Array.from({length: COUNT}, (_, index) => {
      const track = syntheticTrack(index)
      return {
        ...track,
        file: {...track.file, path: join(root, 'music', `${index}`, track.file.path.split(/[/\\]/).at(-1) ?? '')},
      }
    })
    const audioTags = tagStore(tracks)
    const library = libraryOf(tracks, syntheticPlaylists(COUNT))
    const out = await exportTo(root, library, {audioTags, canWriteTags: true})
    for (const {audioPath, set} of out.tags) audioTags.write(audioPath, set)
    const first = await importFrom(root, {audioTags})
    const back = await exportTo(root, libraryFromImport(first), {audioTags, canWriteTags: true})
    for (const {audioPath, set} of back.tags) audioTags.write(audioPath, set)
    return {
      tracks,
      first,
      second: await importFrom(root, {audioTags}),
      secondTags: back.tags.length,
      secondPaths: back.paths,
    }
  }

  it('carries tracks, marks, grids and playlists', {timeout: 60_000}, async () => {
    const {tracks, first, second, secondTags, secondPaths} = await trip()
    expect(first.warnings).toEqual([])
    expect(first.tracks).toHaveLength(COUNT)
    const found = new Map(first.tracks.map((track) => [track.file.path, track]))

    for (const track of tracks) {
      const back = found.get(track.file.path)
      if (back === undefined) throw new Error(`${track.file.path} is lost`)
      const {title, artist, album, genre, comment, label, remixer, composer, grouping, year, trackNumber, discNumber} =
        track.tags
      expect(back.tags).toMatchObject({
        title,
        artist,
        album,
        genre,
        comment,
        label,
        remixer,
        composer,
        grouping,
        year,
        trackNumber,
        discNumber,
      })
      expect(back.key).toEqual(track.key)
      expect(back.tempoBpm === null ? null : back.tempoBpm.toFixed(2)).toBe(
        track.tempoBpm === null ? null : track.tempoBpm.toFixed(2),
      )
      expect(back.colorRgb).toBe(track.colorRgb)
      expect(back.playCount).toBe(track.playCount)
      expect(back.isGridLocked).toBe(track.isGridLocked)
      expect(back.addedAt).toBe(track.addedAt ?? '2026-11-22T20:00:00Z')
      expect(back.file.durationMs).toBe(track.file.durationMs)

      const pads = track.cues.filter(({kind, lengthMs}) => kind === 'hot' && lengthMs === null)
      const backPads = back.cues.filter(({lengthMs}) => lengthMs === null)
      // A load mark is on no pad here, nor are memory cues: those are declared.
      expect(backPads.map(({slot}) => slot)).toEqual(pads.map(({slot}) => slot).sort())
      for (const cue of pads) {
        const other = backPads.find(({slot}) => slot === cue.slot)
        expect(other?.name).toBe(cue.name)
        expect(Math.abs((other?.positionMs ?? Number.NaN) - cue.positionMs)).toBeLessThanOrEqual(0.5)
      }
      const loops = track.cues.filter(({lengthMs}) => lengthMs !== null)
      const backLoops = back.cues.filter(({lengthMs}) => lengthMs !== null)
      expect(backLoops).toHaveLength(Math.min(PADS, loops.length))
      if (loops.length <= PADS)
        expect([...backLoops].sort(byPosition).map(({name, lengthMs}) => [name, Math.round(lengthMs ?? 0)])).toEqual(
          [...loops].sort(byPosition).map(({name, lengthMs}) => [name, lengthMs]),
        )
      for (const loop of loops.filter(({slot}) => slot !== null))
        expect(
          backLoops.find(({slot}) => slot === loop.slot),
          'a hot loop stays on its pad',
        ).toMatchObject({name: loop.name})

      const endMs = track.file.durationMs ?? 0
      const beats = beatsOfGrid(track.beatGrid, endMs).map(({positionMs}) => positionMs)
      const backBeats = beatsOfGrid(back.beatGrid, endMs).map(({positionMs}) => positionMs)
      expect(Math.abs(backBeats.length - beats.length)).toBeLessThanOrEqual(1)
      for (const beat of beats) {
        const nearest = backBeats.reduce(
          (best, other) => Math.min(best, Math.abs(other - beat)),
          beats.length === 0 ? 0 : 1e9,
        )
        // The edges of the file may have a beat more or less.
        if (beat > 1000 && beat < endMs - 1000) expect(nearest).toBeLessThan(5)
      }
    }

    const names = [...walkPlaylists(first.playlists)].map(({node, folders}) => [...folders, node.name].join(' > '))
    const expected = [...walkPlaylists(syntheticPlaylists(COUNT))].map(({node, folders}) =>
      [...folders, node.name].join(' > '),
    )
    expect(names).toEqual(expected)
    const twice = first.playlists.find(({name}) => name === 'Twice')
    expect(twice?.kind === 'list' ? twice.tracks.length : 0).toBe(3)

    expect(secondTags).toBe(0)
    expect(secondPaths).toEqual([])
    expect(second).toEqual(first)
  })

  it('declares what did not come back', () => {
    expect(seratoExporter.loses).toEqual(
      expect.arrayContaining(['memory-cues', 'fade-cues', 'load-cues', 'rating', 'last-played', 'smart-rules']),
    )
  })
})

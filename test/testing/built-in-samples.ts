// What the kit needs to look deeper into crate's own contributions: packets, lessons, lists, places that can be opened here.
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Sqlite from 'better-sqlite3'
import {BUILT_IN} from '../../src/host/registry.js'
import {runExporter} from '../../src/testing/exporter-rules.js'
import type {KitSamples, SampleFiles} from '../../src/testing/index.js'
import {fullTrack, libraryOf, playlistsOf} from '../../src/testing/stage.js'
import {dancing, type Motion, play, rest, shake, swipe, twist} from '../live/motions.js'
import {accxyz, flick} from '../support/motion.js'

const ascii = (text: string) => new TextEncoder().encode(text)

/** @param folder empty, to be removed by the caller */
export async function builtInSamples(folder: string): Promise<KitSamples> {
  return {
    importers: {
      ...Object.fromEntries(await Promise.all((BUILT_IN.importers ?? []).map(async ({id}) => [id, await written(id)]))),
      // Serato keeps cues in the audio files: what it writes beside them brings no track back on its own.
      serato: null,
    },
    sensors: {
      osc: {packets: flick(1).map((sample) => Uint8Array.from(accxyz(sample))), profile: null},
      // MPU teapot packets: w, x, y, z in 1/16384, then a counter.
      serial: {
        packets: Array.from({length: 8}, (_, n) => Uint8Array.of(0x24, 2, 0x40, 0, 0, n, 0, 0, 0, 0, 0, n, 0x0d, 0x0a)),
        profile: 'mpu-teapot',
      },
      phone: {
        packets: [0, 1, 2].map((n) => ascii(JSON.stringify({n, t: 10 * n, a: [0, n, 9.8], r: [30, 10, 20]}))),
        profile: null,
      },
      midi: {
        packets: [
          [0x90, 60, 127],
          [0xb2, 74, 1],
          [0xe0, 0, 64],
        ].map((bytes) => Uint8Array.from(bytes)),
        profile: null,
      },
    },
    gestures: {
      strokes: lesson({flick: swipe(0, 1), twist: twist()}),
      oscillations: lesson({shake: shake(4, 2500)}),
    },
    outputs: {
      midi: `raw:${join(folder, 'midi.bin')}`,
      'rtp-midi': 'listen:0',
      raw: join(folder, 'raw.bin'),
      osc: '127.0.0.1:9',
    },
    nowPlaying: {traktor: '0', serato: seratoHistory(folder), mixxx: mixxxDatabase(folder), osc: '0'},
    sources: {
      search: 'ytsearch:Bicep - Glue',
      links: 'https://example.org/music/glue',
      feed: file(folder, 'feed.xml', FEED),
      manifest: file(folder, 'manifest.json', MANIFEST),
      list: file(folder, 'wanted.txt', 'Bicep - Glue\nhttps://example.org/a\n'),
    },
  }
}

/** What the exporter of the same id writes for two tracks. */
async function written(id: string): Promise<SampleFiles> {
  const exporter = BUILT_IN.exporters?.find((other) => other.id === id)
  if (exporter === undefined) throw new Error(id)
  const tracks = [fullTrack('one'), fullTrack('two')]
  return Object.fromEntries(
    (await runExporter(exporter, libraryOf(tracks, playlistsOf(tracks.map((track) => track.id))))).files,
  )
}

function lesson(motions: Readonly<Record<string, Motion>>): NonNullable<KitSamples['gestures']>[string] {
  const takes = Object.entries(motions).flatMap(([gesture, motion]) =>
    [1, 2, 3, 4].map((seed) => ({gesture, frames: play([rest(400), motion, rest(400)], {seed})})),
  )
  return {takes, negatives: [play([dancing(8000, 3)], {seed: 9})]}
}

function file(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function seratoHistory(folder: string): string {
  mkdirSync(join(folder, '_Serato_', 'History', 'Sessions'), {recursive: true})
  return folder
}

function mixxxDatabase(folder: string): string {
  const path = join(folder, 'mixxxdb.sqlite')
  const db = new Sqlite(path)
  db.exec(`
    CREATE TABLE Playlists (id INTEGER PRIMARY KEY, hidden INTEGER);
    CREATE TABLE PlaylistTracks (playlist_id INTEGER, track_id INTEGER, position INTEGER, pl_datetime_added TEXT);
    CREATE TABLE library (id INTEGER PRIMARY KEY, artist TEXT, title TEXT, location INTEGER);
    CREATE TABLE track_locations (id INTEGER PRIMARY KEY, location TEXT);
    INSERT INTO Playlists VALUES (1, 2);
    INSERT INTO library VALUES (1, 'Bicep', 'Glue', 1);
    INSERT INTO track_locations VALUES (1, '/music/glue.flac');
    INSERT INTO PlaylistTracks VALUES (1, 1, 1, datetime('now'));`)
  db.close()
  return path
}

const FEED = `<?xml version="1.0"?>
<rss version="2.0"><channel><title>Mixes</title>
<item><title>One</title><enclosure url="https://example.org/one.mp3" type="audio/mpeg" length="1"/></item>
</channel></rss>`

const MANIFEST = JSON.stringify({
  format: 'crate-manifest',
  version: 1,
  tracks: [{file: 'glue.flac', tags: {artist: 'Bicep', title: 'Glue'}, source: 'https://example.org/glue'}],
})

// Two DJs' real sets, anonymous, as sets of ids and tracks for mixing; and how well a way of ranking finds the next track.
import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gunzipSync} from 'node:zlib'
import {parseKey} from '../../src/core/key.js'
import {type PlayedSet, setsFromPlays} from '../../src/mixing/history.js'
import {blankTrack, type MixTrack} from '../../src/mixing/mix-track.js'

interface RecordedPlay {
  readonly track: number
  readonly genre: number | null
  readonly bpm: number | null
  readonly key: string | null
  readonly startSeconds: number
  readonly playedSeconds: number | null
}

export interface RealDj {
  readonly name: string
  readonly sets: readonly PlayedSet[]
  readonly tracks: readonly MixTrack[]
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/live/dj-sets')

/** The DJs whose recorded sets lie in a folder; empty where it is absent. */
export function readRealDjs(from: string = process.env['CRATE_DJ_SETS'] ?? folder): RealDj[] {
  return ['serato', 'traktor'].flatMap((program) => {
    const path = join(from, `${program}-dj-sets.json.gz`)
    if (!existsSync(path)) return []
    const evenings = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as RecordedPlay[][]
    return [realDj(program, evenings)]
  })
}

function realDj(name: string, evenings: readonly (readonly RecordedPlay[])[]): RealDj {
  const tracks = new Map<string, MixTrack>()
  for (const play of evenings.flat()) {
    const id = `${play.track}`
    const known = tracks.get(id) ?? blankTrack(id)
    tracks.set(id, {
      ...known,
      tempoBpm: known.tempoBpm ?? play.bpm,
      key: known.key ?? (play.key === null ? null : parseKey(play.key)),
      genre: known.genre ?? (play.genre === null ? null : `genre${play.genre}`),
    })
  }
  const sets = evenings.flatMap((plays) =>
    setsFromPlays(
      plays.map((play) => ({
        id: `${play.track}`,
        startedAtMs: play.startSeconds * 1000,
        playedMs: play.playedSeconds === null ? null : play.playedSeconds * 1000,
      })),
    ),
  )
  return {name, sets, tracks: [...tracks.values()]}
}

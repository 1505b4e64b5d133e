// Libraries on their way between programs through the real commands, and what is left of them in crate's own JSON.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'vitest'
import type {Cue} from '../../src/core/cue.js'
import type {Track} from '../../src/core/track.js'
import type {Crate} from './crate.js'

export interface LibraryJson {
  readonly tracks: readonly Track[]
  readonly playlists: readonly unknown[]
}

/** One `crate convert`, which must do all of it. */
export async function convert(crate: Crate, ...args: readonly string[]): Promise<void> {
  const run = await crate.run('convert', ...args, '--no-progress')
  expect(run.status, `${args.join(' ')}: ${run.stderr}`).toBe(0)
}

let conversions = 0

/** What crate reads from a library of a program, as `crate convert FORMAT PATH json` writes it. */
export async function readLibrary(crate: Crate, format: string, path: string): Promise<LibraryJson> {
  const out = join(crate.home, `read-${conversions++}.json`)
  await convert(crate, format, path, 'json', out)
  return JSON.parse(readFileSync(out, 'utf8')) as LibraryJson
}

/** Cues as far as every program tells them apart. */
export function plainCues(cues: readonly Cue[]) {
  return cues
    .map(({kind, slot, positionMs, lengthMs, name}) => ({
      kind,
      slot,
      positionMs: Math.round(positionMs),
      lengthMs: lengthMs === null ? null : Math.round(lengthMs),
      name,
    }))
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
}

/** Names of lists with their folders, and by path the tracks that stand in them. */
export function plainPlaylists({tracks, playlists}: LibraryJson): unknown[] {
  const pathOf = new Map(tracks.map(({id, file}) => [String(id), file.path]))
  type Node = {kind: string; name: string; children?: Node[]; tracks?: string[]}
  const plain = ({kind, name, children, tracks: ids}: Node): unknown =>
    kind === 'folder'
      ? {name, children: (children ?? []).map(plain)}
      : {name, tracks: (ids ?? []).map((id) => pathOf.get(String(id)))}
  return (playlists as Node[]).map(plain)
}

// Crates as a tree of playlists: in Serato every crate may hold tracks and further crates at once.
import type {FolderNode, ListNode, PlaylistNode, SmartNode} from '../../src/core/playlist.js'
import {FILE_SEPARATOR, sanitizeCrateName} from './crate-name.js'

export interface TreeCrate {
  /** Names from the top, as the file name gives them. */
  readonly levels: readonly string[]
  readonly refs: readonly string[]
  readonly smart: {readonly query: string | null; readonly rules: string} | null
}

interface Branch {
  readonly name: string
  readonly own: TreeCrate[]
  readonly children: Map<string, Branch>
}

/**
 * The tree in the order of `neworder.pref`, then by name, with the names that stand there where file names had to
 * replace a character. A crate with tracks and sub-crates becomes a folder whose first list, marked as its own, holds
 * the tracks.
 */
export function playlistsOfCrates(
  crates: readonly TreeCrate[],
  order: readonly (readonly string[])[],
): PlaylistNode<string>[] {
  const written = new Map(order.map((names, rank) => [keyOf(names.map(sanitizeCrateName)), {names, rank}]))
  const rankOf = (crate: TreeCrate) => written.get(keyOf(crate.levels))?.rank ?? order.length
  const byName = (a: TreeCrate, b: TreeCrate) => (keyOf(a.levels) < keyOf(b.levels) ? -1 : 1)
  const root = new Map<string, Branch>()
  for (const crate of [...crates].sort((a, b) => rankOf(a) - rankOf(b) || byName(a, b))) {
    let level = root
    let branch: Branch | undefined
    for (const [index, fileName] of crate.levels.entries()) {
      const name = written.get(keyOf(crate.levels.slice(0, index + 1)))?.names[index] ?? fileName
      branch = level.get(fileName) ?? {name, own: [], children: new Map()}
      level.set(fileName, branch)
      level = branch.children
    }
    branch?.own.push(crate)
  }
  return [...root.values()].flatMap(nodesOfBranch)
}

function keyOf(levels: readonly string[]): string {
  return levels.join(FILE_SEPARATOR).normalize('NFC')
}

function nodesOfBranch(branch: Branch): PlaylistNode<string>[] {
  const own = branch.own.map((crate) => nodeOfCrate(branch.name, crate))
  if (branch.children.size === 0) return own
  const kept = own
    .filter((node) => node.kind === 'smart' || node.tracks.length > 0)
    .map((node) => (node.kind === 'smart' ? node : {...node, extras: {serato: {isParent: true}}}))
  const folder: FolderNode<string> = {
    kind: 'folder',
    name: branch.name,
    children: [...kept, ...[...branch.children.values()].flatMap(nodesOfBranch)],
  }
  return [folder]
}

function nodeOfCrate(name: string, {refs, smart}: TreeCrate): ListNode<string> | SmartNode<string> {
  if (smart === null) return {kind: 'list', name, tracks: refs}
  return {kind: 'smart', name, query: smart.query, tracks: refs, extras: {serato: {rules: smart.rules}}}
}

/** Whether a list holds the tracks of the crate that the folder around it stands for. */
export function isOwnListOfFolder(node: PlaylistNode, folders: readonly string[]): boolean {
  const mark = node.extras?.['serato']
  return (
    node.kind === 'list' && node.name === folders.at(-1) && JSON.stringify(mark)?.includes('"isParent":true') === true
  )
}

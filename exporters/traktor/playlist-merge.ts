// Crate's tree of playlists against Traktor's: what is there at the same place, and what has to be added where.
import type {ListNode, PlaylistNode, SmartNode} from '../../src/core/playlist.js'
import type {TrackId} from '../../src/core/track.js'
import {encodeValue} from './byte-text.js'
import {applyEdits, setAttribute} from './edit.js'
import {type ListMergeOptions, mergeList} from './list-merge.js'
import {attributeOf, parseTag} from './markup.js'
import type {MergeRule} from './options.js'
import type {Piece} from './pieces.js'
import {ROOT_NAME} from './playlist.js'
import {makerOf, type PlaylistWriting, renderNodes, smartRuleOf} from './playlist-write.js'

/** A NODE of Traktor's, numbered in the order of the file. */
export interface TargetNode {
  readonly index: number
  readonly type: string
  readonly name: string
  readonly children: TargetNode[]
}

/** Reads the pieces under PLAYLISTS into the shape of the tree, without the lists themselves. */
export function createShapeReader(): {readonly push: (piece: Piece) => void; readonly roots: readonly TargetNode[]} {
  const roots: TargetNode[] = []
  const open: TargetNode[] = []
  let count = 0
  return {
    roots,
    push({kind, path, text, isSelfClosing}) {
      if (!path.startsWith('NML/PLAYLISTS/') || !path.endsWith('/NODE')) return
      if (kind === 'open') {
        const tag = parseTag(text)
        const of = (attribute: string) => attributeOf(text, tag, attribute) ?? ''
        const node: TargetNode = {index: count++, type: of('TYPE'), name: of('NAME'), children: []}
        const siblings = open.at(-1)?.children ?? roots
        siblings.push(node)
        open.push(node)
      }
      if (kind === 'close' || isSelfClosing) open.pop()
    },
  }
}

interface Addition {
  readonly folders: readonly string[]
  readonly nodes: readonly PlaylistNode[]
  readonly count: number
}

export interface PlaylistPlan {
  /** By number of the folder: what comes behind its children. */
  readonly additions: ReadonlyMap<number, Addition>
  /** By number of the list: crate's list of the same place. */
  readonly lists: ReadonlyMap<number, ListNode | SmartNode>
  /** Everything, where the file has no root folder. */
  readonly unplaced: readonly PlaylistNode[]
}

/** Nodes are the same when kind and name are, below the same folders; of several equal ones the nth is the nth. */
export function planPlaylists(roots: readonly TargetNode[], nodes: readonly PlaylistNode[]): PlaylistPlan {
  const additions = new Map<number, Addition>()
  const lists = new Map<number, ListNode | SmartNode>()
  const root = roots.find(({type, name}) => type === 'FOLDER' && name === ROOT_NAME)
  const place = (target: TargetNode, children: readonly PlaylistNode[], folders: readonly string[]) => {
    const free = new Map<string, TargetNode[]>()
    for (const child of target.children) {
      const id = `${child.type} ${child.name}`
      free.set(id, [...(free.get(id) ?? []), child])
    }
    const added: PlaylistNode[] = []
    for (const node of children) {
      const match = free.get(`${typeOf(node)} ${node.name}`)?.shift()
      if (match === undefined) added.push(node)
      else if (node.kind === 'folder') place(match, node.children, [...folders, node.name])
      else if (smartRuleOf(node) === null) lists.set(match.index, node)
    }
    if (added.length > 0)
      additions.set(target.index, {folders, nodes: added, count: target.children.length + added.length})
  }
  if (root !== undefined) place(root, nodes, [])
  return {additions, lists, unplaced: root === undefined ? nodes : []}
}

function typeOf(node: PlaylistNode): string {
  if (node.kind === 'folder') return 'FOLDER'
  return smartRuleOf(node) === null ? 'PLAYLIST' : 'SMARTLIST'
}

export interface PlaylistMergeOptions extends PlaylistWriting, Omit<ListMergeOptions, 'keepsOthers'> {
  readonly rule: MergeRule
}

/** Rewrites the pieces under PLAYLISTS as they come. */
export function createPlaylistMerger(
  plan: PlaylistPlan,
  options: PlaylistMergeOptions,
): (piece: Piece) => Iterable<string> {
  const open: number[] = []
  const opened = new Set<number>()
  let count = 0
  const additionOf = (index: number | undefined) => (index === undefined ? undefined : plan.additions.get(index))
  const render = ({nodes, folders}: Addition) => renderNodes(nodes, folders, options)

  function* mergeNode({kind, text, isSelfClosing}: Piece): Generator<string> {
    if (kind === 'open') {
      open.push(count++)
      if (!isSelfClosing) return yield text
    }
    const index = open.pop()
    const addition = additionOf(index)
    if (addition === undefined || (index !== undefined && opened.has(index))) return yield text
    if (isSelfClosing) yield `${text.slice(0, -2)}>`
    yield `<SUBNODES COUNT="${addition.count}">`
    yield* render(addition)
    yield `</SUBNODES>\n${isSelfClosing ? '</NODE>' : text}`
  }

  function* mergeSubnodes({kind, text, isSelfClosing}: Piece): Generator<string> {
    const index = open.at(-1)
    const addition = additionOf(index)
    if (index === undefined || addition === undefined) return yield text
    opened.add(index)
    if (kind === 'open') {
      const counted = applyEdits(text, [setAttribute(parseTag(text), 'COUNT', String(addition.count))])
      if (!isSelfClosing) return yield counted
      yield `${counted.slice(0, -2)}>`
    }
    yield* render(addition)
    yield isSelfClosing ? '</SUBNODES>' : text
  }

  return function* (piece) {
    const at = open.at(-1)
    if (piece.path.endsWith('/NODE') && (piece.kind === 'open' || piece.kind === 'close')) yield* mergeNode(piece)
    else if (piece.path.endsWith('/NODE/SUBNODES') && piece.kind !== 'text') yield* mergeSubnodes(piece)
    else {
      const list = piece.kind === 'element' && at !== undefined ? plan.lists.get(at) : undefined
      if (list === undefined || options.rule === 'keep' || !piece.path.endsWith('/PLAYLIST')) yield piece.text
      else {
        const keepsOthers = options.rule === 'merge' && makerOf(list) === 'traktor'
        yield mergeList(piece.text, list, {...options, keepsOthers})
      }
    }
  }
}

/** The whole section, for a file that has none. */
export function* renderPlaylists(nodes: readonly PlaylistNode<TrackId>[], writing: PlaylistWriting): Generator<string> {
  yield '<PLAYLISTS>'
  yield* renderRoot(nodes, writing)
  yield '</PLAYLISTS>\n'
}

/** The root folder, for a section that is empty. */
export function* renderRoot(nodes: readonly PlaylistNode<TrackId>[], writing: PlaylistWriting): Generator<string> {
  yield `<NODE TYPE="FOLDER" NAME="${encodeValue(ROOT_NAME)}"><SUBNODES COUNT="${nodes.length}">`
  yield* renderNodes(nodes, [], writing)
  yield '</SUBNODES>\n</NODE>\n'
}

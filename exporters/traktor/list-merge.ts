// One list of crate's into the list that Traktor has at the same place.
import type {ListNode, SmartNode} from '../../src/core/playlist.js'
import type {TrackId} from '../../src/core/track.js'
import {applyEdits, setAttribute} from './edit.js'
import {attributeOf, childOf, parseElement} from './markup.js'
import {renderListEntry} from './playlist-write.js'

export interface ListMergeOptions {
  /** The track that a PRIMARYKEY names; null for one that crate does not know. */
  readonly idOf: (key: string) => TrackId | null
  readonly keyOf: (id: TrackId) => string | null
  /** Entries that crate's list does not have stay (the list is of Traktor's making), else only those of unknown tracks. */
  readonly keepsOthers: boolean
}

interface StandingEntry {
  readonly text: string
  readonly id: TrackId | null
}

/**
 * The text of the PLAYLIST with crate's tracks in crate's order. Entries that stay although crate does not have them
 * keep their place behind the entry that they follow; entries of the same track keep their text (history's data).
 */
export function mergeList(text: string, node: ListNode | SmartNode, options: ListMergeOptions): string {
  const list = parseElement(text)
  const standing: StandingEntry[] = []
  let others = ''
  for (const child of list.children) {
    const childText = `${text.slice(child.start, child.end)}\n`
    const key = child.name === 'ENTRY' ? attributeOf(text, childOf(child, 'PRIMARYKEY'), 'KEY') : null
    if (child.name === 'ENTRY') standing.push({text: childText, id: key === null ? null : options.idOf(key)})
    else others += childText
  }
  const wanted = node.tracks.filter((id) => options.keyOf(id) !== null)
  const inWanted = new Set(wanted)
  const stays = ({id}: StandingEntry) => id === null || (options.keepsOthers && !inWanted.has(id))
  const ours = standing.filter((entry) => !stays(entry)).map(({id}) => id)
  if (ours.length === wanted.length && ours.every((id, index) => id === wanted[index])) return text

  const entries = arrange(standing, wanted, stays, (id) => renderListEntry(options.keyOf(id) ?? ''))
  const content = entries.join('') + others
  const open = applyEdits(text.slice(0, list.openEnd), [setAttribute(list, 'ENTRIES', String(entries.length))])
  if (list.isSelfClosing) return `${open.slice(0, -2)}>${content}</PLAYLIST>`
  return open + content + text.slice(list.closeStart)
}

function arrange(
  standing: readonly StandingEntry[],
  wanted: readonly TrackId[],
  stays: (entry: StandingEntry) => boolean,
  render: (id: TrackId) => string,
): string[] {
  /** Of each of crate's tracks that stands here: the text of each of its entries, and what stays behind it. */
  const texts = new Map<TrackId, string[]>()
  const behind = new Map<TrackId | null, string[]>()
  let anchor: TrackId | null = null
  for (const entry of standing) {
    if (stays(entry) || entry.id === null) behind.set(anchor, [...(behind.get(anchor) ?? []), entry.text])
    else {
      anchor = entry.id
      texts.set(anchor, [...(texts.get(anchor) ?? []), entry.text])
    }
  }
  const result: string[] = []
  const release = (id: TrackId | null) => {
    result.push(...(behind.get(id) ?? []))
    behind.delete(id)
  }
  release(null)
  for (const id of wanted) {
    result.push(texts.get(id)?.shift() ?? render(id))
    release(id)
  }
  for (const id of [...behind.keys()]) release(id)
  return result
}

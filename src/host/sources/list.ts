// Text and CSV files of titles and links.
import type {Source, SourceItem} from '../../api/source.js'
import {canonicalLink, parseSearchLink} from '../../core/download/link.js'
import {
  decodeListText,
  type ListEntry,
  parseCsvList,
  parseTextList,
  wantedFromText,
} from '../../core/download/list-text.js'
import {readListFile} from './read-file.js'

export const lists: Source = {
  async *list(target, {error}): AsyncIterable<SourceItem> {
    const text = decodeListText(await readListFile(target), target)
    const entries = /\.(?:csv|tsv)$/i.test(target) ? parseCsvList(text) : parseTextList(text)
    if (entries.length === 0)
      throw error('FORMAT_INVALID', `${target} holds no titles and no links`, {
        hints: ['One title or link per line: Artist - Title'],
      })
    for (const entry of entries) yield itemFrom(entry, target)
  },
}

function itemFrom(entry: ListEntry, target: string): SourceItem {
  switch (entry.kind) {
    case 'link':
      return {kind: 'link', link: entry.link, about: entry.about}
    case 'wanted':
      return {kind: 'wanted', wanted: entry.wanted, service: null}
    case 'search': {
      const search = parseSearchLink(entry.text)
      if (search !== null && search.count === null)
        return {kind: 'wanted', wanted: wantedFromText(search.words), service: search.service}
      return {kind: 'link', link: canonicalLink(entry.text) ?? entry.text, about: {}}
    }
    case 'bad':
      return {
        kind: 'failure',
        subject: `${target} line ${entry.line}`,
        code: 'FORMAT_INVALID',
        message: `"${entry.text}": ${entry.reason}`,
      }
  }
}

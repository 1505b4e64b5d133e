// Links and searches as the person typed them.
import type {Source, SourceItem} from '../../api/source.js'
import {canonicalLink, parseSearchLink} from '../../core/download/link.js'
import {wantedFromText} from '../../core/download/list-text.js'

export const links: Source = {
  async *list(target, {error}): AsyncIterable<SourceItem> {
    const link = canonicalLink(target)
    if (link === null)
      throw error('USAGE', `"${target}" is not a link that can be fetched`, {
        hints: ['Links begin with https:// or http:// and carry no user name.'],
      })
    yield {kind: 'link', link, about: {}}
  },
}

/** With a number a search is a list of so many results; without one it is a piece to be found. */
export const searches: Source = {
  async *list(target): AsyncIterable<SourceItem> {
    const search = parseSearchLink(target)
    if (search === null) return
    const {service, count, words} = search
    if (count === null) yield {kind: 'wanted', wanted: wantedFromText(words), service}
    else yield {kind: 'link', link: `${service}${count}:${words}`, about: {}}
  },
}

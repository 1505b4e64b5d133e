// RSS and Atom: the audio that the entries of a feed enclose, or the pages that they link to.
import type {Source, SourceItem} from '../../api/source.js'
import {canonicalLink} from '../../core/download/link.js'
import {parseLength} from '../../core/download/list-text.js'
import {CrateError} from '../../core/errors.js'
import {readListFile} from './read-file.js'

const LARGEST_FEED_BYTES = 20_000_000
const PATIENCE_MS = 30_000

export const feeds: Source = {
  async *list(target, {signal}): AsyncIterable<SourceItem> {
    const address = target.replace(/^feed:(?:\/\/(?=https?:))?/i, '')
    const isRemote = /^https?:\/\//i.test(address)
    const xml = isRemote ? await download(address, signal) : await readListFile(address)
    yield* parseFeed(decodeFeed(xml), address)
  },
}

/** In the encoding that its first line declares (XML 1.0 §4.3.3), UTF-8 where it declares none or one that nobody knows. */
export function decodeFeed(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const declared = /<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/.exec(head)?.[1]
  try {
    const name = isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : (declared ?? 'utf-8')
    return new TextDecoder(name).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

/** @throws FORMAT_INVALID where the text is no feed */
export async function* parseFeed(xml: string, name: string): AsyncIterable<SourceItem> {
  const {XMLParser} = await import('fast-xml-parser')
  let root: unknown
  try {
    root = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      processEntities: {enabled: true, maxTotalExpansions: 100_000},
      parseTagValue: false,
      removeNSPrefix: false,
    }).parse(xml)
  } catch (cause) {
    throw notFeed(name, cause)
  }
  const channel = record(record(record(root)['rss'])['channel'])
  const atom = record(record(root)['feed'])
  const rdf = record(record(root)['rdf:RDF'])
  const items = [...list(channel['item']), ...list(atom['entry']), ...list(rdf['item'])]
  if (
    items.length === 0 &&
    Object.keys(channel).length === 0 &&
    Object.keys(atom).length === 0 &&
    Object.keys(rdf).length === 0
  )
    throw notFeed(name)
  for (const [index, item] of items.entries()) {
    const enclosures = [...list(item['enclosure']), ...list(item['link']), ...list(item['media:content'])]
    const audio = enclosures.find((one) => /^(?:audio|video)\//i.test(text(one['@type']) ?? ''))
    const link = canonicalLink(
      text(audio?.['@url']) ??
        text(audio?.['@href']) ??
        text(item['link']) ??
        text(list(item['link'])[0]?.['@href']) ??
        '',
    )
    const title = text(item['title'])
    if (link === null) {
      yield {
        kind: 'failure',
        subject: `${name} entry ${index + 1}${title === null ? '' : ` "${title}"`}`,
        code: 'FORMAT_INVALID',
        message: 'it has no link to audio',
      }
      continue
    }
    const durationMs = parseLength(text(item['itunes:duration']) ?? '')
    const artist = text(item['itunes:author']) ?? text(item['dc:creator'])
    yield {
      kind: 'link',
      link,
      about: {
        ...(title === null ? {} : {title}),
        ...(artist === null ? {} : {artist}),
        ...(durationMs === null ? {} : {durationMs}),
      },
    }
  }
}

async function download(address: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const answer = await fetch(address, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      redirect: 'follow',
    })
    if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`)
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of answer.body) {
      bytes += piece.length
      if (bytes > LARGEST_FEED_BYTES) throw new Error('it is too large for a feed')
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  } catch (cause) {
    signal.throwIfAborted()
    throw new CrateError('NETWORK_FAILED', `${address} cannot be read: ${(cause as Error).message}`, {
      hints: ['Check the link in a browser.'],
      cause,
    })
  }
}

function notFeed(name: string, cause?: unknown): CrateError {
  return new CrateError('FORMAT_INVALID', `${name} is not an RSS or Atom feed`, {
    hints: ['A page with music is fetched by its plain link.'],
    cause,
  })
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function list(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(record)
}

function text(value: unknown): string | null {
  const inner =
    typeof value === 'object' && value !== null && '#text' in value
      ? (value as Record<string, unknown>)['#text']
      : value
  return typeof inner === 'string' && inner.trim() !== '' ? inner.trim() : null
}

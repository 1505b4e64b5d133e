// A Rekordbox XML read as a stream: tracks as they come, then the playlists; memory stays that of one track.
import {type SaxesAttributePlain, SaxesParser} from 'saxes'
import {CrateError} from '../../src/core/errors.js'
import {decoderOfXml} from '../shared/xml-encoding.js'
import type {Attributes, XmlElement} from './xml.js'

/** A NODE of PLAYLISTS. Keys of a list are as they stand there: TrackIDs, or Locations where `keysAreLocations`. */
export interface PlaylistElement {
  readonly attributes: Attributes
  readonly children: readonly PlaylistElement[]
  readonly keys: readonly string[]
}

export type RekordboxItem =
  | {readonly kind: 'product'; readonly attributes: Attributes}
  | {readonly kind: 'collection'; readonly attributes: Attributes}
  | {readonly kind: 'track'; readonly element: XmlElement}
  | {readonly kind: 'playlists'; readonly root: PlaylistElement}
  | {readonly kind: 'warning'; readonly subject: string; readonly message: string}

/** Far above real files (1,567 grid markers in one track, names of some hundred characters), far below what hurts. */
const LIMITS = {
  charactersWithoutElement: 8 * 1024 * 1024,
  childrenOfTrack: 200_000,
  depth: 64,
  damagedCharacters: 1000,
} as const

/** Faults that concern one character; the rest of the file reads on. Everything else breaks the structure. */
const CHARACTER_FAULTS =
  /disallowed character\.|undefined entity|disallowed character in entity name|malformed character entity|empty entity name|"]]>" is disallowed|duplicate attribute/

/** Longer than any entity or reference that a program writes. */
const ENTITY_LENGTH = 40
const BARE_AMPERSAND = /&(?!(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z_][\w.-]{0,31});)/gi

interface OpenElement {
  readonly name: string
  readonly attributes: Attributes
  readonly children: XmlElement[]
}

interface OpenNode {
  readonly attributes: Attributes
  readonly children: PlaylistElement[]
  readonly keys: string[]
}

/**
 * The items of a file, in batches of what each piece of it completed.
 *
 * @param chunks the file's bytes in any pieces
 * @throws FORMAT_INVALID where the XML is broken or is none of Rekordbox; what came before it has been yielded
 */
export async function* readRekordbox(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RekordboxItem[]> {
  const reader = new Reader()
  let decoder: TextDecoder | null = null
  let pending: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (decoder === null) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      if (pending.length < 256) continue
      decoder = decoderOfXml(pending)
      yield reader.write(decoder.decode(pending, {stream: true}))
    } else yield reader.write(decoder.decode(chunk, {stream: true}))
  }
  if (decoder === null) {
    decoder = decoderOfXml(pending)
    yield reader.write(decoder.decode(pending, {stream: true}))
  }
  yield reader.end(decoder.decode())
}

class Reader {
  readonly #parser = new SaxesParser<{fileName?: string}>({})
  #items: RekordboxItem[] = []
  #attributes: Record<string, string> = {}
  /** Elements open above the one at hand, outermost first, up to the point where one is collected. */
  readonly #path: string[] = []
  /** The TRACK that is being read and what is open inside it. */
  readonly #open: OpenElement[] = []
  readonly #nodes: OpenNode[] = []
  /** For each NODE that is open, whether it was one too deep, whose content went to the folder above. */
  readonly #joined: boolean[] = []
  #hasJoined = false
  /** The end of the text so far where it may be half of an entity. */
  #held = ''
  #trackCount = 0
  #charactersSinceElement = 0
  #damaged = 0
  #failure: CrateError | null = null

  constructor() {
    this.#parser.on('error', (error) => this.#onFault(error))
    this.#parser.on('opentagstart', () => {
      this.#attributes = {}
    })
    this.#parser.on('attribute', (attribute: SaxesAttributePlain) => {
      this.#attributes[attribute.name] = attribute.value
    })
    this.#parser.on('opentag', (tag) => this.#onOpen(tag.name, this.#attributes))
    this.#parser.on('closetag', (tag) => this.#onClose(tag.name))
  }

  write(text: string): RekordboxItem[] {
    this.#charactersSinceElement += text.length
    if (this.#charactersSinceElement > LIMITS.charactersWithoutElement + text.length)
      throw this.#invalid(`${LIMITS.charactersWithoutElement} characters without an element`)
    this.#parser.write(this.#repair(text))
    return this.#take()
  }

  end(text: string): RekordboxItem[] {
    this.#parser.write(`${this.#repair(text)}${this.#held}`)
    if (this.#failure === null) this.#parser.close()
    if (this.#damaged > 0) this.#warn('', `${this.#damaged} characters or entities that XML forbids were left out`)
    return this.#take()
  }

  /** A bare `&`, as tools without an XML writer leave it, made whole; saxes would read on to the next `;`. */
  #repair(text: string): string {
    const joined = this.#held + text
    const lastAt = joined.lastIndexOf('&')
    const isCut = lastAt > joined.length - ENTITY_LENGTH && !joined.includes(';', lastAt)
    this.#held = isCut ? joined.slice(lastAt) : ''
    const whole = isCut ? joined.slice(0, lastAt) : joined
    return whole.replace(BARE_AMPERSAND, () => {
      this.#damaged++
      return '&amp;'
    })
  }

  /** A fault is raised after the write that met it: an exception from inside saxes would leave it in no defined state. */
  #take(): RekordboxItem[] {
    if (this.#failure !== null) throw this.#failure
    const items = this.#items
    this.#items = []
    return items
  }

  #invalid(reason: string): CrateError {
    const {line, column} = this.#parser
    return new CrateError(
      'FORMAT_INVALID',
      `the Rekordbox XML is damaged at line ${line}, column ${column}: ${reason}`,
      {
        hints: ['Export the collection from Rekordbox again: File → Export Collection in xml format'],
        details: {line, column, tracksRead: this.#trackCount},
      },
    )
  }

  #onFault(error: Error): void {
    if (this.#failure !== null) return
    const reason = error.message.replace(/^(?:.*?:)?\d+:\d+:\s*/, '')
    if (CHARACTER_FAULTS.test(reason) && ++this.#damaged <= LIMITS.damagedCharacters) return
    this.#failure = this.#invalid(reason)
  }

  #warn(subject: string, message: string): void {
    this.#items.push({kind: 'warning', subject, message})
  }

  #onOpen(name: string, attributes: Attributes): void {
    if (this.#failure !== null) return
    this.#charactersSinceElement = 0
    if (this.#path.length === 0 && this.#parser.closed === false && name !== 'DJ_PLAYLISTS')
      this.#failure = notRekordbox(name)
    const [, section] = this.#path
    if (this.#open.length > 0) this.#openInTrack(name, attributes)
    else if (section === 'COLLECTION' && this.#path.length === 2 && name === 'TRACK')
      this.#openInTrack(name, attributes)
    else if (section === 'PLAYLISTS') this.#openInPlaylists(name, attributes)
    else if (this.#path.length === 1 && name === 'PRODUCT') this.#items.push({kind: 'product', attributes})
    else if (this.#path.length === 1 && name === 'COLLECTION') this.#items.push({kind: 'collection', attributes})
    this.#path.push(name)
    if (this.#path.length > LIMITS.depth * 4) this.#failure = this.#invalid('elements are nested too deep')
  }

  #openInTrack(name: string, attributes: Attributes): void {
    const parent = this.#open.at(-1)
    const element: OpenElement = {name, attributes, children: []}
    if (parent !== undefined) {
      if (parent.children.length >= LIMITS.childrenOfTrack)
        this.#failure = this.#invalid(`a track holds more than ${LIMITS.childrenOfTrack} marks`)
      parent.children.push(element)
    }
    this.#open.push(element)
  }

  #openInPlaylists(name: string, attributes: Attributes): void {
    if (name === 'TRACK') this.#nodes.at(-1)?.keys.push(attributes['Key'] ?? '')
    if (name !== 'NODE') return
    const isJoined = this.#nodes.length >= LIMITS.depth && attributes['Type'] !== '1'
    this.#joined.push(isJoined)
    if (isJoined && !this.#hasJoined)
      this.#warn(attributes['Name'] ?? '', `folders deeper than ${LIMITS.depth} levels were joined with the one above`)
    this.#hasJoined ||= isJoined
    if (isJoined) return
    this.#nodes.push({attributes, children: [], keys: []})
  }

  #onClose(name: string): void {
    if (this.#failure !== null) return
    this.#path.pop()
    const element = this.#open.pop()
    if (element !== undefined) {
      if (this.#open.length > 0) return
      this.#trackCount++
      this.#items.push({kind: 'track', element})
      return
    }
    if (name !== 'NODE' || this.#path[1] !== 'PLAYLISTS') return
    if (this.#joined.pop() === true) return
    const node = this.#nodes.pop()
    if (node === undefined) return
    const parent = this.#nodes.at(-1)
    if (parent === undefined) this.#items.push({kind: 'playlists', root: node})
    else parent.children.push(node)
  }
}

function notRekordbox(root: string): CrateError {
  return new CrateError('FORMAT_INVALID', `not a Rekordbox XML: <${root.slice(0, 40)}> where <DJ_PLAYLISTS> belongs`, {
    hints: [
      root === 'NML'
        ? 'It is a collection of Traktor: say traktor instead of rekordbox.'
        : 'Rekordbox makes one by File → Export Collection in xml format.',
    ],
    details: {root},
  })
}

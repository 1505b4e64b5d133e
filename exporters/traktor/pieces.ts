// An NML file as a stream of pieces whose texts, put together, are the file again: the importer reads some of them, the
// exporter changes some of them, and neither holds more than one entry or list at a time.
import {CrateError} from '../../src/core/errors.js'
import {decoderOfXml} from '../shared/xml-encoding.js'
import {byteTextFromBytes} from './byte-text.js'
import {DEEPEST, endOfAside, endOfTag, malformed, nameAt} from './markup.js'

/**
 * `open` and `close` are single tags, `element` one element whole (an ENTRY of the collection, a PLAYLIST, a SMARTLIST),
 * `text` what stands between. `path` names the element with those above it, as in `NML/COLLECTION/ENTRY`.
 */
export interface Piece {
  readonly kind: 'open' | 'close' | 'element' | 'text'
  readonly path: string
  readonly text: string
  /** Of an `open` without a `close`. */
  readonly isSelfClosing: boolean
}

export const ENTRY_PATH = 'NML/COLLECTION/ENTRY'

function isTakenWhole(path: string): boolean {
  return path === ENTRY_PATH || (path.startsWith('NML/PLAYLISTS/') && /\/NODE\/(?:PLAYLIST|SMARTLIST)$/.test(path))
}

/** Larger than a list of a million tracks; a piece that does not end within it is damage. */
const LONGEST_PIECE = 1 << 28

export interface Splitter {
  /** The pieces that end in what was pushed so far. @throws FORMAT_INVALID for a fault before which no piece is left */
  push(text: string): Piece[]
  /** The pieces that are left. */
  end(): Piece[]
  /** To call last. @throws FORMAT_INVALID where the text was no well-formed NML, or not all of one */
  assertWhole(): void
}

export function createSplitter(): Splitter {
  let buffer = ''
  /** Chunks are joined only when they are as long as the buffer, so that a long piece does not cost the square of it. */
  let waiting: string[] = []
  let waitingLength = 0
  /** Bytes of the file before the buffer. */
  let base = 0
  /** Start of the piece that is being read, and how far the buffer was looked at. */
  let start = 0
  let at = 0
  /** Names of open elements outside of a piece, and inside of one. */
  const path: string[] = []
  const inner: string[] = []
  let hasRoot = false

  let fault: unknown = null

  /** The pieces up to a fault, which is thrown when there are none before it. */
  function scan(isEnd: boolean): Piece[] {
    const pieces: Piece[] = []
    if (fault === null)
      try {
        scanInto(pieces, isEnd)
      } catch (error) {
        fault = error
      }
    return pieces
  }

  function scanInto(pieces: Piece[], isEnd: boolean): void {
    const emit = (kind: Piece['kind'], end: number, piecePath: string, isSelfClosing = false) => {
      if (end > start) pieces.push({kind, path: piecePath, text: buffer.slice(start, end), isSelfClosing})
      start = end
      at = end
    }
    for (;;) {
      const tag = buffer.indexOf('<', at)
      if (tag === -1 || tag + 9 > buffer.length) {
        if (!isEnd || tag === -1) {
          at = tag === -1 ? buffer.length : tag
          break
        }
      }
      const isWhole = inner.length > 0
      if (!isWhole && tag > start) emit('text', tag, path.join('/'))
      const next = buffer.charCodeAt(tag + 1)
      const isAside = next === 0x21 || next === 0x3f
      const end = isAside ? endOfAside(buffer, tag, base) : endOfTag(buffer, tag)
      if (end === -1) {
        at = tag
        break
      }
      if (isAside) {
        at = end
        if (!isWhole) emit('text', end, path.join('/'))
      } else if (next === 0x2f) {
        const name = buffer.slice(tag + 2, end - 1).trimEnd()
        const names = isWhole ? inner : path
        if (names.at(-1) !== name)
          throw malformed(`</${name.slice(0, 40)}> inside of <${names.at(-1) ?? ''}>`, base + tag)
        const full = path.join('/')
        names.pop()
        at = end
        if (!isWhole) emit('close', end, full)
        else if (inner.length === 0) emit('element', end, `${full}/${name}`)
      } else {
        const name = nameAt(buffer, tag + 1, base)
        const isSelfClosing = buffer.charCodeAt(end - 2) === 0x2f
        at = end
        if (isWhole) {
          if (!isSelfClosing) inner.push(name)
        } else {
          if (path.length === 0) enterRoot(name, base + tag)
          const full = path.length === 0 ? name : `${path.join('/')}/${name}`
          if (isTakenWhole(full)) {
            if (isSelfClosing) emit('element', end, full, true)
            else inner.push(name)
          } else {
            emit('open', end, full, isSelfClosing)
            if (!isSelfClosing) path.push(name)
          }
        }
        if (path.length + inner.length > DEEPEST) throw malformed('nesting too deep to be real', base + tag)
      }
    }
    if (buffer.length - start > LONGEST_PIECE) throw malformed('an element that does not end', base + start)
    base += start
    buffer = buffer.slice(start)
    at -= start
    start = 0
  }

  function enterRoot(name: string, offset: number): void {
    if (name !== 'NML' || hasRoot)
      throw new CrateError('FORMAT_INVALID', `not a Traktor collection: <${name.slice(0, 40)}> where <NML> belongs`, {
        hints: [
          ...(name === 'DJ_PLAYLISTS' ? ['It is an XML of Rekordbox: say rekordbox instead of traktor.'] : []),
          'Traktor keeps its collection in "Documents/Native Instruments/Traktor …/collection.nml".',
        ],
        details: {offset},
      })
    hasRoot = true
  }

  function take(): void {
    buffer += waiting.join('')
    waiting = []
    waitingLength = 0
  }

  return {
    push(text) {
      waiting.push(text)
      waitingLength += text.length
      if (waitingLength < buffer.length) return []
      take()
      const pieces = scan(false)
      if (fault !== null && pieces.length === 0) throw fault
      return pieces
    },
    end() {
      take()
      const pieces = scan(true)
      const isOutside = path.length + inner.length === 0
      if (fault === null && isOutside && buffer.trim() === '' && buffer !== '')
        pieces.push({kind: 'text', path: '', text: buffer, isSelfClosing: false})
      return pieces
    },
    assertWhole() {
      if (fault !== null) throw fault
      const open = inner.at(-1) ?? path.at(-1)
      if (open !== undefined) throw malformed(`the file ends inside of <${open}>`, base + buffer.length)
      if (!hasRoot) throw malformed('no <NML>', base)
      if (buffer.trim() !== '') throw malformed('text where a tag belongs', base)
    },
  }
}

/** The pieces of a file, in batches as its chunks come. @throws FORMAT_INVALID after the pieces before the fault */
export async function* piecesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece[]> {
  const splitter = createSplitter()
  for await (const chunk of chunks) {
    const pieces = splitter.push(byteTextFromBytes(chunk))
    if (pieces.length > 0) yield pieces
  }
  yield splitter.end()
  splitter.assertWhole()
}

/**
 * The same of a file in any encoding: what is not UTF-8 is turned into it. For reading only, since what would be written
 * back were other bytes than those that came in.
 */
export async function* readablePiecesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece[]> {
  yield* piecesOf(inUtf8(chunks))
}

const HEAD_BYTES = 256

async function* inUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  let decoder: TextDecoder | null = null
  for await (const chunk of chunks) {
    if (decoder !== null) yield utf8From(chunk, decoder)
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      if (head.length < HEAD_BYTES) continue
      decoder = decoderOfXml(head)
      yield utf8From(head, decoder)
    }
  }
  if (decoder === null) {
    decoder = decoderOfXml(head)
    yield utf8From(head, decoder)
  }
  if (decoder.encoding !== 'utf-8') yield Buffer.from(decoder.decode())
}

/** UTF-8 passes as it is, also where it is damaged. */
function utf8From(bytes: Uint8Array, decoder: TextDecoder): Uint8Array {
  return decoder.encoding === 'utf-8' ? bytes : Buffer.from(decoder.decode(bytes, {stream: true}))
}

/** The pieces of a text that is at hand whole. @throws FORMAT_INVALID */
export function piecesOfText(text: string): Piece[] {
  const splitter = createSplitter()
  const pieces = [...splitter.push(text), ...splitter.end()]
  splitter.assertWhole()
  return pieces
}

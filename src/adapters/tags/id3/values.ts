// What the frames of an ID3v2 tag are called and hold, seen from outside: a key and the value's bytes.
// Source: id3.org, "ID3 tag version 2.4.0 – Native Frames"; the three-letter names from 2.2.0.
import {CrateError} from '../../../core/errors.js'
import {latin1, u8} from '../../audio/bytes.js'
import {frameContent, type Id3Frame, type Id3Tag, type Id3Version, makeFrame} from './tag.js'
import {
  decodeText,
  decodeTextList,
  ENCODING,
  encodeText,
  encodingFor,
  terminator,
  terminatorAt,
  terminatorBytes,
} from './text.js'

/** Frames of 2.2 whose form is the same under a longer name; pictures (PIC) and a few others differ in form. */
const NAMES_22: Readonly<Record<string, string>> = {
  BUF: 'RBUF',
  COM: 'COMM',
  GEO: 'GEOB',
  IPL: 'IPLS',
  MCI: 'MCDI',
  CNT: 'PCNT',
  POP: 'POPM',
  TAL: 'TALB',
  TBP: 'TBPM',
  TCM: 'TCOM',
  TCO: 'TCON',
  TCP: 'TCMP',
  TCR: 'TCOP',
  TDA: 'TDAT',
  TDY: 'TDLY',
  TEN: 'TENC',
  TFT: 'TFLT',
  TIM: 'TIME',
  TKE: 'TKEY',
  TLA: 'TLAN',
  TLE: 'TLEN',
  TMT: 'TMED',
  TOA: 'TOPE',
  TOF: 'TOFN',
  TOL: 'TOLY',
  TOR: 'TORY',
  TOT: 'TOAL',
  TP1: 'TPE1',
  TP2: 'TPE2',
  TP3: 'TPE3',
  TP4: 'TPE4',
  TPA: 'TPOS',
  TPB: 'TPUB',
  TRC: 'TSRC',
  TRD: 'TRDA',
  TRK: 'TRCK',
  TSI: 'TSIZ',
  TSS: 'TSSE',
  TT1: 'TIT1',
  TT2: 'TIT2',
  TT3: 'TIT3',
  TXT: 'TEXT',
  TXX: 'TXXX',
  TYE: 'TYER',
  UFI: 'UFID',
  ULT: 'USLT',
  WAF: 'WOAF',
  WAR: 'WOAR',
  WAS: 'WOAS',
  WCM: 'WCOM',
  WCP: 'WCOP',
  WPB: 'WPUB',
  WXX: 'WXXX',
}
const NAMES_22_REVERSED = new Map(Object.entries(NAMES_22).map(([short, long]) => [long, short]))

type Form = 'text' | 'user-text' | 'url' | 'user-url' | 'comment' | 'object' | 'owned' | 'raw'

function formOf(name: string): Form {
  if (name === 'TXXX') return 'user-text'
  if (name === 'WXXX') return 'user-url'
  if (name === 'COMM' || name === 'USLT') return 'comment'
  if (name === 'GEOB') return 'object'
  if (name === 'UFID' || name === 'PRIV') return 'owned'
  if (name.startsWith('T')) return 'text'
  return name.startsWith('W') ? 'url' : 'raw'
}

export interface FrameValue {
  readonly key: string
  readonly bytes: Uint8Array
}

/** Name of a frame as 2.3 and 2.4 call it. */
function longName(id: string, version: Id3Version): string {
  return version === 2 ? (NAMES_22[id] ?? id) : id
}

/**
 * Key and value of a frame; null where it is encrypted or damaged.
 *
 * Texts are UTF-8 (several values separated by NUL), of GEOB the object, of UFID and PRIV the data after the owner, of
 * frames without a form known here (APIC, POPM, …) the whole content. `COMM` and `USLT` without a description have
 * plain keys; their language is kept on writing.
 */
export function frameValue(frame: Id3Frame, tag: Id3Tag): FrameValue | null {
  const content = frameContent(frame, tag)
  if (content === null) return null
  const name = longName(frame.id, tag.version)
  const encoding = u8(content, 0)
  switch (formOf(name)) {
    case 'text':
      return {key: name, bytes: Buffer.from(decodeTextList(content.subarray(1), encoding).join('\0'), 'utf8')}
    case 'user-text': {
      const {head, rest} = splitAt(content, 1, encoding)
      return {key: `${name}:${head}`, bytes: Buffer.from(decodeTextList(rest, encoding).join('\0'), 'utf8')}
    }
    case 'url':
      return {key: name, bytes: Buffer.from(decodeText(untilNul(content), ENCODING.latin1), 'utf8')}
    case 'user-url': {
      const {head, rest} = splitAt(content, 1, encoding)
      return {key: `${name}:${head}`, bytes: Buffer.from(decodeText(untilNul(rest), ENCODING.latin1), 'utf8')}
    }
    case 'comment': {
      const {head, rest} = splitAt(content, 4, encoding)
      const text = decodeText(rest.subarray(0, terminatorAt(rest, 0, encoding)), encoding)
      return {key: keyWith(name, head), bytes: Buffer.from(text, 'utf8')}
    }
    case 'object': {
      const object = parseObject(content)
      return object === null ? null : {key: `${name}:${object.description}`, bytes: object.bytes}
    }
    case 'owned': {
      const end = terminatorAt(content, 0, ENCODING.latin1)
      return {key: `${name}:${latin1(content, 0, end)}`, bytes: content.subarray(end + 1)}
    }
    case 'raw':
      return {key: name, bytes: content}
  }
}

function keyWith(name: string, description: string): string {
  return description === '' ? name : `${name}:${description}`
}

function untilNul(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, terminatorAt(bytes, 0, ENCODING.latin1))
}

function splitAt(content: Uint8Array, from: number, encoding: number): {head: string; rest: Uint8Array} {
  const end = terminatorAt(content, from, encoding)
  return {
    head: decodeText(content.subarray(from, end), encoding),
    rest: content.subarray(Math.min(content.length, end + terminatorBytes(encoding))),
  }
}

interface EncapsulatedObject {
  /** Encoding byte, media type, file name and description with their terminators, as stored. */
  readonly head: Uint8Array
  readonly description: string
  readonly bytes: Uint8Array
}

function parseObject(content: Uint8Array): EncapsulatedObject | null {
  const encoding = u8(content, 0)
  const mediaEnd = terminatorAt(content, 1, ENCODING.latin1)
  const nameEnd = terminatorAt(content, mediaEnd + 1, encoding)
  const descriptionStart = nameEnd + terminatorBytes(encoding)
  const descriptionEnd = terminatorAt(content, descriptionStart, encoding)
  const start = descriptionEnd + terminatorBytes(encoding)
  if (start > content.length) return null
  const description = decodeText(content.subarray(descriptionStart, descriptionEnd), encoding)
  return {head: content.subarray(0, start), description, bytes: content.subarray(start)}
}

/**
 * A frame that holds a value under a key.
 *
 * @param current the frame of that key which it replaces: language, media type and file name are taken over
 */
export function makeValueFrame(key: string, bytes: Uint8Array, tag: Id3Tag, current: Id3Frame | null): Id3Frame {
  const colon = key.indexOf(':')
  const name = colon < 0 ? key : key.slice(0, colon)
  const description = colon < 0 ? '' : key.slice(colon + 1)
  const id = tag.version === 2 ? (NAMES_22_REVERSED.get(name) ?? name) : name
  if (!/^[A-Z][A-Z0-9]+$/.test(id) || id.length !== (tag.version === 2 ? 3 : 4))
    throw new CrateError('FORMAT_UNSUPPORTED', `"${key}" has no place in an ID3v2.${tag.version} tag`)
  const currentContent = current === null ? null : frameContent(current, tag)
  return makeFrame(id, encodeContent(name, description, bytes, tag.version, currentContent), tag)
}

function encodeContent(
  name: string,
  description: string,
  bytes: Uint8Array,
  version: Id3Version,
  current: Uint8Array | null,
): Uint8Array {
  const text = () => Buffer.from(bytes).toString('utf8')
  switch (formOf(name)) {
    case 'text': {
      const encoding = encodingFor([text()], version)
      return Buffer.concat([Buffer.from([encoding]), ...encodeList(text(), encoding)])
    }
    case 'user-text': {
      const encoding = encodingFor([description, text()], version)
      const head = [Buffer.from([encoding]), encodeText(description, encoding), terminator(encoding)]
      return Buffer.concat([...head, ...encodeList(text(), encoding)])
    }
    case 'url':
      return Buffer.from(text(), 'latin1')
    case 'user-url': {
      const encoding = encodingFor([description], version)
      const head = [Buffer.from([encoding]), encodeText(description, encoding), terminator(encoding)]
      return Buffer.concat([...head, Buffer.from(text(), 'latin1')])
    }
    case 'comment': {
      const encoding = encodingFor([description, text()], version)
      const language = current === null || current.length < 4 ? Buffer.from('eng') : current.subarray(1, 4)
      const head = [Buffer.from([encoding]), language, encodeText(description, encoding), terminator(encoding)]
      return Buffer.concat([...head, encodeText(text(), encoding)])
    }
    case 'object': {
      const object = current === null ? null : parseObject(current)
      if (object !== null) return Buffer.concat([object.head, bytes])
      const encoding = encodingFor([description], version)
      const media = Buffer.from('application/octet-stream\0', 'latin1')
      const head = [
        Buffer.from([encoding]),
        media,
        terminator(encoding),
        encodeText(description, encoding),
        terminator(encoding),
      ]
      return Buffer.concat([...head, bytes])
    }
    case 'owned':
      return Buffer.concat([Buffer.from(`${description}\0`, 'latin1'), bytes])
    case 'raw':
      return bytes
  }
}

/** Values separated by NUL, each with the byte order mark that its encoding asks for. */
function encodeList(text: string, encoding: number): Buffer[] {
  return text
    .split('\0')
    .flatMap((value, index) =>
      index === 0 ? [encodeText(value, encoding)] : [terminator(encoding), encodeText(value, encoding)],
    )
}

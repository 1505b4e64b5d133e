// The items of an MP4's `ilst`: iTunes' tags and freeform ones.
// Sources: Apple, "QuickTime File Format: Metadata"; the atoms as mutagen's mp4/__init__.py and TagLib's mp4tag document them.
import {CrateError} from '../../../core/errors.js'
import {type ByteSource, startsWith, u24be} from '../../audio/bytes.js'
import {childAtom, contentStart, type Mp4Atom, mp4Atoms} from '../../audio/containers/mp4-atoms.js'
import type {KeyChange} from '../splice.js'

export interface Mp4Item {
  /** `©nam`, `tmpo`, `----:com.serato.dj:markersv2`. */
  readonly key: string
  /** The whole atom. */
  readonly atom: Uint8Array
  /** Type code and payload of each of its `data` atoms. */
  readonly values: readonly {readonly type: number; readonly bytes: Uint8Array}[]
}

export function parseMp4Items(source: ByteSource, list: Mp4Atom): Mp4Item[] {
  return [...mp4Atoms(source, contentStart(list), list.end)].map((atom) => {
    const values = [...mp4Atoms(source, contentStart(atom), atom.end)]
      .filter(({type}) => type === 'data')
      .map((data) => {
        const body = source.read(contentStart(data), data.end - contentStart(data)).slice()
        return {type: u24be(body, 1), bytes: body.subarray(8)}
      })
    return {key: keyOf(source, atom), atom: source.read(atom.at, atom.end - atom.at).slice(), values}
  })
}

function keyOf(source: ByteSource, atom: Mp4Atom): string {
  if (atom.type !== '----') return atom.type
  const text = (type: string) => {
    const part = childAtom(source, atom, type)
    // Version and flags come before the text.
    return part === null
      ? ''
      : Buffer.from(source.read(contentStart(part) + 4, part.end - contentStart(part) - 4)).toString('utf8')
  }
  return `----:${text('mean')}:${text('name')}`
}

/** Items after the changes; unchanged ones keep their bytes and their place. */
export function editMp4Items(items: readonly Mp4Item[], changes: readonly KeyChange[]): Uint8Array {
  let atoms: readonly {readonly key: string; readonly atom: Uint8Array; readonly values?: Mp4Item['values']}[] = items
  for (const {key, values} of changes) {
    const current = atoms.find((item) => item.key === key)
    const fresh = values.length === 0 ? [] : [{key, atom: makeItem(key, values, current?.values?.[0]?.type ?? null)}]
    atoms =
      current === undefined
        ? [...atoms, ...fresh]
        : atoms.flatMap((item) => (item === current ? fresh : item.key === key ? [] : [item]))
  }
  return Buffer.concat(atoms.map(({atom}) => atom))
}

const TYPE = {implicit: 0, utf8: 1, jpeg: 13, png: 14, integer: 21, bmp: 27} as const
const INTEGERS = [
  'tmpo',
  'cpil',
  'pgap',
  'pcst',
  'rtng',
  'stik',
  'hdvd',
  'shwm',
  'plID',
  'cnID',
  'atID',
  'geID',
  'sfID',
  'cmID',
  'akID',
  'tvsn',
  'tves',
]

function makeItem(key: string, values: readonly Uint8Array[], currentType: number | null): Uint8Array {
  if (key.startsWith('----:')) {
    const [, mean = '', ...name] = key.split(':')
    const head = [textAtom('mean', mean), textAtom('name', name.join(':'))]
    // UTF-8 always: with another type TagLib and Mixxx see no value (FORMATS §3.1).
    return makeAtom('----', [...head, ...values.map((value) => dataAtom(TYPE.utf8, value))])
  }
  if (!/^[\x20-\xff]{4}$/.test(key))
    throw new CrateError('FORMAT_UNSUPPORTED', `"${key}" cannot be the name of an MP4 tag`)
  return makeAtom(
    key,
    values.map((value) => dataAtom(key === 'covr' ? pictureType(value) : (currentType ?? usualType(key)), value)),
  )
}

function usualType(key: string): number {
  if (key === 'trkn' || key === 'disk' || key === 'gnre') return TYPE.implicit
  return INTEGERS.includes(key) ? TYPE.integer : TYPE.utf8
}

function pictureType(bytes: Uint8Array): number {
  if (startsWith(bytes, '\x89PNG')) return TYPE.png
  return startsWith(bytes, 'BM') ? TYPE.bmp : TYPE.jpeg
}

function dataAtom(type: number, value: Uint8Array): Uint8Array {
  return makeAtom('data', [Uint8Array.of(0, type >> 16, (type >> 8) & 0xff, type & 0xff, 0, 0, 0, 0), value])
}

function textAtom(type: string, text: string): Uint8Array {
  return makeAtom(type, [new Uint8Array(4), Buffer.from(text, 'utf8')])
}

/** @param type four characters of Latin-1, so that `©` is one byte */
export function makeAtom(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 0)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}

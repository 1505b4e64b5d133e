// Names of downloaded files from a template, safe on Windows, macOS, Linux and exFAT sticks.
import {CrateError} from '../errors.js'

export interface NameFields {
  readonly artist: string | null
  readonly title: string
  readonly mix: string | null
  readonly album: string | null
  readonly label: string | null
  readonly genre: string | null
  readonly year: number | null
  readonly channel: string | null
  /** Name of the list that it came from. */
  readonly list: string | null
}

export const DEFAULT_TEMPLATE = '{artist} - {title}'
const FIELDS = ['artist', 'title', 'mix', 'album', 'label', 'genre', 'year', 'channel', 'list'] as const

/** Bytes of UTF-8: ext4 and APFS allow 255; the rest is for ` (99)`, `.crate-part` and the extension. */
const LONGEST_NAME_BYTES = 200
const RESERVED = /^(?:con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])$/iu
const LOOKALIKES: Readonly<Record<string, string>> = {
  '/': '-',
  '\\': '-',
  ':': ' -',
  '*': '',
  '?': '',
  '"': "'",
  '<': '(',
  '>': ')',
  '|': '-',
}

/** @throws CONFIG_INVALID for an unknown field or a template that leaves its folder */
export function checkTemplate(template: string): void {
  const invalid = (reason: string) =>
    new CrateError('CONFIG_INVALID', `the name template "${template}" cannot be used: ${reason}`, {
      hints: [`Fields are ${FIELDS.map((field) => `{${field}}`).join(' ')}; / makes folders.`],
    })
  for (const [, field = ''] of template.matchAll(/\{([^{}]*)\}/g))
    if (!(FIELDS as readonly string[]).includes(field)) throw invalid(`there is no {${field}}`)
  if (/^[/\\]|^[a-z]:|(?:^|[/\\])\.\.?(?:[/\\]|$)/i.test(template)) throw invalid('it leads out of the folder')
  if (!template.includes('{title}')) throw invalid('it lacks {title}')
}

/**
 * The path below the download folder, `/` between names, without an extension. Fields never make folders; an empty
 * field takes the ` - ` beside it along.
 */
export function pathFromTemplate(template: string, fields: NameFields): string {
  const names = template.split(/[/\\]+/).map((part) => {
    const filled = part
      .split(/(\s-\s)/)
      .map((piece) => piece.replace(/\{(\w+)\}/g, (_whole, field: string) => fieldText(fields, field)))
    const kept: string[] = []
    for (let index = 0; index < filled.length; index += 2) {
      const text = (filled[index] ?? '').trim()
      if (text !== '') kept.push(text)
    }
    return safeName(kept.join(' - '))
  })
  return names.filter((name) => name !== '').join('/')
}

function fieldText(fields: NameFields, field: string): string {
  const value =
    field === 'title' && fields.mix !== null
      ? titleWithMix(fields.title, fields.mix)
      : fields[field as keyof NameFields]
  return value === null || value === undefined ? '' : String(value)
}

export function titleWithMix(title: string, mix: string | null): string {
  return mix === null || title.toLowerCase().includes(mix.toLowerCase()) ? title : `${title} (${mix})`
}

/** One name for a file or folder that every system accepts, NFC; empty only where nothing readable is left. */
export function safeName(text: string): string {
  const plain = text
    .replace(/\p{Surrogate}/gu, '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu, (part) => (/^\u200d+$/u.test(part) ? part : ' '))
    .replace(/[/\\:*?"<>|]/g, (letter) => LOOKALIKES[letter] ?? '')
    .replace(/\s+/gu, ' ')
  const cut = cutBytes(trimDots(plain), LONGEST_NAME_BYTES)
  const trimmed = trimDots(cut)
  const stem = trimmed.split('.')[0]?.trim() ?? ''
  return RESERVED.test(stem) ? `_${trimmed}` : trimmed
}

/** Windows drops dots and spaces at the end; a dot in front hides the file, a dash in front reads as an option. */
function trimDots(text: string): string {
  return text.replace(/^[\s.\-~]+|[\s.]+$/gu, '')
}

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'})

function cutBytes(text: string, limit: number): string {
  if (utf8Length(text) <= limit) return text
  let bytes = 0
  let cut = ''
  for (const {segment} of graphemes.segment(text)) {
    bytes += utf8Length(segment)
    if (bytes > limit) break
    cut += segment
  }
  return cut
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

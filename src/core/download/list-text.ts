// Lists that people keep: a .txt of titles or links, a .csv from Rekordbox, Exportify, Shazam or a spreadsheet.
import {CrateError} from '../errors.js'
import type {WantedPiece} from './candidate.js'
import {canonicalLink, onOneLine, parseSearchLink} from './link.js'
import {parseTitle} from './title.js'

/** One line of a list. */
export type ListEntry =
  | {readonly kind: 'link'; readonly line: number; readonly link: string; readonly about: Partial<WantedPiece>}
  | {readonly kind: 'search'; readonly line: number; readonly text: string}
  | {readonly kind: 'wanted'; readonly line: number; readonly wanted: WantedPiece}
  | {readonly kind: 'bad'; readonly line: number; readonly text: string; readonly reason: string}

const LONGEST_LINE = 2000

/**
 * Decodes a list file: UTF-8, or UTF-16 as spreadsheets and Rekordbox write it.
 *
 * @throws FORMAT_INVALID where the bytes are no text
 */
export function decodeListText(bytes: Uint8Array, name: string): string {
  const utf16 = utf16Of(bytes)
  const binary = () =>
    new CrateError('FORMAT_INVALID', `${name} is not a text file`, {
      hints: ['A list has one title or link per line; .csv has columns like Artist,Title,Link.'],
    })
  if (utf16 === null && bytes.subarray(0, 8192).includes(0)) throw binary()
  try {
    return new TextDecoder(utf16 ?? 'utf-8', {fatal: true}).decode(bytes)
  } catch {
    const latin = new TextDecoder('windows-1252').decode(bytes)
    const odd = latin.replace(/[\t\r\n]/g, '').match(/\p{Cc}/gu)?.length ?? 0
    if (odd > latin.length / 100) throw binary()
    return latin
  }
}

/** By its mark, or by the zeros that Latin letters leave in every other byte and in no byte between. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const many = head.length * 0.3
  if (odd > many && even === 0) return 'utf-16le'
  return even > many && odd === 0 ? 'utf-16be' : null
}

/** A line is a link, a search, or `Artist - Title`, with an optional length at its end; `#` begins a note. */
export function parseTextList(text: string): ListEntry[] {
  const entries: ListEntry[] = []
  for (const [index, raw] of text.split(/\r\n|[\r\n]/).entries()) {
    const line = onOneLine(raw)
    if (line === '' || /^(?:#|;|\/\/)/.test(line)) continue
    entries.push(entryFromText(line, index + 1))
  }
  return entries
}

function entryFromText(line: string, number: number): ListEntry {
  if (line.length > LONGEST_LINE)
    return {kind: 'bad', line: number, text: `${line.slice(0, 60)}…`, reason: 'the line is too long to be a title'}
  const link = /https?:\/\/\S+/i.exec(line)?.[0]
  if (link !== undefined) {
    const canonical = canonicalLink(link.replace(/[)>\],;]+$/, ''))
    const rest = line.replace(link, '').replace(/^[\s|,;<(-]+|[\s|,;>)-]+$/g, '')
    if (canonical === null) return {kind: 'bad', line: number, text: line, reason: 'the link cannot be used'}
    return {kind: 'link', line: number, link: canonical, about: rest === '' ? {} : wantedFromText(rest)}
  }
  if (parseSearchLink(line) !== null) return {kind: 'search', line: number, text: line}
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(line))
    return {kind: 'bad', line: number, text: line, reason: 'only http and https links are fetched'}
  const wanted = wantedFromText(line)
  if (!/[\p{L}\p{N}]/u.test(wanted.title))
    return {kind: 'bad', line: number, text: line, reason: 'there is no title in it'}
  return {kind: 'wanted', line: number, wanted}
}

/** `03. Artist - Title (Mix) [6:41]` → who, what, how long. */
export function wantedFromText(text: string): WantedPiece {
  const length = /[\s([|,]+(\d{1,2}(?::\d{2}){1,2})[\s)\]]*$/.exec(text)
  const rest = length === null ? text : text.slice(0, length.index)
  const withoutLeadingTime = rest.replace(/^\[?\d{1,2}(?::\d{2}){1,2}\]?\s+/, '')
  const {artist, title, mix, guests} = parseTitle(withoutLeadingTime)
  const full = mix === null ? title : `${title} (${mix})`
  return {
    artist: artist === null || guests === null ? artist : `${artist} feat. ${guests}`,
    title: full,
    durationMs: parseLength(length?.[1] ?? ''),
  }
}

/** `3:45`, `1:02:03`, `225` (seconds) or `225000` (milliseconds); null for anything else. */
export function parseLength(text: string): number | null {
  const trimmed = text.trim()
  if (/^\d{1,3}(?::\d{1,2}){1,2}(?:\.\d+)?$/.test(trimmed))
    return Math.round(trimmed.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) * 1000)
  if (!/^\d+(?:\.\d+)?$/.test(trimmed)) return null
  const value = Number(trimmed)
  return value === 0 ? null : value >= 20_000 ? Math.round(value) : Math.round(value * 1000)
}

const COLUMNS = {
  link: /^(?:link|url|source|uri|web ?address|permalink.*|youtube.*|soundcloud.*|track url|lien|enlace)$/i,
  artist:
    /^(?:artists?|artist name(?:\(s\))?|performer|track artist|interpret(?:en)?|künstler|artistes?|artista|interprète)$/i,
  title: /^(?:title|track ?title|track(?: name)?|song(?: (?:title|name))?|name|titel|titre|título|titolo)$/i,
  mix: /^(?:mix|mix name|version|remix)$/i,
  length:
    /^(?:duration|length|time|total time|duration \(ms\)|track duration(?: \(ms\))?|duration_ms|durationms|dauer|länge|durée|duración|durata)$/i,
} as const

/** Some exports begin with a line about themselves: "Shazam Library", `sep=;`. */
const HEADING_WITHIN = 5

/** Their links lead to pages about music, or to music that is protected: the title beside them is searched for. */
const NOT_FETCHED =
  /^https?:\/\/(?:[\w-]+\.)*(?:shazam\.com|spotify\.com|music\.apple\.com|itunes\.apple\.com|beatport\.com|tidal\.com|deezer\.com|traxsource\.com|juno\.co\.uk|junodownload\.com|discogs\.com)\//i

/** With a heading, columns are found by name; without one a row is read as a line of text. */
export function parseCsvList(text: string): ListEntry[] {
  const all = parseCsv(text)
  const isHeading = ({cells}: CsvRow) =>
    cells.some((cell) => COLUMNS.title.test(cell.trim()) || COLUMNS.link.test(cell.trim()))
  const headingAt = Math.max(0, all.slice(0, HEADING_WITHIN).findIndex(isHeading))
  const rows = all.slice(headingAt)
  const [heading = {cells: [], line: 1}] = rows
  const column = (pattern: RegExp) => heading.cells.findIndex((cell) => pattern.test(cell.trim()))
  const at = {
    link: column(COLUMNS.link),
    artist: column(COLUMNS.artist),
    title: column(COLUMNS.title),
    mix: column(COLUMNS.mix),
    length: column(COLUMNS.length),
  }
  if (at.link === -1 && at.title === -1)
    return rows.flatMap(({cells, line}) => {
      const joined = onOneLine(cells.filter((cell) => cell.trim() !== '').join(' - '))
      return joined === '' || joined.startsWith('#') ? [] : [entryFromText(joined, line)]
    })
  return rows.slice(1).flatMap(({cells, line}) => {
    const cell = (index: number) => (index === -1 ? '' : onOneLine(cells[index] ?? ''))
    const [link, artist, name, mix, length] = [
      cell(at.link),
      cell(at.artist),
      cell(at.title),
      cell(at.mix),
      cell(at.length),
    ]
    if (link === '' && name === '')
      return cells.every((text) => text.trim() === '')
        ? []
        : [
            {
              kind: 'bad',
              line,
              text: onOneLine(cells.join(',')).slice(0, 80),
              reason: 'the row has neither title nor link',
            } as const,
          ]
    const title = mix === '' || name.toLowerCase().includes(mix.toLowerCase()) ? name : `${name} (${mix})`
    const about = {
      ...(artist === '' ? {} : {artist}),
      ...(title === '' ? {} : {title}),
      ...(length === '' ? {} : {durationMs: parseLength(length)}),
    }
    if (/^https?:/i.test(link) && (name === '' || !NOT_FETCHED.test(link))) {
      const canonical = canonicalLink(link)
      return [
        canonical === null
          ? {kind: 'bad', line, text: link, reason: 'the link cannot be used'}
          : {kind: 'link', line, link: canonical, about},
      ] as ListEntry[]
    }
    if (name === '') return [entryFromText(link, line)]
    if (artist === '')
      return [
        {
          kind: 'wanted',
          line,
          wanted: {...wantedFromText(title), ...('durationMs' in about ? {durationMs: about.durationMs ?? null} : {})},
        } as const,
      ]
    return [{kind: 'wanted', line, wanted: {artist, title, durationMs: about.durationMs ?? null}} as const]
  })
}

interface CsvRow {
  readonly cells: string[]
  readonly line: number
}

/** RFC 4180 with `,`, `;`, tab or `|`, whichever the first lines have most of; a quote left open ends with its line. */
function parseCsv(whole: string): CsvRow[] {
  const told = /^\ufeff?sep=(.)\r?\n/.exec(whole)
  const text = told === null ? whole : whole.slice(told[0].length)
  const first = text.split(/\r\n|[\r\n]/, HEADING_WITHIN).join('\n')
  const separator =
    told?.[1] ??
    [',', ';', '\t', '|']
      .map((letter) => ({letter, count: first.split(letter).length}))
      .sort((a, b) => b.count - a.count)[0]?.letter ??
    ','
  const rows: CsvRow[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = told === null ? 1 : 2
  let startLine = line
  const endCell = () => {
    cells.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (cells.some((value) => value.trim() !== '')) rows.push({cells, line: startLine})
    cells = []
    startLine = line
  }
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? ''
    if (letter === '\n') line++
    if (isQuoted) {
      if (letter === '"' && text[index + 1] === '"') {
        cell += '"'
        index++
      } else if (letter === '"') isQuoted = false
      else cell += letter
    } else if (letter === '"' && cell.trim() === '') {
      const close = text.indexOf('"', index + 1)
      isQuoted = close !== -1
      cell = isQuoted ? '' : letter
    } else if (letter === separator) endCell()
    else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[index + 1] === '\n') continue
      endRow()
    } else cell += letter
  }
  endRow()
  return rows
}

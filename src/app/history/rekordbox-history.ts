// What was played with Rekordbox: history lists in its XML, and the lists that it exports as .txt or .m3u8.
import {createReadStream, statSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {basename, dirname, extname, isAbsolute, join} from 'node:path'
import {namesFromLabel, parseM3u} from '../../../exporters/m3u8/codec.js'
import {trackFromElement} from '../../../exporters/rekordbox/codec.js'
import {parseLocation} from '../../../exporters/rekordbox/location.js'
import {keysAreLocations} from '../../../exporters/rekordbox/playlists.js'
import {type PlaylistElement, readRekordbox} from '../../../exporters/rekordbox/reader.js'
import {CrateError} from '../../core/errors.js'
import {dayIn, isNamed, isPlayedList, type ListedPlay, type PlayedList} from './played-list.js'

export interface RekordboxLists {
  readonly lists: readonly PlayedList[]
  /** When the file was written: a set without a day is no younger. */
  readonly latestMs: number
}

/**
 * The sets that a file of Rekordbox holds.
 *
 * Rekordbox's own database is encrypted, so histories come by its exports: an XML whose playlists stand in a folder
 * “History” or are called “HISTORY …”, or a history exported as a playlist file (.txt, .m3u8).
 *
 * @param named `Folder/Name` of playlists of an XML that were sets, whatever they are called
 * @throws FORMAT_INVALID where the file is none of these, PLAYLIST_NOT_FOUND where no list of an XML is a history
 */
export async function readRekordboxHistory(path: string, named: readonly string[]): Promise<RekordboxLists> {
  const latestMs = statSync(path).mtimeMs
  const extension = extname(path).toLowerCase()
  if (extension === '.xml') return {lists: await listsOfXml(path, named), latestMs}
  const session = basename(path)
  const bytes = await readFile(path)
  const tracks =
    extension === '.txt' ? tracksOfText(decodeText(bytes), path) : tracksOfM3u(decodeText(bytes), dirname(path))
  return {lists: [{session, day: dayIn(session), tracks}], latestMs}
}

async function listsOfXml(path: string, named: readonly string[]): Promise<PlayedList[]> {
  const byId = new Map<string, ListedPlay>()
  const byLocation = new Map<string, ListedPlay>()
  const roots: PlaylistElement[] = []
  for await (const items of readRekordbox(createReadStream(path)))
    for (const item of items)
      if (item.kind === 'playlists') roots.push(item.root)
      else if (item.kind === 'track') {
        const decoded = trackFromElement(item.element)
        if (decoded.kind === 'skipped') continue
        const {file, tags} = decoded.track
        const play = {artist: tags.artist, title: tags.title, path: file.path, durationMs: file.durationMs}
        byId.set(decoded.trackId, play)
        byLocation.set(file.path, play)
      }
  const all = roots.flatMap((root) => [...namedLists(root, [])])
  const lists = all.flatMap(({names, element}): PlayedList[] => {
    if (!(named.length > 0 ? isNamed(names, named) : isPlayedList(names))) return []
    const isLocation = keysAreLocations(element)
    const tracks = element.keys.flatMap((key) => {
      const location = isLocation ? parseLocation(key) : null
      return (location === null ? byId.get(key) : byLocation.get(location.kind === 'path' ? location.path : '')) ?? []
    })
    const text = names.join('/')
    return tracks.length === 0 ? [] : [{session: `${basename(path)}:${text}`, day: dayIn(text), tracks}]
  })
  if (lists.length === 0)
    throw noHistory(
      path,
      named,
      all.map(({names}) => names.join('/')),
    )
  return lists
}

function* namedLists(
  element: PlaylistElement,
  folders: readonly string[],
): Generator<{names: readonly string[]; element: PlaylistElement}> {
  const name = element.attributes['Name'] ?? ''
  const names = name === 'ROOT' && folders.length === 0 ? [] : [...folders, name]
  if (element.keys.length > 0) yield {names, element}
  for (const child of element.children) yield* namedLists(child, names)
}

function noHistory(path: string, named: readonly string[], known: readonly string[]): CrateError {
  const shown = known.slice(0, 8).map((name) => `“${name}”`)
  return new CrateError(
    'PLAYLIST_NOT_FOUND',
    named.length > 0
      ? `${path} has no playlist with tracks called ${named.map((name) => `“${name}”`).join(' or ')}`
      : `no playlist in ${path} is a history: none is called “HISTORY …” or stands in a folder “History”`,
    {
      hints: [
        'Name the playlists that were sets: --playlist "Folder/Name"',
        ...(shown.length === 0 ? [] : [`It has ${shown.join(', ')}${known.length > 8 ? ', …' : ''}`]),
        'Or export a history from Rekordbox as a playlist file (.txt), and import that.',
      ],
      details: {path},
    },
  )
}

function decodeText(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

/** Column titles in the languages that are known; Rekordbox writes those that its window shows. */
const COLUMNS = {
  title: /^(?:track title|title|titel|titre|título|titolo|トラックタイトル|曲名)$/i,
  artist: /^(?:artist|artiste|artista|interpret|künstler|アーティスト)$/i,
  time: /^(?:time|zeit|durée|duración|durata|dauer|時間)$/i,
  location: /^(?:location|speicherort|emplacement|ubicación|posizione|file path|ファイルパス)$/i,
} as const

/** A list as tab-separated text, in UTF-16 with a line of titles first. */
function tracksOfText(text: string, path: string): ListedPlay[] {
  const [head = '', ...lines] = text.split(/\r\n|\n|\r/)
  const titles = head.split('\t').map((title) => title.trim())
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([name, pattern]) => [name, titles.findIndex((title) => pattern.test(title))]),
  ) as Record<keyof typeof COLUMNS, number>
  if (at.title === -1 && at.location === -1)
    throw new CrateError('FORMAT_INVALID', `${path} is no list of Rekordbox: it has no column “Track Title”`, {
      hints: ['In Rekordbox: right-click the history → Export to a playlist file (.txt), with the title column shown.'],
      details: {path},
    })
  return lines.flatMap((line): ListedPlay[] => {
    const cells = line.split('\t')
    const cell = (index: number) => cells[index]?.trim() || null
    if (cell(at.title) === null && cell(at.location) === null) return []
    const time = /^(?:(\d+):)?(\d+):(\d{2})$/.exec(cell(at.time) ?? '')
    const seconds = time === null ? 0 : Number(time[1] ?? 0) * 3600 + Number(time[2]) * 60 + Number(time[3])
    return [
      {
        title: cell(at.title),
        artist: cell(at.artist),
        path: cell(at.location),
        durationMs: seconds === 0 ? null : seconds * 1000,
      },
    ]
  })
}

function tracksOfM3u(text: string, folder: string): ListedPlay[] {
  return parseM3u(text).entries.map(({location, durationMs, label}) => ({
    ...(label === null ? {artist: null, title: null} : namesFromLabel(label)),
    path: isAbsolute(location) || /^[a-z]:[\\/]/i.test(location) ? location : join(folder, location),
    durationMs,
  }))
}

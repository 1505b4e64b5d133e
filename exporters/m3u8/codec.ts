// The text of an M3U8 list ↔ its entries (FORMATS §12), pure.

export interface M3uEntry {
  /** As it stands there: a path, absolute or relative, or an address. */
  readonly location: string
  /** Null where it is not told, or told as −1. */
  readonly durationMs: number | null
  /** What the list shows, usually `Artist - Title`; null where there is none. */
  readonly label: string | null
}

export interface M3uList {
  /** Of `#PLAYLIST:`; null where there is none. */
  readonly name: string | null
  /** Names of the folders above, of crate's own line; null where there is none. */
  readonly folders: readonly string[] | null
  readonly entries: readonly M3uEntry[]
}

/** Players skip lines with `#` that they do not know. It keeps names that no file system takes. */
const FOLDERS_LINE = '#CRATE-FOLDERS:'

/** Lines of a list that are longer than any path are damage. */
const LINE_LIMIT = 32_768

export function parseM3u(text: string): M3uList {
  let name: string | null = null
  let folders: readonly string[] | null = null
  let info: Pick<M3uEntry, 'durationMs' | 'label'> = {durationMs: null, label: null}
  const entries: M3uEntry[] = []
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const line = raw.trim()
    if (line === '' || line.length > LINE_LIMIT) continue
    if (line.startsWith('#EXTINF:')) info = parseInfo(line.slice('#EXTINF:'.length))
    else if (line.startsWith('#PLAYLIST:')) name = line.slice('#PLAYLIST:'.length).trim() || null
    else if (line.startsWith(FOLDERS_LINE)) folders = parseFolders(line.slice(FOLDERS_LINE.length))
    else if (!line.startsWith('#')) {
      entries.push({location: line, ...info})
      info = {durationMs: null, label: null}
    }
  }
  return {name, folders, entries}
}

/** `123,Artist - Title`, also with a fraction, with attributes after the number, or without a name. */
function parseInfo(text: string): Pick<M3uEntry, 'durationMs' | 'label'> {
  const match = /^\s*(-?\d{1,9}(?:\.\d+)?)?[^,]*(?:,(.*))?$/.exec(text)
  const seconds = Number(match?.[1] ?? -1)
  return {durationMs: seconds > 0 ? Math.round(seconds * 1000) : null, label: match?.[2]?.trim() || null}
}

function parseFolders(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.length <= 64 && value.every((name) => typeof name === 'string') ? value : null
  } catch {
    return null
  }
}

/** The lines before the first entry. */
export function encodeM3uHead(name: string, folders: readonly string[]): string {
  const folderLine = folders.length === 0 ? '' : `${FOLDERS_LINE}${JSON.stringify(folders)}\n`
  return `#EXTM3U\n#PLAYLIST:${oneLine(name)}\n${folderLine}`
}

/** The two lines of an entry; null for a location that no line can hold. */
export function encodeM3uEntry({location, durationMs, label}: M3uEntry): string | null {
  if (/[\r\n\u2028\u2029]/.test(location) || location.trim() !== location || location === '') return null
  const seconds = durationMs === null ? -1 : Math.round(durationMs / 1000)
  const safe = location.startsWith('#') ? `./${location}` : location
  return `#EXTINF:${seconds},${oneLine(label ?? '')}\n${safe}\n`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim()
}

/** Artist and title of a label as players show it; the whole is the title where it names no artist. */
export function namesFromLabel(label: string): {artist: string | null; title: string | null} {
  const match = /^(.+?)\s+[-–—]\s+(.+)$/.exec(label)
  return match === null ? {artist: null, title: label || null} : {artist: match[1] ?? null, title: match[2] ?? null}
}

// Names of playlists as names of files that every system takes.

/** Device names of Windows, which no file may have. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** Bytes that a name may have with room left for an ending and a number; file systems take 255. */
const NAME_BYTES = 200

/** The name without what Windows, macOS or Linux forbid: `AC/DC: live?` becomes `AC-DC- live-`. Never empty. */
export function fileNameFrom(name: string): string {
  const plain = [...name.replace(/\p{Surrogate}/gu, '\uFFFD')]
    .map((character) => (/[/\\:*?"<>|\p{Cc}]/u.test(character) ? '-' : character))
    .join('')
    .trim()
    .replace(/[. ]+$/, '')
  const short = shorten(plain)
  if (short === '' || short === '.' || short === '..') return 'Unnamed'
  return RESERVED.test(short) || short.startsWith('.') ? `_${short}` : short
}

function shorten(name: string): string {
  let bytes = 0
  let short = ''
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > NAME_BYTES) return short.replace(/[. ]+$/, '')
    short += character
  }
  return short
}

/** Hands out paths that no system takes for one another: a second one gets ` (2)`. */
export class FreePaths {
  readonly #taken = new Set<string>()

  take(folder: string, name: string, ending: string): string {
    const stem = fileNameFrom(name)
    for (let number = 1; ; number++) {
      const path = `${folder}${stem}${number === 1 ? '' : ` (${number})`}${ending}`
      const key = path.normalize('NFC').toLowerCase()
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      return path
    }
  }
}

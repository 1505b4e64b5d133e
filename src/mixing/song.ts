// What song a track is a version of, so that ten versions of one song count as one.

/** Words that mark a version; a bracket or a tail after a dash that holds one is not part of the song's name. */
const VERSION_WORD =
  /\b(?:mix|remix|rmx|edit|re-?edit|version|dub|bootleg|mash-?up|vip|rework|refix|flip|remaster(?:ed)?|original|extended|radio|club|instrumental|acapp?ell?a|live|clean|dirty|explicit|intro|outro|short|long|feat|ft|featuring|prod|quick hit|transition|redrum|demo|mono|stereo|snip)\b/

const FEATURING = /\s(?:feat\.?|ft\.?|featuring)\s.*$/
const ARTIST_JOIN = /\s*(?:,|;|&|\+|\/|\bfeat\.?\s|\bft\.?\s|\bfeaturing\s|\bvs\.?\s|\bpres\.?\s|\s+x\s+|\band\b)\s*/

/** Lower case, without accents and punctuation, single spaces; letters of every script stay. */
export function plainText(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function fold(text: string): string {
  return text
    .slice(0, 400)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
}

/** The title without version, remixer and guests: "Blue Monday (2011 Remaster)" and "Blue Monday - Extended Mix" agree. */
export function songTitle(title: string): string {
  const folded = fold(title).replace(/[[{]/g, '(').replace(/[\]}]/g, ')')
  const unbracketed = folded.replace(/\(([^()]*)\)/g, (whole, inside: string) =>
    VERSION_WORD.test(inside) ? ' ' : whole,
  )
  const untailed = unbracketed.replace(/\s[-–—]\s([^-–—]*)$/, (whole, tail: string) =>
    VERSION_WORD.test(tail) ? '' : whole,
  )
  const plain = plainText(untailed.replace(FEATURING, ' '))
  return plain === '' ? plainText(title) : plain
}

/** The first of the artists that a tag names, in plain text; empty where none is named. */
export function mainArtist(artist: string | null): string {
  if (artist === null) return ''
  const folded = fold(artist)
  const first = folded.split(ARTIST_JOIN).find((part) => plainText(part) !== '')
  return plainText(first ?? folded)
}

/** Titles that name nothing: two tracks that share one are still two songs. */
const NAMELESS = /^$|^(?:untitled|unknown|track|titel|audio|id|intro|outro|interlude|skit|[abcd]|side [abcd]) ?\d*$/

/** One text per song; null where artist or title tell nothing, which makes a track a song of its own. */
export function songKey(track: {readonly artist: string | null; readonly title: string | null}): string | null {
  const artist = mainArtist(track.artist)
  const title = track.title === null ? '' : songTitle(track.title)
  return artist === '' || NAMELESS.test(title) ? null : `${artist}|${title}`
}

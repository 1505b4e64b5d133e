// The order in which Traktor writes the parts of an entry (FORMATS §4.2, and the real files it was taken from).

/** The children of an entry. */
export const CHILD_ORDER: readonly string[] = [
  'LOCATION',
  'ALBUM',
  'MODIFICATION_INFO',
  'INFO',
  'TEMPO',
  'LOUDNESS',
  'MUSICAL_KEY',
  'LOOPINFO',
  'CUE_V2',
  'STEMS',
]

const ATTRIBUTE_ORDER: Readonly<Record<string, string>> = {
  ENTRY: 'MODIFIED_DATE MODIFIED_TIME LOCK LOCK_MODIFICATION_TIME AUDIO_ID TITLE ARTIST',
  LOCATION: 'DIR FILE VOLUME VOLUMEID',
  ALBUM: 'OF_TRACKS TRACK TITLE',
  INFO:
    'BITRATE GENRE LABEL COMMENT RATING REMIXER PRODUCER KEY_LYRICS COVERARTID MIX CATALOG_NO KEY PLAYCOUNT PLAYTIME ' +
    'PLAYTIME_FLOAT RANKING IMPORT_DATE LAST_PLAYED RELEASE_DATE FLAGS FILESIZE COLOR',
  TEMPO: 'BPM_TRANSIENTCOHERENCE BPM BPM_QUALITY',
}

const RANKS = new Map(
  Object.entries(ATTRIBUTE_ORDER).map(([element, names]) => [
    element,
    new Map(names.split(' ').map((name, index) => [name, index])),
  ]),
)

/** Attributes in Traktor's order; ones that it is not known to write come last. */
export function inTraktorsOrder(
  element: string,
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const ranks = RANKS.get(element)
  if (ranks === undefined) return attributes
  const rank = (name: string) => ranks.get(name) ?? ranks.size
  const names = Object.keys(attributes)
  if (names.every((name, index) => index === 0 || rank(names[index - 1] ?? '') <= rank(name))) return attributes
  names.sort((a, b) => rank(a) - rank(b))
  return Object.fromEntries(names.map((name) => [name, attributes[name] ?? '']))
}

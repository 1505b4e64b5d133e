// Colours between what Serato stores and what its screen shows, which differ.
// Source: Holzhaus/serato-tags docs/colors.md; Mixxx 2.3.3 shows the same values for all 8 pads (FORMATS §3.8).

/** Stored colour of a cue → colour on the screen of Serato DJ Pro. The first eight are the defaults of the pads. */
const SHOWN_OF_STORED_CUE: ReadonlyMap<number, number> = new Map([
  [0xcc0000, 0xc02626],
  [0xcc8800, 0xf8821a],
  [0x0000cc, 0x173ba2],
  [0xcccc00, 0xfac313],
  [0x00cc00, 0x1fad26],
  [0xcc00cc, 0xce359e],
  [0x00cccc, 0x1dbebd],
  [0x8800cc, 0x6823b6],
  [0xcc4400, 0xdb4e27],
  [0x88cc00, 0x4eb648],
  [0x44cc00, 0x006838],
  [0x00cc44, 0x8dc63f],
  [0x00cc88, 0x2b3673],
  [0x0088cc, 0x0f88ca],
  [0x0044cc, 0x16308b],
  [0x4400cc, 0x5c3f97],
  [0xcc0088, 0xdc1d49],
  [0xcc0044, 0xc71136],
])

const STORED_OF_SHOWN_CUE: ReadonlyMap<number, number> = new Map(
  [...SHOWN_OF_STORED_CUE].map(([stored, shown]) => [shown, stored]),
)

/** Stored colours that the pads have by themselves, by slot. */
const PAD_DEFAULTS = [...SHOWN_OF_STORED_CUE.keys()].slice(0, 8)

/** Serato draws every loop in this colour. */
export const LOOP_COLOR = 0x27aae1

/** Colours outside Serato's palette pass through in both directions. */
export function cueColorFromStored(stored: number): number {
  return SHOWN_OF_STORED_CUE.get(stored) ?? stored
}

export function storedFromCueColor(colorRgb: number | null, slot: number): number {
  if (colorRgb === null) return PAD_DEFAULTS[slot % PAD_DEFAULTS.length] ?? 0xcc0000
  return STORED_OF_SHOWN_CUE.get(colorRgb) ?? colorRgb
}

const STORED_NO_COLOR = 0xffffff
const OFFSET = 0x666666
const MASK = 0xffffff

/** Stored values whose shown colour breaks the rule `stored − 0x666666`. */
const SPECIAL_STORED: ReadonlyMap<number, number> = new Map([
  [0x000000, 0x333333],
  [0x999999, 0x090909],
])

/** The colour that a track has on Serato's screen; null for the value that means none. */
export function trackColorFromStored(stored: number): number | null {
  const rgb = stored & MASK
  if (rgb === STORED_NO_COLOR) return null
  return SPECIAL_STORED.get(rgb) ?? (rgb - OFFSET) & MASK
}

/** The value for which Serato shows this very colour, or one that differs by 1 where the rule has an exception. */
export function storedFromTrackColor(colorRgb: number | null): number {
  if (colorRgb === null) return STORED_NO_COLOR
  for (const [stored, shown] of SPECIAL_STORED) if (shown === colorRgb) return stored
  const stored = (colorRgb + OFFSET) & MASK
  return stored === STORED_NO_COLOR || SPECIAL_STORED.has(stored) ? stored ^ 1 : stored
}

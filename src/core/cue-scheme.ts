// How the cues of the analysis are named, coloured and counted: a scheme that the person can set.
import type {SectionLabel} from './track.js'

export type CueRole = SectionLabel | 'mix-in' | 'mix-out'

export interface CueLook {
  readonly name: string
  /** 0xRRGGBB; null leaves it to the DJ program. */
  readonly colorRgb: number | null
}

export interface CueScheme {
  readonly looks: Readonly<Record<CueRole, CueLook>>
  /** Hot cues at most, 0 to 8. */
  readonly hotCues: number
  /** Whether mix-in and mix-out are set as memory cues. */
  readonly hasMemoryCues: boolean
}

/** Colours that Rekordbox's pads show as they are. */
export const DEFAULT_CUE_SCHEME: CueScheme = {
  looks: {
    intro: {name: 'Intro', colorRgb: 0x30d26e},
    verse: {name: 'Verse', colorRgb: 0x50b4ff},
    build: {name: 'Build', colorRgb: 0xe0641b},
    drop: {name: 'Drop', colorRgb: 0xe62828},
    break: {name: 'Break', colorRgb: 0x305aff},
    outro: {name: 'Outro', colorRgb: 0xb432ff},
    'mix-in': {name: 'Mix in', colorRgb: 0x30d26e},
    'mix-out': {name: 'Mix out', colorRgb: 0xb432ff},
  },
  hotCues: 8,
  hasMemoryCues: true,
}

// What the person has set once for all commands, as the config file holds it.
import {type CueScheme, DEFAULT_CUE_SCHEME} from './cue-scheme.js'
import type {JsonValue} from './json.js'
import type {KeyNotation} from './key.js'

export interface CrateConfig {
  /** Folders and files that `crate sync` reads when it is given none. */
  readonly music: readonly string[]
  /** Lists, links, searches and manifests that `crate sync` also fetches when it is given none. */
  readonly sources: readonly string[]
  /** Exports that follow every sync: format id → path. */
  readonly targets: Readonly<Record<string, string>>
  readonly keyNotation: KeyNotation
  /** How many cues the analysis sets, and how they look. */
  readonly cues: CueScheme
  /** Worker threads for analysis; null means one per core. */
  readonly jobs: number | null
  /** Where downloads go; null means a folder beside the first music folder. */
  readonly downloads: {readonly folder: string | null; readonly format: string | null; readonly template: string | null}
  /** Programs that crate calls, where they are not on PATH. */
  readonly tools: {readonly ffmpeg: string | null; readonly ytDlp: string | null}
  /** Folder or s3:// or gs:// address of the vectors; null means inside the library. */
  readonly vectors: string | null
  /** Settings of plugins and formats, by their id. */
  readonly plugins: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>
}

export const DEFAULT_CONFIG: CrateConfig = {
  music: [],
  sources: [],
  targets: {},
  keyNotation: 'camelot',
  cues: DEFAULT_CUE_SCHEME,
  jobs: null,
  downloads: {folder: null, format: null, template: null},
  tools: {ffmpeg: null, ytDlp: null},
  vectors: null,
  plugins: {},
}

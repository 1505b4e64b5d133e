// How much time, memory and output a plugin has before crate stops it and goes on without it.

export interface PluginLimits {
  /** A module may take so long to import, and a call so long without a sign of life: an item, a read, progress. */
  readonly silenceMs: number
  /** After the person stops the command, the contribution has so long to end well. */
  readonly abortMs: number
  /** Heap of the thread that the plugin runs in. */
  readonly heapMb: number
  /** Lines that one contribution may print; the rest is counted. */
  readonly logLines: number
  /** Bytes of an export, for each track of the library and at all: anything beyond is a fault, not music data. */
  readonly exportBytesPerTrack: number
  readonly exportBytesBase: number
  readonly exportPiecesPerTrack: number
  readonly exportPiecesBase: number
  /** Tracks of one import. */
  readonly importTracks: number
  /** An analyser's time for one file. */
  readonly analyzeMs: number
}

const DEFAULTS: PluginLimits = {
  silenceMs: 30_000,
  abortMs: 1000,
  heapMb: 2048,
  logLines: 100,
  exportBytesPerTrack: 4 << 20,
  exportBytesBase: 256 << 20,
  exportPiecesPerTrack: 50,
  exportPiecesBase: 10_000,
  importTracks: 2_000_000,
  analyzeMs: 120_000,
}

/** @param milliseconds what CRATE_PLUGIN_LIMIT_MS says, for slow machines and for trying out */
export function pluginLimits(milliseconds = process.env['CRATE_PLUGIN_LIMIT_MS']): PluginLimits {
  const value = Number(milliseconds)
  if (milliseconds === undefined || !Number.isFinite(value) || value < 100) return DEFAULTS
  return {...DEFAULTS, silenceMs: value, analyzeMs: Math.max(value, 100)}
}

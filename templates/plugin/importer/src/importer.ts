// Lines of `path <tab> seconds <tab> name` → tracks with cues.
import type {Context, Cue, Importer} from 'crate-dj/plugin'

export const importer: Importer = {
  async *import({source}, context) {
    const bytes = await source.read('')
    if (bytes === null) throw context.error('FILE_NOT_FOUND', `${source.resolve('')} is not there`)
    const cuesByPath = new Map<string, Cue[]>()
    for (const [index, line] of new TextDecoder().decode(bytes).split(/\r?\n/).entries()) {
      if (line.trim() === '') continue
      const cue = cueOf(line)
      // One bad line is a warning; the others go on.
      if (cue === null) yield {kind: 'warning', subject: `line ${index + 1}`, message: 'is not path, seconds and name'}
      else cuesByPath.set(cue.path, [...(cuesByPath.get(cue.path) ?? []), cue.cue])
    }
    yield* tracks(cuesByPath, context)
    yield {kind: 'playlists', nodes: []}
  },
}

function* tracks(cuesByPath: ReadonlyMap<string, readonly Cue[]>, {core, signal}: Context) {
  for (const [path, cues] of cuesByPath) {
    signal.throwIfAborted()
    yield {kind: 'track', track: {...core.bareTrack(path, path), cues}} as const
  }
}

function cueOf(line: string): {path: string; cue: Cue} | null {
  const [path, seconds, name] = line.split('\t')
  const positionMs = Number(seconds) * 1000
  if (path === undefined || path.trim() === '' || name === undefined) return null
  if (seconds === undefined || seconds.trim() === '' || !(positionMs >= 0 && positionMs < 86_400_000)) return null
  return {
    path,
    cue: {kind: 'memory', slot: null, positionMs, lengthMs: null, name, colorRgb: null, origin: 'import:__ID__'},
  }
}

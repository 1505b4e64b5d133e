// What every exporter keeps to.
import type {Exporter, ExporterContribution, ExportPiece, LibraryView} from '../api/format.js'
import {chunkFault, exportPieceFaults} from '../core/plugin/result-faults.js'
import type {Track} from '../core/track.js'
import {nameOf, type Rule, rule, withinMs} from './finding.js'
import {
  bareTrack,
  deepFreeze,
  filesInMemory,
  fullTrack,
  hardTracks,
  kitContext,
  libraryOf,
  NO_AUDIO_TAGS,
  playlistsOf,
  printedBy,
  type SampleFiles,
  withOtherClock,
} from './stage.js'

const LARGE_TRACKS = 10_000
const LARGE_LIMIT_MS = 60_000
const ABORT_LIMIT_MS = 1000
const LARGEST_BYTES_PER_TRACK = 4 << 20

/** As src/api/format.ts lists them; a test compares. */
export const LOSSES = [
  'analysis',
  'color',
  'comment',
  'cue-color',
  'cue-name',
  'cue-precision',
  'date-added',
  'energy',
  'fade-cues',
  'flexible-grid',
  'folders',
  'grid',
  'hot-cues',
  'hot-cues-above-8',
  'key',
  'last-played',
  'load-cues',
  'locks',
  'loop-locks',
  'loops',
  'loudness',
  'memory-cue-color',
  'memory-cues',
  'play-count',
  'playlist-duplicates',
  'playlists',
  'rating',
  'smart-rules',
  'tags',
  'time-of-day',
]

export interface ExportRun {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly pieces: readonly ExportPiece[]
  readonly faults: readonly string[]
  readonly escapes: readonly string[]
}

/** Runs an exporter as the host does, and gathers what it writes. */
export async function runExporter(
  contribution: ExporterContribution,
  library: LibraryView,
  {signal, target = {}, onPiece}: {signal?: AbortSignal; target?: SampleFiles; onPiece?: () => void} = {},
): Promise<ExportRun> {
  const exporter: Exporter = await contribution.load()
  const access = filesInMemory(target)
  const request = {
    library,
    target: access,
    audioTags: NO_AUDIO_TAGS,
    canWriteTags: false,
    shiftsPositions: true,
    options: {},
  }
  const files = new Map<string, Uint8Array>()
  const pieces: ExportPiece[] = []
  const faults: string[] = []
  let bytes = 0
  for await (const piece of exporter.export(request, kitContext(contribution.settings, signal))) {
    onPiece?.()
    faults.push(...exportPieceFaults(piece))
    if (faults.length > 20) break
    pieces.push(piece)
    if (piece.kind !== 'file' || exportPieceFaults(piece).length > 0) continue
    if (files.has(piece.path)) faults.push(`path "${piece.path}" is yielded twice`)
    const parts: Uint8Array[] = []
    for await (const chunk of piece.chunks) {
      // As the host does between chunks.
      signal?.throwIfAborted()
      const fault = chunkFault(chunk)
      if (fault !== null) faults.push(fault)
      const part = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : Uint8Array.from(chunk)
      bytes += part.length
      if (bytes > (256 << 20) + LARGEST_BYTES_PER_TRACK * library.trackCount) throw new Error('it writes without end')
      parts.push(part)
    }
    files.set(piece.path, Buffer.concat(parts))
  }
  return {files, pieces, faults, escapes: access.escapes}
}

export function exporterRules(contribution: ExporterContribution): readonly Rule[] {
  const tracks = () => [fullTrack('one'), fullTrack('two'), bareTrack('three')]
  const small = () => libraryOf(tracks(), playlistsOf(tracks().map(({id}) => id)))
  const run = (library: LibraryView = small()) => runExporter(contribution, library)
  return [
    rule(
      'export-pieces',
      'yields pieces of the right shape, inside the target, each path once',
      async () => (await run()).faults,
    ),
    rule('export-target', 'asks only for files inside the target', async () =>
      (await run()).escapes.map((path) => `asks for "${path}"`),
    ),
    rule('export-file-name', 'writes exactly one file, named "", where its target is a file', async () => {
      const {files} = await run()
      if (contribution.target === 'folder')
        return files.has('') ? ['its target is a folder, and it writes to the folder itself'] : []
      return files.size === 1 && files.has('')
        ? []
        : [`writes ${[...files.keys()].map((path) => `"${path}"`).join(', ') || 'nothing'}`]
    }),
    rule('export-determinism', 'gives the same files for the same library', async () =>
      differences(await run(), await run()),
    ),
    rule('export-clock', 'uses no clock but the context’s', async () =>
      differences(await run(), await withOtherClock(run)),
    ),
    rule('export-no-mutation', 'changes nothing of the library', async () => {
      const list = deepFreeze(tracks())
      await run(libraryOf(list, deepFreeze(playlistsOf(list.map(({id}) => id)))))
      return []
    }),
    rule('export-no-tags', 'touches no audio file where the person did not allow it', async () =>
      (await run()).pieces.some(({kind}) => kind === 'tags') ? ['yields changes of tags without canWriteTags'] : [],
    ),
    rule('export-empty', 'exports an empty library', async () => (await run(libraryOf([]))).faults),
    rule(
      'export-bare',
      'exports a track of which only the path is known',
      async () => (await run(libraryOf([bareTrack('bare')]))).faults,
    ),
    rule(
      'export-hard-texts',
      'exports titles in any script, with markup, control characters and line ends',
      async () => (await run(libraryOf(hardTracks()))).faults,
    ),
    rule(
      'export-many-cues',
      'exports a track with 200 cues and a grid of 1,000 markers',
      async () => (await run(libraryOf([crowdedTrack()]))).faults,
    ),
    rule('export-strange-playlists', 'exports empty, nested and equally named playlists', async () => {
      const ids = tracks().map(({id}) => id)
      const deep = [...Array(20)].reduce<Parameters<typeof libraryOf>[1]>(
        (inner) => [{kind: 'folder', name: '../a/b:c*', children: inner ?? []}],
        [],
      )
      return (
        await run(
          libraryOf(tracks(), [
            {kind: 'list', name: '', tracks: []},
            ...playlistsOf(ids),
            ...playlistsOf(ids),
            ...(deep ?? []),
          ]),
        )
      ).faults
    }),
    rule('export-large', `exports ${LARGE_TRACKS} tracks within a minute`, async () => {
      const large = Array.from({length: LARGE_TRACKS}, (_, index) => fullTrack(`t${index}`))
      const done = await withinMs(LARGE_LIMIT_MS, run(libraryOf(large, playlistsOf(large.map(({id}) => id)))))
      return done === null ? [`did not end within ${LARGE_LIMIT_MS / 1000} s`] : done.faults
    }),
    rule('export-abort', 'ends within a second of being stopped', () => abortFaults(contribution)),
    rule('export-quiet', 'prints nothing', async () => {
      const printed = await printedBy(run)
      return printed === '' ? [] : [`prints ${JSON.stringify(printed.slice(0, 60))}`]
    }),
    rule('export-loses', 'declares only losses that there are', () =>
      contribution.loses.filter((loss) => !LOSSES.includes(loss)).map((loss) => `"${loss}" is no loss`),
    ),
    rule(
      'export-foreign-target',
      'refuses or keeps what it does not understand at the target, and says so by a CrateError',
      async () => {
        try {
          await runExporter(contribution, small(), {target: {'': 'not what this format looks like'}})
          return []
        } catch (error) {
          return error instanceof Error && error.name === 'CrateError' ? [] : [`throws ${nameOf(error)}`]
        }
      },
    ),
  ]
}

function crowdedTrack(): Track {
  const cues = Array.from({length: 200}, (_, index) => ({
    kind: index < 16 ? ('hot' as const) : ('memory' as const),
    slot: index < 16 ? index : null,
    positionMs: index * 1000.25,
    lengthMs: index % 3 === 0 ? 500 : null,
    name: `Cue ${index}`,
    colorRgb: index % 2 === 0 ? 0xabcdef : null,
    origin: 'user' as const,
  }))
  const beatGrid = Array.from({length: 1000}, (_, index) => ({
    positionMs: index * 200,
    tempoBpm: 120 + (index % 7),
    beatInBar: (index % 4) + 1,
  }))
  return {...fullTrack('crowded'), cues, beatGrid}
}

/** The library that never ends: an exporter that heeds the signal ends all the same. */
async function abortFaults(contribution: ExporterContribution): Promise<string[]> {
  const stopper = new AbortController()
  const endless: LibraryView = {
    trackCount: 1_000_000,
    tracks: async function* () {
      for (let n = 0; ; n++) {
        yield fullTrack(`t${n}`)
        if (n === 500) stopper.abort()
        if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
        if (performance.now() - startedMs > 10_000) return
      }
    },
    track: async (id) => fullTrack(id),
    playlists: () => [],
  }
  const startedMs = performance.now()
  let abortedMs: number | null = null
  stopper.signal.addEventListener('abort', () => {
    abortedMs = performance.now()
  })
  const work = runExporter(contribution, endless, {signal: stopper.signal}).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (
    (await withinMs(
      12_000,
      work.then(() => true),
    )) === null
  )
    return ['did not end at all']
  const error = await work
  const lateMs = abortedMs === null ? 0 : performance.now() - abortedMs
  if (lateMs > ABORT_LIMIT_MS) return [`ended ${(lateMs / 1000).toFixed(1)} s after it was stopped`]
  const isOrderly = error === undefined || (error instanceof Error && ['AbortError', 'CrateError'].includes(error.name))
  return isOrderly ? [] : [`throws ${nameOf(error)}`]
}

function differences(a: ExportRun, b: ExportRun): string[] {
  const paths = new Set([...a.files.keys(), ...b.files.keys()])
  return [...paths]
    .filter(
      (path) =>
        Buffer.compare(a.files.get(path) ?? new Uint8Array(), b.files.get(path) ?? new Uint8Array()) !== 0 ||
        a.files.has(path) !== b.files.has(path),
    )
    .map((path) => `"${path}" differs between two runs`)
}

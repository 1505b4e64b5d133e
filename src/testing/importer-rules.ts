// What every importer keeps to.
import type {ExporterContribution, ImportedTrack, ImporterContribution, ImportItem} from '../api/format.js'
import {walkPlaylists} from '../core/playlist.js'
import {importedTrackFaults} from '../core/plugin/result-faults.js'
import {runExporter} from './exporter-rules.js'
import {nameOf, type Rule, rule, withinMs} from './finding.js'
import {
  filesInMemory,
  fullTrack,
  kitContext,
  libraryOf,
  NO_AUDIO_TAGS,
  noise,
  playlistsOf,
  printedBy,
  type SampleFiles,
  withOtherClock,
} from './stage.js'

const CUTS = 40
const LIMIT_MS = 20_000

interface ImportOptions {
  readonly pieceBytes?: number
  readonly signal?: AbortSignal
}

async function runImporter(
  contribution: ImporterContribution,
  files: SampleFiles,
  {pieceBytes, signal}: ImportOptions = {},
): Promise<ImportItem[]> {
  const importer = await contribution.load()
  const source = filesInMemory(files, pieceBytes)
  const items: ImportItem[] = []
  const request = {source, audioTags: NO_AUDIO_TAGS, shiftsPositions: true, options: {}}
  for await (const item of importer.import(request, kitContext(contribution.settings, signal))) {
    items.push(item)
    if (items.length > 1_000_000) throw new Error('it gives items without end')
  }
  return items
}

/** Null where it ended well or by a CrateError; else what it threw. */
async function strangeEnd(work: Promise<unknown>): Promise<string | null> {
  const ended = work.then(
    () => null,
    (error: unknown) =>
      error instanceof Error && ['CrateError', 'AbortError'].includes(error.name) ? null : nameOf(error),
  )
  const outcome = await withinMs(
    LIMIT_MS,
    ended.then((value) => ({value})),
  )
  return outcome === null ? `did not end within ${LIMIT_MS / 1000} s` : outcome.value
}

/** @param samples files of the format; null where there are none, so that only what needs none is checked */
export function importerRules(
  contribution: ImporterContribution,
  samples: SampleFiles | null,
  exporter: ExporterContribution | null,
): readonly Rule[] {
  const run = (files: SampleFiles, options?: ImportOptions) => runImporter(contribution, files, options)
  const free: Rule[] = [
    rule('import-noise', 'reads noise without falling over', async () => {
      const faults: string[] = []
      for (const length of [1, 100, 70_000]) {
        const end = await strangeEnd(run({'': noise(length, length), 'noise.bin': noise(length, length)}))
        if (end !== null) faults.push(`${length} bytes of noise: ${end}`)
      }
      return faults
    }),
    rule('import-empty', 'reads an empty file without falling over', async () =>
      listed(await strangeEnd(run({'': new Uint8Array()}))),
    ),
    rule('import-absent', 'says by a CrateError, or nothing, that nothing is there', async () =>
      listed(await strangeEnd(run({}))),
    ),
    rule('import-quiet', 'prints nothing', async () => {
      const printed = await printedBy(() => strangeEnd(run(samples ?? {'': noise(3, 100)})))
      return printed === '' ? [] : [`prints ${JSON.stringify(printed.slice(0, 60))}`]
    }),
  ]
  if (samples === null) return exporter === null ? free : [...free, roundTrip(contribution, exporter)]
  const withSamples: Rule[] = [
    rule('import-tracks', 'brings tracks of the right shape, in milliseconds and BPM', async () =>
      tracksOf(await run(samples)).flatMap((track) =>
        importedTrackFaults(track).map((fault) => `${track?.ref}: ${fault}`),
      ),
    ),
    rule('import-something', 'brings at least one track of its sample', async () =>
      tracksOf(await run(samples)).length > 0 ? [] : ['brings no track'],
    ),
    rule('import-refs', 'names each track once', async () => {
      const refs = tracksOf(await run(samples)).map(({ref}) => ref)
      return refs.filter((ref, index) => refs.indexOf(ref) !== index).map((ref) => `ref "${ref}" is there twice`)
    }),
    rule('import-playlists', 'brings the playlists once, after all tracks, naming only its own tracks', async () =>
      playlistFaults(await run(samples)),
    ),
    rule('import-determinism', 'brings the same for the same file', async () =>
      same(await run(samples), await run(samples), 'two runs'),
    ),
    rule('import-clock', 'uses no clock but the context’s', async () =>
      same(await run(samples), await withOtherClock(() => run(samples)), 'another time of the machine'),
    ),
    rule('import-pieces', 'brings the same however the file is cut into pieces', async () =>
      same(await run(samples), await run(samples, {pieceBytes: 7}), 'pieces of 7 bytes'),
    ),
    rule('import-truncation', 'reads a file that is cut off anywhere without falling over', async () => {
      const faults: string[] = []
      for (const [path, content] of Object.entries(samples)) {
        const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
        for (let cut = 0; cut < CUTS; cut++) {
          const at = Math.floor((bytes.length * cut) / CUTS)
          const end = await strangeEnd(run({...samples, [path]: bytes.slice(0, at)}))
          if (end !== null) return [`"${path}" cut at ${at} of ${bytes.length} bytes: ${end}`]
        }
      }
      return faults
    }),
    rule(
      'import-damage',
      'reads a file with damaged bytes without falling over, and brings only sound tracks',
      async () => {
        for (const [path, content] of Object.entries(samples)) {
          const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
          for (let round = 0; round < 20; round++) {
            const damaged = bytes.slice()
            for (const [index, value] of noise(round + 1, 8).entries())
              damaged[Math.floor((damaged.length * (index + round / 20)) / 8)] = value
            const items: ImportItem[] = []
            const end = await strangeEnd(run({...samples, [path]: damaged}).then((brought) => items.push(...brought)))
            if (end !== null) return [`"${path}" with damaged bytes: ${end}`]
            const [fault] = tracksOf(items).flatMap(importedTrackFaults)
            if (fault !== undefined) return [`"${path}" with damaged bytes: ${fault}`]
          }
        }
        return []
      },
    ),
    rule('import-abort', 'ends at once when it was stopped before', async () => {
      const startedMs = performance.now()
      const end = await strangeEnd(run(samples, {signal: AbortSignal.abort()}))
      const tookMs = performance.now() - startedMs
      return [...listed(end), ...(tookMs > 1000 ? [`ended after ${(tookMs / 1000).toFixed(1)} s`] : [])]
    }),
  ]
  return [...free, ...withSamples, ...(exporter === null ? [] : [roundTrip(contribution, exporter)])]
}

/** Milliseconds that positions may differ after a round trip, where the format rounds. */
const ROUNDED_MS = 2

function roundTrip(contribution: ImporterContribution, exporter: ExporterContribution): Rule {
  return rule(
    'round-trip',
    'reads back what the exporter of the same id writes: titles, tempo, cues in milliseconds',
    async () => {
      const track = fullTrack('one')
      const {files} = await runExporter(exporter, libraryOf([track], playlistsOf([track.id])))
      const items = await runImporter(contribution, Object.fromEntries(files))
      const back = tracksOf(items).find(({file}) => file.path === track.file.path)
      if (back === undefined) return [`the track ${track.file.path} does not come back`]
      const lost = new Set([...exporter.loses, ...contribution.loses])
      const faults: string[] = []
      if (!lost.has('tags') && back.tags.title !== track.tags.title)
        faults.push(`title comes back as ${JSON.stringify(back.tags.title)}`)
      if (!lost.has('grid') && Math.abs((back.tempoBpm ?? back.beatGrid[0]?.tempoBpm ?? 0) - 128) > 0.1)
        faults.push(`128 BPM comes back as ${back.tempoBpm}`)
      if (!lost.has('hot-cues')) {
        const cue = back.cues.find(({slot}) => slot === 0)
        if (cue === undefined) faults.push('the cue on the first pad does not come back')
        else if (Math.abs(cue.positionMs - 61_234.5) > ROUNDED_MS)
          faults.push(`a cue at 61234.5 ms comes back at ${cue.positionMs} ms`)
      }
      return faults
    },
  )
}

function tracksOf(items: readonly ImportItem[]): ImportedTrack[] {
  return items.flatMap((item) => (item.kind === 'track' ? [item.track] : []))
}

function playlistFaults(items: readonly ImportItem[]): string[] {
  const trees = items.flatMap((item, index) => (item.kind === 'playlists' ? [{nodes: item.nodes, index}] : []))
  const lastTrack = items.findLastIndex(({kind}) => kind === 'track')
  const faults: string[] = []
  if (trees.length > 1) faults.push(`brings the playlists ${trees.length} times`)
  if (trees.some(({index}) => index < lastTrack)) faults.push('brings the playlists before the last track')
  const refs = new Set(tracksOf(items).map(({ref}) => ref))
  for (const {nodes} of trees)
    for (const {node} of walkPlaylists(nodes))
      if (node.kind !== 'folder')
        for (const ref of node.tracks)
          if (!refs.has(ref)) faults.push(`the playlist "${node.name}" names "${ref}", which is no track of it`)
  return faults
}

function same(a: readonly ImportItem[], b: readonly ImportItem[], between: string): string[] {
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`brings something else with ${between}`]
}

function listed(text: string | null): string[] {
  return text === null ? [] : [text]
}

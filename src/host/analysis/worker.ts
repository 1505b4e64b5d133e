// Runs in a worker thread: reads, decodes and analyses one file at a time.
import type {AudioBlocks} from '../../adapters/audio/decode.js'
import {databaseAccess} from '../../adapters/files/database-access.js'
import type {Analyzer, AnalyzerResult} from '../../api/analyzer.js'
import type {Context} from '../../api/context.js'
import type {CueScheme} from '../../core/cue-scheme.js'
import {CrateError} from '../../core/errors.js'
import type {Findings} from '../../core/findings.js'
import type {JsonValue} from '../../core/json.js'
import type {AudioFile, Tags} from '../../core/track.js'
import {CORE_FUNCTIONS} from '../context.js'
import {giveWayToStage} from './background.js'
import {type SerializedError, serializeError} from './serialized-error.js'

export interface ProbeResult {
  readonly file: AudioFile
  readonly tags: Tags
  readonly audioHash: string
}

export interface AnalyzeResult {
  readonly audioHash: string
  readonly findings: Findings
}

/** Errors travel as values: structured clones lose the class and the code of a thrown one. */
export type WorkerResult<T> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly error: SerializedError}

export interface ProbeInput {
  readonly path: string
  /** Where a live stage announces itself. */
  readonly dataFolder: string
}

export interface DecodeInput extends ProbeInput {
  readonly ffmpeg: string | null
}

export interface AnalyzeInput extends DecodeInput {
  readonly cueScheme: CueScheme
}

/** Tags, facts and audio hash of a file, without decoding it. */
export function probe({path, dataFolder}: ProbeInput): Promise<WorkerResult<ProbeResult>> {
  giveWayToStage(dataFolder)
  return settle(async () => {
    const [{identifyAudioFile}, {readTags}] = await Promise.all([
      import('../../adapters/audio/read-audio.js'),
      import('../../adapters/tags/read-tags.js'),
    ])
    const {file, audioHash} = await identifyAudioFile(path)
    const {tags} = await readTags(path, file.format)
    return {tags, file, audioHash}
  })
}

/** Decodes the file once and analyses it as a stream. */
export function analyze({path, dataFolder, ffmpeg, cueScheme}: AnalyzeInput): Promise<WorkerResult<AnalyzeResult>> {
  giveWayToStage(dataFolder)
  return settle(async () => {
    const [{withDecodedAudio}, {createTrackAnalyzer}] = await Promise.all([
      import('../../adapters/audio/decode.js'),
      import('../../analysis/track-analyzer.js'),
    ])
    return withDecodedAudio(
      path,
      async ({sampleRateHz, channelCount, blocks, audioHash}) => {
        const analyzer = createTrackAnalyzer({sampleRateHz, channelCount}, {cueScheme})
        for await (const block of blocks) analyzer.push(block)
        return {audioHash, findings: analyzer.finish()}
      },
      ffmpeg === null ? {} : {ffmpeg},
    )
  })
}

export interface PluginAnalysisInput extends DecodeInput {
  /** Name of the package, for messages. */
  readonly plugin: string
  readonly entryUrl: string
  readonly analyzer: string
  /** Fields that it declared. */
  readonly fields: readonly string[]
  readonly config: Readonly<Record<string, JsonValue>>
}

export interface PluginAnalyzeResult {
  readonly audioHash: string
  readonly result: AnalyzerResult
  /** What it warned of. */
  readonly warnings: readonly string[]
}

/** Whole, because the contract hands an analyser the whole track: 20 minutes of 48 kHz stereo are 461 MB. */
const LONGEST_FOR_PLUGINS_MS = 20 * 60_000
const MOST_WARNINGS = 20

/** Decodes the file whole and hands it to an analyser of a plugin, in this thread. */
export function analyzeWithPlugin(input: PluginAnalysisInput): Promise<WorkerResult<PluginAnalyzeResult>> {
  const {path, dataFolder, ffmpeg, plugin, entryUrl, analyzer, fields, config} = input
  giveWayToStage(dataFolder)
  return settle(async () => {
    const [
      {withDecodedAudio},
      {importContributions, loadBody, messageOf, pluginHints},
      {analyzerResultFaults},
      {noteRealm},
    ] = await Promise.all([
      import('../../adapters/audio/decode.js'),
      import('../plugin-module.js'),
      import('../../core/plugin/result-faults.js'),
      import('../realm.js'),
    ])
    // The next file of this thread may be one for crate's own analysis.
    const realm = noteRealm()
    const warnings: string[] = []
    const lookAfter = () => {
      const changed = realm.restore()
      if (changed.length > 0) warnings.push(`changed ${changed.slice(0, 3).join(', ')}, which was put back`)
    }
    const failed = (reason: string) =>
      new CrateError('PLUGIN_FAILED', `the analyzer ${analyzer} of the plugin ${plugin} failed: ${reason}`, {
        hints: pluginHints(plugin),
      })
    const {contributions} = await importContributions(plugin, entryUrl).finally(lookAfter)
    const found = contributions.analyzers?.find(({id}) => id === analyzer)
    if (found === undefined) throw failed('its module does not bring it any more')
    const body = (await loadBody(plugin, 'analyzers', found).finally(lookAfter)) as Analyzer
    const {pcm, audioHash} = await withDecodedAudio(path, wholeAudio, ffmpeg === null ? {} : {ffmpeg})
    let result: AnalyzerResult
    try {
      result = await body.analyze(
        pcm,
        analyzerContext(config, (message) => warnings.length < MOST_WARNINGS && warnings.push(message)),
      )
    } catch (error) {
      throw failed(messageOf(error))
    } finally {
      lookAfter()
    }
    const [fault] = analyzerResultFaults(result, fields)
    if (fault !== undefined) throw failed(`its result is wrong: ${fault}`)
    const {fields: own, extra} = result
    return {audioHash, result: extra === undefined ? {fields: own} : {fields: own, extra}, warnings}
  })
}

async function wholeAudio({sampleRateHz, channelCount, durationMs, blocks, audioHash}: AudioBlocks) {
  const parts: (readonly Float32Array[])[] = []
  let frames = 0
  const limit = (LONGEST_FOR_PLUGINS_MS / 1000) * sampleRateHz
  for await (const block of (durationMs ?? 0) > LONGEST_FOR_PLUGINS_MS ? [] : blocks) {
    parts.push(block.map((channel) => channel.slice()))
    frames += block[0]?.length ?? 0
    if (frames > limit) break
  }
  if (frames === 0 || frames > limit)
    throw new CrateError('AUDIO_TOO_LONG', 'analysers of plugins get files of up to 20 minutes')
  const channels = Array.from({length: channelCount}, (_, index) => {
    const whole = new Float32Array(frames)
    let at = 0
    for (const part of parts) {
      const samples = part[index] ?? new Float32Array(0)
      whole.set(samples, at)
      at += samples.length
    }
    return whole
  })
  return {pcm: {sampleRateHz, channels}, audioHash}
}

function analyzerContext(config: PluginAnalysisInput['config'], warn: (message: string) => void): Context {
  const ignore = () => undefined
  return {
    signal: new AbortController().signal,
    config,
    log: {debug: ignore, info: ignore, warn: (message) => warn(String(message).slice(0, 500))},
    progress: {update: ignore},
    nowMs: Date.now,
    error: (code, message, options) => new CrateError(code, message, options),
    core: CORE_FUNCTIONS,
    databases: databaseAccess(),
  }
}

async function settle<T>(work: () => Promise<T>): Promise<WorkerResult<T>> {
  try {
    return {ok: true, value: await work()}
  } catch (error) {
    return {ok: false, error: serializeError(error)}
  }
}

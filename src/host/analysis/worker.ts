// Runs in a worker thread: reads, decodes and analyses one file at a time.
import type {Findings} from '../../core/findings.js'
import type {AudioFile, Tags} from '../../core/track.js'
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

export interface WorkerInput {
  readonly path: string
  readonly ffmpeg: string | null
}

/** Tags, facts and audio hash of a file, without decoding it. */
export function probe({path}: WorkerInput): Promise<WorkerResult<ProbeResult>> {
  return settle(async () => {
    const [{identifyAudioFile}, {readTags}] = await Promise.all([
      import('../../adapters/audio/read-audio.js'),
      import('../../adapters/tags/read-tags.js'),
    ])
    const {file, audioHash} = await identifyAudioFile(path)
    const {tags} = await readTags(path)
    return {tags, file, audioHash}
  })
}

/** Decodes the file once and analyses it as a stream. */
export function analyze({path, ffmpeg}: WorkerInput): Promise<WorkerResult<AnalyzeResult>> {
  return settle(async () => {
    const [{withDecodedAudio}, {createTrackAnalyzer}] = await Promise.all([
      import('../../adapters/audio/decode.js'),
      import('../../analysis/track-analyzer.js'),
    ])
    return withDecodedAudio(
      path,
      async ({sampleRateHz, channelCount, blocks, audioHash}) => {
        const analyzer = createTrackAnalyzer({sampleRateHz, channelCount})
        for await (const block of blocks) analyzer.push(block)
        return {audioHash, findings: analyzer.finish()}
      },
      ffmpeg === null ? {} : {ffmpeg},
    )
  })
}

async function settle<T>(work: () => Promise<T>): Promise<WorkerResult<T>> {
  try {
    return {ok: true, value: await work()}
  } catch (error) {
    return {ok: false, error: serializeError(error)}
  }
}

// What analysers found, kept by the hash of the audio, so that copies and moved files share it.
import type {Cue} from '../core/cue.js'
import type {Findings, Waveform} from '../core/findings.js'
import type {JsonValue} from '../core/json.js'
import type {TrackAnalysis} from '../core/track.js'
import type {SqliteFile} from './sqlite.js'
import type {TrackIndex} from './track-index.js'
import {BUILT_IN_ANALYZER} from './track-rows.js'

/** What an analyser of a plugin found. */
export interface PluginFindings {
  readonly version: number
  /** In place of crate's own. */
  readonly fields: Partial<TrackAnalysis>
  /** Of its own. */
  readonly extra?: Readonly<Record<string, JsonValue>>
}

export interface AnalysisRepository {
  /** Replaces what was known of this audio; one transaction with the tracks that have it. */
  put(audioHash: string, findings: Findings): void
  putPlugin(audioHash: string, analyzer: string, findings: PluginFindings): void
  get(audioHash: string): TrackAnalysis | null
  waveform(audioHash: string): Waveform | null
  embedding(audioHash: string): {version: number; vector: Float32Array} | null
  /** The fields of their own that plugins found, by id of the analyser. */
  extras(audioHash: string): Readonly<Record<string, Readonly<Record<string, JsonValue>>>>
  /** Version of what is stored; null where there is nothing. */
  version(audioHash: string, analyzer?: string): number | null
  /** Audio in the library whose file is there and which this analyser never saw, or only in a lower version. */
  outdated(version: number, analyzer?: string): {audioHash: string; path: string}[]
  /** Replaces the cues of every analysis of crate's own by what they are made to. */
  updateCues(make: (analysis: TrackAnalysis) => readonly Cue[]): void
  /** Removes what no track has any more; returns how many. */
  prune(): number
}

export function analysisRepository(
  db: SqliteFile,
  index: TrackIndex,
  clock: {readonly nowMs: () => number},
): AnalysisRepository {
  const putFields = db.prepare(
    `INSERT OR REPLACE INTO analyses (audio_hash, analyzer, version, duration_ms, fields, extra, analyzed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const saveFields = db.prepare('UPDATE analyses SET fields = ? WHERE audio_hash = ? AND analyzer = ?')
  const putWaveform = db.prepare(
    'INSERT OR REPLACE INTO waveforms (audio_hash, column_ms, low, mid, high) VALUES (?, ?, ?, ?, ?)',
  )
  const putEmbedding = db.prepare('INSERT OR REPLACE INTO embeddings (audio_hash, version, vector) VALUES (?, ?, ?)')
  const deleteEmbedding = db.prepare('DELETE FROM embeddings WHERE audio_hash = ?')
  const rowsOfAudio = db.prepareRaw<[number]>('SELECT row FROM tracks WHERE audio_hash = ?')
  const fieldsOf = db.prepare<{fields: string; version: number}>(
    'SELECT fields, version FROM analyses WHERE audio_hash = ? AND analyzer = ?',
  )

  return {
    put(audioHash, {version, durationMs, analysis, embedding, waveform}) {
      db.transaction(() => {
        putFields.run(audioHash, BUILT_IN_ANALYZER, version, durationMs, JSON.stringify(analysis), null, clock.nowMs())
        putWaveform.run(audioHash, waveform.columnMs, waveform.low, waveform.mid, waveform.high)
        if (embedding === null) deleteEmbedding.run(audioHash)
        else putEmbedding.run(audioHash, version, bytesOfVector(embedding))
        index.refreshVectors(rowsOfAudio.all(audioHash).map(([row]) => row))
      })
    },
    putPlugin(audioHash, analyzer, {version, fields, extra}) {
      db.transaction(() => {
        const own = extra === undefined ? null : JSON.stringify(extra)
        putFields.run(audioHash, analyzer, version, null, JSON.stringify(fields), own, clock.nowMs())
        index.refresh(rowsOfAudio.all(audioHash).map(([row]) => row))
      })
    },
    get(audioHash) {
      const row = fieldsOf.get(audioHash, BUILT_IN_ANALYZER)
      return row === undefined ? null : (JSON.parse(row.fields) as TrackAnalysis)
    },
    waveform(audioHash) {
      type Row = {columnMs: number; low: Uint8Array; mid: Uint8Array; high: Uint8Array}
      const row = db
        .prepare<Row>('SELECT column_ms AS columnMs, low, mid, high FROM waveforms WHERE audio_hash = ?')
        .get(audioHash)
      return row ?? null
    },
    embedding(audioHash) {
      const row = db
        .prepare<{version: number; vector: Uint8Array}>('SELECT version, vector FROM embeddings WHERE audio_hash = ?')
        .get(audioHash)
      return row === undefined ? null : {version: row.version, vector: vectorOfBytes(row.vector)}
    },
    extras(audioHash) {
      const rows = db
        .prepare<{analyzer: string; extra: string}>(
          'SELECT analyzer, extra FROM analyses WHERE audio_hash = ? AND extra IS NOT NULL ORDER BY analyzer',
        )
        .all(audioHash)
      return Object.fromEntries(rows.map(({analyzer, extra}) => [analyzer, JSON.parse(extra)]))
    },
    version: (audioHash, analyzer = BUILT_IN_ANALYZER) => fieldsOf.get(audioHash, analyzer)?.version ?? null,
    outdated(version, analyzer = BUILT_IN_ANALYZER) {
      return db
        .prepare<{audioHash: string; path: string}>(
          `SELECT t.audio_hash AS audioHash, min(t.path) AS path FROM tracks t
           LEFT JOIN analyses a ON a.audio_hash = t.audio_hash AND a.analyzer = ?
           WHERE t.audio_hash IS NOT NULL AND t.missing_since_ms IS NULL AND (a.version IS NULL OR a.version < ?)
           GROUP BY t.audio_hash ORDER BY min(t.row)`,
        )
        .all(analyzer, version)
    },
    updateCues(make) {
      db.transaction(() => {
        const hashes = db
          .prepareRaw<[string]>('SELECT audio_hash FROM analyses WHERE analyzer = ?')
          .all(BUILT_IN_ANALYZER)
        for (const [audioHash] of hashes) {
          const row = fieldsOf.get(audioHash, BUILT_IN_ANALYZER)
          if (row === undefined) continue
          const analysis = JSON.parse(row.fields) as TrackAnalysis
          const fields = JSON.stringify({...analysis, cues: make(analysis)})
          if (fields === row.fields) continue
          saveFields.run(fields, audioHash, BUILT_IN_ANALYZER)
          index.refresh(rowsOfAudio.all(audioHash).map(([trackRow]) => trackRow))
        }
      })
    },
    prune() {
      return db.transaction(() => {
        const unused = 'WHERE audio_hash NOT IN (SELECT audio_hash FROM tracks WHERE audio_hash IS NOT NULL)'
        db.prepare(`DELETE FROM waveforms ${unused}`).run()
        db.prepare(`DELETE FROM embeddings ${unused}`).run()
        return db.prepare(`DELETE FROM analyses ${unused}`).run().changes
      })
    },
  }
}

function bytesOfVector(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
}

/** Copies: a blob need not start at a multiple of four bytes. */
export function vectorOfBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

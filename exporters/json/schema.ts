// The schema of crate's JSON: what the exporter promises and the importer demands. docs/json-format.md explains it.
import {z} from 'zod'
import type {JsonValue} from '../../src/core/json.js'
import {TONICS} from '../../src/core/key.js'

export const FORMAT = 'crate-library'
export const VERSION = 1

/** A week on either side of the start: far beyond any file, and small enough to count beats up to it. */
const positionMs = z.number().min(-604_800_000).max(604_800_000)
const tempoBpm = z.number().gt(0).max(1000)
const count = z.number().min(0)
const text = z.string().nullable()
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T.+)?$/)
  .nullable()
const json: z.ZodType<JsonValue> = z.json()
const extras = z.record(z.string(), json)
const origin = z.custom<'analysis' | 'user' | `import:${string}`>(
  (value) => typeof value === 'string' && /^(?:analysis|user|import:.+)$/.test(value),
)
const key = z.object({tonic: z.enum(TONICS), mode: z.enum(['major', 'minor'])})
const colorRgb = z.number().int().min(0).max(0xffffff).nullable()
/** Absent stays absent: the property is not written as undefined. */
const present = <Shape extends z.ZodType>(schema: Shape) => z.exactOptional(schema)

const cue = z
  .object({
    kind: z.enum(['hot', 'memory', 'fade-in', 'fade-out', 'load']),
    slot: z.number().int().min(0).max(255).nullable(),
    positionMs,
    lengthMs: z.number().gt(0).max(604_800_000).nullable(),
    name: z.string(),
    colorRgb,
    origin,
    isLocked: present(z.boolean()),
  })
  .refine(({kind, slot}) => kind !== 'hot' || slot !== null, 'a hot cue has a slot')

const marker = z.object({
  positionMs,
  tempoBpm,
  beatInBar: z.number().int().min(1).max(64),
  beatsPerBar: present(z.number().int().min(1).max(64)),
})

const file = z.object({
  path: z
    .string()
    .min(1)
    .max(32_768)
    .refine((path) => !path.includes('\0'), 'a path holds no NUL'),
  sizeBytes: count.nullable(),
  modifiedAtMs: z.number().nullable(),
  format: z.enum(['wav', 'aiff', 'flac', 'mp3', 'ogg', 'opus', 'm4a', 'aac', 'wma', 'video']).nullable(),
  durationMs: count.nullable(),
  sampleRateHz: count.nullable(),
  channels: count.nullable(),
  bitDepth: count.nullable(),
  bitRateKbps: count.nullable(),
  mp3HeaderCase: z.enum(['none', 'xing', 'lavc', 'lame-crc-bad', 'lame']).nullable(),
})

const tags = z.object({
  title: text,
  artist: text,
  album: text,
  albumArtist: text,
  genre: text,
  comment: text,
  label: text,
  remixer: text,
  composer: text,
  producer: text,
  grouping: text,
  mix: text,
  catalogNumber: text,
  isrc: text,
  year: z.number().int().nullable(),
  releaseDate: text,
  trackNumber: z.number().int().nullable(),
  trackTotal: z.number().int().nullable(),
  discNumber: z.number().int().nullable(),
  tempoBpm: z.number().nullable(),
  key: text,
})

/** A track. `audioHash` and `analysis` are for readers of the file; an import makes them from the audio again. */
export const trackSchema = z.object({
  id: z.string().min(1),
  file,
  tags,
  tempoBpm: tempoBpm.nullable(),
  key: key.nullable(),
  beatGrid: z.array(marker).max(1_000_000),
  gridOrigin: origin.nullable(),
  isGridLocked: z.boolean(),
  cues: z.array(cue).max(100_000),
  ratingStars: z.number().min(0).max(5).nullable(),
  colorRgb,
  playCount: z.number().int().min(0),
  lastPlayedAt: date,
  addedAt: date,
  extras,
})

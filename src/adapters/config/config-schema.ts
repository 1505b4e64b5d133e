// The shape of the config file, checked by zod.
import {z} from 'zod'
import {rgbFromHex} from '../../core/color.js'
import type {CrateConfig} from '../../core/config.js'
import {type CueLook, type CueRole, type CueScheme, DEFAULT_CUE_SCHEME} from '../../core/cue-scheme.js'
import type {JsonValue} from '../../core/json.js'

const text = z.string().min(1)
const jsonValue: z.ZodType<JsonValue> = z.json() as z.ZodType<JsonValue>

const hexColor = z.string().transform((value, context) => {
  const rgb = rgbFromHex(value)
  if (rgb === null) context.addIssue(`"${value}" is no colour; write it as "#RRGGBB", in quotes`)
  return rgb
})

/** What is not given of a look, or not of the whole scheme, stays as crate has it. */
function lookOf(role: CueRole) {
  const usual = DEFAULT_CUE_SCHEME.looks[role]
  return z
    .strictObject({name: z.string().max(60).optional(), color: hexColor.nullable().optional()})
    .default({})
    .transform(
      ({name, color}): CueLook => ({name: name ?? usual.name, colorRgb: color === undefined ? usual.colorRgb : color}),
    )
}

const cueScheme = z
  .strictObject({
    hotCues: z.int().min(0).max(8).default(DEFAULT_CUE_SCHEME.hotCues),
    memoryCues: z.boolean().default(DEFAULT_CUE_SCHEME.hasMemoryCues),
    intro: lookOf('intro'),
    verse: lookOf('verse'),
    build: lookOf('build'),
    drop: lookOf('drop'),
    break: lookOf('break'),
    outro: lookOf('outro'),
    'mix-in': lookOf('mix-in'),
    'mix-out': lookOf('mix-out'),
  })
  .transform(({hotCues, memoryCues, ...looks}): CueScheme => ({hotCues, hasMemoryCues: memoryCues, looks}))

export const configSchema: z.ZodType<CrateConfig> = z.strictObject({
  music: z.array(text).default([]),
  sources: z.array(text).default([]),
  targets: z.record(z.string(), text).default({}),
  keyNotation: z.enum(['camelot', 'open-key', 'musical']).default('camelot'),
  cues: cueScheme.prefault({}),
  jobs: z.int().min(1).max(256).nullable().default(null),
  downloads: z
    .strictObject({
      folder: text.nullable().default(null),
      format: text.nullable().default(null),
      template: text.nullable().default(null),
    })
    .default({folder: null, format: null, template: null}),
  tools: z
    .strictObject({ffmpeg: text.nullable().default(null), ytDlp: text.nullable().default(null)})
    .default({ffmpeg: null, ytDlp: null}),
  vectors: text.nullable().default(null),
  plugins: z.record(z.string(), z.record(z.string(), jsonValue)).default({}),
})

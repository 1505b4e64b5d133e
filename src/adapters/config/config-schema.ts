// The shape of the config file, checked by zod.
import {z} from 'zod'
import type {CrateConfig} from '../../core/config.js'
import type {JsonValue} from '../../core/json.js'

const text = z.string().min(1)
const jsonValue: z.ZodType<JsonValue> = z.json() as z.ZodType<JsonValue>

export const configSchema: z.ZodType<CrateConfig> = z.strictObject({
  music: z.array(text).default([]),
  sources: z.array(text).default([]),
  targets: z.record(z.string(), text).default({}),
  keyNotation: z.enum(['camelot', 'open-key', 'musical']).default('camelot'),
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

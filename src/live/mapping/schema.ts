// The mapping file: what moves what. The JSON Schema that editors use is made from this.
import {z} from 'zod'
import type {JsonValue} from '../../core/json.js'
import {AXES} from '../control/axes.js'
import {CURVES} from '../control/shape.js'

const name = z.string().min(1).max(64)
const channel = z.int().min(1).max(16).default(1).describe('MIDI channel, 1 to 16')
const seven = z.int().min(0).max(127)
const address = z.string().regex(/^\/\S+$/, 'an OSC address begins with / and has no blanks')
const output = name.optional().describe('Which of the outputs; left out, the first that carries it')

const oscArgument = z.union([z.number(), z.string(), z.boolean()])

const COMMANDS = ['suggest', 'accept', 'reject', 'energy-up', 'energy-down', 'mark', 'cue-to-playlist'] as const
const ENGINE_COMMANDS = [
  'arm',
  'disarm',
  'toggle-arm',
  'freeze',
  'unfreeze',
  'toggle-freeze',
  'set-forward',
  'learn-range',
  'keep-range',
] as const

const noteAction = z.strictObject({
  note: z.strictObject({
    output,
    channel,
    number: seven,
    velocity: z.int().min(1).max(127).default(100),
    lengthMs: z
      .number()
      .positive()
      .max(60_000)
      .optional()
      .describe('Left out: until the control is released or the oscillation ends; 100 after a stroke'),
  }),
})
const ccAction = z.strictObject({cc: z.strictObject({output, channel, number: seven, value: seven})})
const programAction = z.strictObject({program: z.strictObject({output, channel, number: seven})})
const oscAction = z.strictObject({
  osc: z.strictObject({output, address, args: z.array(oscArgument).max(16).default([])}),
})
const pluginAction = z.strictObject({plugin: z.strictObject({id: name, argument: z.string().default('')})})
const command = z.enum([...COMMANDS, ...ENGINE_COMMANDS])
const action = z.union([command, noteAction, ccAction, programAction, oscAction, pluginAction])

const rule = z.strictObject({
  when: z.union([
    z.strictObject({
      gesture: name,
      sensor: name.optional(),
      phase: z.enum(['stroke', 'started', 'ended']).optional().describe('Left out: stroke or started'),
      confidence: z.number().min(0).max(1).default(0.5),
      while: name.optional().describe('A control that must be held, as button/1'),
    }),
    z.strictObject({control: name, is: z.enum(['pressed', 'released']).default('pressed')}),
  ]),
  do: z.union([action, z.array(action).min(1).max(16)]),
  worksDisarmed: z.boolean().default(false),
})

const smoothing = z.strictObject({
  minCutoffHz: z.number().positive().max(100).default(1.5),
  beta: z.number().min(0).max(10).default(0.02),
})

const target = z.union([
  z.strictObject({
    cc: z.strictObject({output, channel, number: seven, bits: z.union([z.literal(7), z.literal(14)]).default(7)}),
  }),
  z.strictObject({bend: z.strictObject({output, channel})}),
  z.strictObject({
    osc: z.strictObject({output, address, range: z.tuple([z.number(), z.number()]).default([0, 1])}),
  }),
])

const control = z.strictObject({
  from: z.union([
    z.strictObject({sensor: name, axis: z.enum(AXES)}),
    z.strictObject({control: name}),
    z.strictObject({gesture: name, sensor: name.optional(), value: z.literal('rate')}),
  ]),
  to: target,
  range: z.union([z.tuple([z.number(), z.number()]), z.literal('learn')]).optional(),
  deadBand: z.number().min(0).max(0.9).default(0),
  curve: z.enum(CURVES).default('linear'),
  invert: z.boolean().default(false),
  smoothing: z.union([smoothing, z.literal('none')]).default({minCutoffHz: 1.5, beta: 0.02}),
  while: name.optional(),
})

const sensor = z.strictObject({
  type: name,
  target: z.string().max(256).optional().describe('Serial port, host:port or file'),
  profile: name.optional(),
  device: z.string().max(128).default(''),
  gestures: z.array(name).optional().describe('Trained sets to recognise; left out, all'),
  hold: name.optional().describe('A control: gestures count from its press to its release only, and are judged there'),
  declared: z.record(z.string(), z.json()).default({}),
})

const outputTarget = z.strictObject({type: name, target: z.string().max(256)})

export const mappingSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  armed: z.boolean().default(true).describe('Whether it sends from the start'),
  sensors: z.record(name, sensor).default({}),
  outputs: z.record(name, outputTarget).default({}),
  rules: z.array(rule).max(500).default([]),
  controls: z.array(control).max(200).default([]),
})

export type Mapping = z.infer<typeof mappingSchema>
export type MappingRule = Mapping['rules'][number]
export type MappingControl = Mapping['controls'][number]
export type MappingAction = z.infer<typeof action>
export type CrateCommand = (typeof COMMANDS)[number]

export function isCrateCommand(value: string): value is CrateCommand {
  return (COMMANDS as readonly string[]).includes(value)
}

/** JSON Schema (2020-12) of what a person writes, for editors. */
export function mappingJsonSchema(): JsonValue {
  const schema = z.toJSONSchema(mappingSchema, {io: 'input'})
  return JSON.parse(JSON.stringify({...schema, title: 'crate mapping'})) as JsonValue
}

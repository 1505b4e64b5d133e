// The kinds of contribution, what each must say of itself, and what its body must be able to do.

interface KindShape {
  /** What a person calls one of them. */
  readonly noun: string
  /** Fields of the descriptor beside id, summary and load. */
  readonly fields: Readonly<Record<string, 'text' | 'texts' | 'count' | 'count or null' | 'list'>>
  /** Allowed values of a text field. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
  /** Functions of the descriptor itself. */
  readonly functions?: readonly string[]
  /** Functions that the body, which `load()` brings, must have. */
  readonly methods: readonly string[]
}

/** By the key of CratePlugin under which they stand. */
export const KIND_SHAPES = {
  analyzers: {noun: 'analyzer', fields: {version: 'count', fields: 'texts'}, methods: ['analyze']},
  exporters: {
    noun: 'exporter',
    fields: {name: 'text', target: 'text', loses: 'texts'},
    choices: {target: ['file', 'folder']},
    methods: ['export'],
  },
  importers: {
    noun: 'importer',
    fields: {name: 'text', source: 'text', loses: 'texts'},
    choices: {source: ['file', 'folder']},
    methods: ['import'],
  },
  sensors: {
    noun: 'sensor',
    fields: {transport: 'text', profiles: 'list'},
    choices: {transport: ['serial', 'udp', 'websocket', 'midi', 'file', 'own']},
    methods: ['createDecoder'],
  },
  gestures: {
    noun: 'gesture recogniser',
    fields: {recognizes: 'text'},
    choices: {recognizes: ['strokes', 'oscillations']},
    methods: ['train', 'start'],
  },
  outputs: {
    noun: 'output',
    fields: {carries: 'texts', maxMessagesPerSecond: 'count or null'},
    methods: ['targets', 'open'],
  },
  sources: {noun: 'source', fields: {}, functions: ['takes'], methods: ['list']},
  uploaders: {noun: 'uploader', fields: {name: 'text', scheme: 'text'}, methods: ['open']},
  nowPlaying: {noun: 'now-playing source', fields: {name: 'text'}, methods: ['open']},
  actions: {noun: 'action', fields: {}, methods: ['perform']},
} as const satisfies Readonly<Record<string, KindShape>>

export type KindName = keyof typeof KIND_SHAPES

export const KIND_NAMES = Object.keys(KIND_SHAPES) as KindName[]

export function isKindName(name: string): name is KindName {
  return Object.hasOwn(KIND_SHAPES, name)
}

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/
const LONGEST_TEXT = 500
const MOST_ITEMS = 1000

type Plain = Readonly<Record<string, unknown>>

export function isPlainObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong with a descriptor, one sentence each; empty for a sound one. */
export function descriptorFaults(kind: KindName, value: unknown): string[] {
  if (!isPlainObject(value)) return ['is not an object']
  const {noun, fields, choices = {}, functions = []}: KindShape = KIND_SHAPES[kind]
  const faults: string[] = []
  const {id, summary, load} = value
  for (const name of functions)
    if (typeof value[name] !== 'function') faults.push(`${name} is ${shown(value[name])}, not a function`)
  if (typeof id !== 'string' || !ID.test(id) || id.length > 60)
    faults.push(`id is ${shown(id)}, not lower case letters, digits and "-"`)
  if (typeof summary !== 'string' || summary.trim() === '' || summary.includes('\n') || summary.length > LONGEST_TEXT)
    faults.push(`summary is ${shown(summary)}, not one line of text`)
  if (typeof load !== 'function') faults.push(`load is ${shown(load)}, not a function`)
  for (const [name, type] of Object.entries(fields)) {
    if (!isOfType(value[name], type)) faults.push(`${name} is ${shown(value[name])}, an ${noun} needs ${type}`)
    else if (choices[name]?.includes(value[name] as string) === false)
      faults.push(`${name} is ${shown(value[name])}, not one of: ${choices[name].join(', ')}`)
  }
  return faults
}

/** The names of functions that a body lacks. */
export function missingMethods(kind: KindName, body: unknown): string[] {
  const methods: readonly string[] = KIND_SHAPES[kind].methods
  if (typeof body !== 'object' || body === null) return [...methods]
  return methods.filter((name) => typeof (body as Plain)[name] !== 'function')
}

function isOfType(value: unknown, type: KindShape['fields'][string]): boolean {
  if (type === 'text') return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT
  if (type === 'count') return isCount(value)
  if (type === 'count or null') return value === null || isCount(value)
  if (!Array.isArray(value) || value.length > MOST_ITEMS) return false
  return type === 'list' || value.every((item) => typeof item === 'string' && item.length <= LONGEST_TEXT)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** A value as a message may show it: short, whatever it is. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : JSON.stringify(value)
  return (text ?? String(value)).slice(0, 60)
}

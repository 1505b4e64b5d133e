// What every module of a process stands on (Array.prototype, JSON, process.exit …): noted before code of a plugin runs, and
// put back after it. Libraries that "extend" it would change how crate itself computes, for the rest of the night.

export interface Realm {
  /** Puts back what differs, as far as the language lets it, and gives its names: `Array.prototype.map`. */
  restore(): readonly string[]
}

interface Watched {
  readonly name: string
  readonly target: object
  readonly properties: readonly Property[]
  readonly known: Readonly<Record<PropertyKey, boolean>>
  /** What is added to it shows up on every value: in loops over keys, in JSON, in `await`. */
  readonly isInherited: boolean
}

interface Property {
  readonly key: PropertyKey
  readonly descriptor: PropertyDescriptor
}

// Taken now, and used without iterators or methods of lists: what puts them back cannot stand on them.
const {defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys} = Reflect
const {is} = Object
const textOf = String

const CONSTRUCTORS = [
  ...['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Date', 'RegExp', 'Error'],
  ...['Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'ArrayBuffer', 'DataView', 'Uint8Array', 'Int16Array'],
  ...['Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'Buffer', 'URL', 'TextDecoder', 'TextEncoder'],
  ...['AbortController', 'AbortSignal'],
]
const NAMESPACES = ['JSON', 'Math', 'Reflect', 'Atomics', 'console']

/** As it is now, to be put back so often as is asked for. */
export function noteRealm(): Realm {
  const watched = listWatched()
  const environment = Object.entries(process.env)
  return {
    restore() {
      const changed: string[] = []
      for (let index = 0; index < watched.length; index++) restoreObject(watched[index], changed)
      restoreEnvironment(environment, changed)
      return changed
    },
  }
}

function listWatched(): readonly Watched[] {
  const global = globalThis as unknown as Readonly<Record<string, object & {prototype?: object}>>
  const whole = (name: string, target: object | undefined, isInherited: boolean): Watched[] =>
    target === undefined ? [] : [watchedObject(name, target, propertiesOf(target), isInherited)]
  const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object
  const generator = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {})).prototype as object
  return [
    ...CONSTRUCTORS.flatMap((name) => [
      ...whole(name, global[name], false),
      ...whole(`${name}.prototype`, global[name]?.prototype, true),
    ]),
    ...NAMESPACES.flatMap((name) => whole(name, global[name], false)),
    ...whole('TypedArray.prototype', Object.getPrototypeOf(Uint8Array.prototype) as object, true),
    ...whole('Iterator.prototype', iterator, true),
    ...whole('AsyncGenerator.prototype', generator, true),
    // Node fills in some of their other properties when they are first used.
    watchedObject('globalThis', globalThis, functionsOf(globalThis), false),
    watchedObject('process', process, functionsOf(process), false),
  ]
}

function watchedObject(name: string, target: object, properties: readonly Property[], isInherited: boolean): Watched {
  const known = Object.assign(Object.create(null), Object.fromEntries(properties.map(({key}) => [key, true])))
  return {name, target, properties, known, isInherited}
}

function propertiesOf(target: object): Property[] {
  return Reflect.ownKeys(target).map((key) => ({key, descriptor: getOwnPropertyDescriptor(target, key) ?? {}}))
}

function functionsOf(target: object): Property[] {
  return propertiesOf(target).filter(({descriptor}) => typeof descriptor.value === 'function')
}

function restoreObject(watched: Watched | undefined, changed: string[]): void {
  if (watched === undefined) return
  const {name, target, properties, isInherited} = watched
  // First, because descriptors are objects too: a "get" on all of them would make each an accessor.
  if (isInherited) removeAdded(watched, changed)
  for (let index = 0; index < properties.length; index++) {
    const property = properties[index]
    if (property === undefined) continue
    const {key, descriptor: before} = property
    const now = getOwnPropertyDescriptor(target, key)
    if (now !== undefined && isSame(before, now)) continue
    // What was frozen cannot be thawed; it still works, so that nothing is to be done.
    const isBack = defineProperty(target, key, before)
    if (isBack || now === undefined || now.value !== before.value) changed[changed.length] = `${name}.${textOf(key)}`
  }
}

function removeAdded({name, target, known}: Watched, changed: string[]): void {
  const keys = ownKeys(target)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]
    if (key === undefined || known[key]) continue
    const isInTheWay =
      getOwnPropertyDescriptor(target, key)?.enumerable === true ||
      isCalledUnasked(key) ||
      (target === Object.prototype && typeof key === 'string')
    if (isInTheWay && deleteProperty(target, key)) changed[changed.length] = `${name}.${textOf(key)}`
  }
}

/** Names that the language itself looks for on any value. */
function isCalledUnasked(key: PropertyKey): boolean {
  return key === 'toJSON' || key === 'then' || key === 'valueOf' || key === 'toString'
}

function isSame(a: PropertyDescriptor, b: PropertyDescriptor): boolean {
  return (
    is(a.value, b.value) &&
    a.get === b.get &&
    a.set === b.set &&
    a.writable === b.writable &&
    a.enumerable === b.enumerable &&
    a.configurable === b.configurable
  )
}

/** What a plugin adds is its own affair: nothing of crate read it before. */
function restoreEnvironment(before: readonly (readonly [string, string | undefined])[], changed: string[]): void {
  for (let index = 0; index < before.length; index++) {
    const entry = before[index]
    if (entry === undefined || process.env[entry[0]] === entry[1]) continue
    process.env[entry[0]] = entry[1]
    changed[changed.length] = `process.env.${entry[0]}`
  }
}

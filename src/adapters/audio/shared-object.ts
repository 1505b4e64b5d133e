// Builds a tiny shared library for Linux, whose functions all answer that there is no such device.
import {CrateError} from '../../core/errors.js'

export interface SharedObject {
  /** The name that other binaries ask for (`DT_SONAME`). */
  readonly name: string
  /** C functions that return an int. */
  readonly functions: readonly string[]
  /** Versions of the library that are asked for; every function answers for each. */
  readonly versions: readonly string[]
  /** As `process.arch` has it: `x64` or `arm64`. */
  readonly arch: string
}

/** What Node.js looks for in an addon; this one hands its `exports` on as they come. */
const ENTRY = 'napi_register_module_v1'

/** ENODEV of Linux, negated, as ALSA's functions return it. */
const NO_DEVICE = -19

/** Machine code by ELF's number of the machine: `return exports` (the second argument), and `return NO_DEVICE`. */
const MACHINES: Readonly<Record<string, {readonly machine: number; entry: number[]; refusal: number[]}>> = {
  // mov rax, rsi; ret — mov eax, imm32; ret
  x64: {machine: 62, entry: [0x48, 0x89, 0xf0, 0xc3], refusal: [0xb8, ...int32(NO_DEVICE), 0xc3]},
  // mov x0, x1; ret — movn w0, #18; ret
  arm64: {
    machine: 183,
    entry: [0xe0, 0x03, 0x01, 0xaa, 0xc0, 0x03, 0x5f, 0xd6],
    refusal: [...int32(0x12800000 | (~NO_DEVICE << 5)), 0xc0, 0x03, 0x5f, 0xd6],
  },
}

/** Largest page of the machines above: two parts of the file with different rights must not share one. */
const PAGE_BYTES = 0x10000
const HEADER_BYTES = 64
const PROGRAM_HEADER_BYTES = 56
const SYMBOL_BYTES = 24

/** Numbers of the ELF-64 format. @see System V Application Binary Interface, chapters 4 and 5; elf(5) */
const LOAD = 1
const DYNAMIC = 2
const GNU_STACK = 0x6474e551
const READ = 4
const WRITE = 2
const EXECUTE = 1
const TAG = {
  end: 0,
  hash: 4,
  strings: 5,
  symbols: 6,
  stringBytes: 10,
  symbolBytes: 11,
  name: 14,
  symbolVersions: 0x6ffffff0,
  versions: 0x6ffffffc,
  versionCount: 0x6ffffffd,
} as const
/** The version of the library itself, which a symbol has that belongs to no later one: the linker takes it for any. */
const BASE_VERSION = 1
const VERSION_BYTES = 28

/** @throws FORMAT_UNSUPPORTED for another processor */
export function buildSharedObject({name, functions, versions, arch}: SharedObject): Uint8Array {
  const code = MACHINES[arch]
  if (code === undefined) throw new CrateError('FORMAT_UNSUPPORTED', `no stand-in can be built for ${arch} processors`)
  const names = [ENTRY, ...functions]
  const strings = Buffer.from(`\0${[...names, name, ...versions].join('\0')}\0`, 'latin1')
  const offsetOf = (text: string) => strings.indexOf(`\0${text}\0`, 0, 'latin1') + 1

  // The file: headers, hash table, symbols, strings, versions and code, to be run; then the dynamic table, to be written.
  const hashAt = HEADER_BYTES + 4 * PROGRAM_HEADER_BYTES
  const symbolsAt = align(hashAt + 4 * (names.length + 4), 8)
  const stringsAt = symbolsAt + SYMBOL_BYTES * (names.length + 1)
  const symbolVersionsAt = align(stringsAt + strings.length, 2)
  const versionsAt = align(symbolVersionsAt + 2 * (names.length + 1), 8)
  const entryAt = align(versionsAt + VERSION_BYTES * (versions.length + 1), 16)
  const refusalAt = entryAt + 16
  const codeEnd = refusalAt + 16
  const dynamicAt = align(codeEnd, 16)
  const dynamic = [
    [TAG.hash, hashAt],
    [TAG.strings, stringsAt],
    [TAG.symbols, symbolsAt],
    [TAG.stringBytes, strings.length],
    [TAG.symbolBytes, SYMBOL_BYTES],
    [TAG.name, offsetOf(name)],
    [TAG.symbolVersions, symbolVersionsAt],
    [TAG.versions, versionsAt],
    [TAG.versionCount, versions.length + 1],
    [TAG.end, 0],
  ] as const
  const dynamicBytes = 16 * dynamic.length
  const file = Buffer.alloc(dynamicAt + dynamicBytes)

  // ELF-64, little-endian, version 1; a shared object (3) with four program headers and no sections.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  file.writeUInt16LE(3, 16)
  file.writeUInt16LE(code.machine, 18)
  file.writeUInt32LE(1, 20)
  file.writeUInt32LE(HEADER_BYTES, 32)
  file.writeUInt16LE(HEADER_BYTES, 52)
  file.writeUInt16LE(PROGRAM_HEADER_BYTES, 54)
  file.writeUInt16LE(4, 56)

  const programHeader = (index: number, type: number, rights: number, at: number, address: number, bytes: number) => {
    const start = HEADER_BYTES + index * PROGRAM_HEADER_BYTES
    file.writeUInt32LE(type, start)
    file.writeUInt32LE(rights, start + 4)
    for (const [field, value] of [at, address, address, bytes, bytes, type === LOAD ? PAGE_BYTES : 16].entries())
      file.writeUInt32LE(value, start + 8 + 8 * field)
  }
  programHeader(0, LOAD, READ | EXECUTE, 0, 0, codeEnd)
  programHeader(1, LOAD, READ | WRITE, dynamicAt, PAGE_BYTES + dynamicAt, dynamicBytes)
  programHeader(2, DYNAMIC, READ | WRITE, dynamicAt, PAGE_BYTES + dynamicAt, dynamicBytes)
  programHeader(3, GNU_STACK, READ | WRITE, 0, 0, 0)

  // One bucket, whose chain goes through all symbols.
  const chain = names.map((_, index) => (index + 2) % (names.length + 1))
  for (const [index, word] of [1, names.length + 1, 1, 0, ...chain].entries())
    file.writeUInt32LE(word, hashAt + 4 * index)

  for (const [index, symbol] of names.entries()) {
    const at = symbolsAt + SYMBOL_BYTES * (index + 1)
    file.writeUInt32LE(offsetOf(symbol), at)
    // A global (1) function (2), in a section that is not "undefined".
    file.writeUInt8((1 << 4) | 2, at + 4)
    file.writeUInt16LE(1, at + 6)
    file.writeUInt32LE(symbol === ENTRY ? entryAt : refusalAt, at + 8)
    file.writeUInt16LE(BASE_VERSION, symbolVersionsAt + 2 * (index + 1))
  }
  for (const [index, version] of [name, ...versions].entries()) {
    const at = versionsAt + VERSION_BYTES * index
    const isBase = index === 0
    for (const [field, value] of [1, isBase ? 1 : 0, BASE_VERSION + index, 1].entries())
      file.writeUInt16LE(value, at + 2 * field)
    const next = index === versions.length ? 0 : VERSION_BYTES
    for (const [field, value] of [elfHash(version), 20, next, offsetOf(version), 0].entries())
      file.writeUInt32LE(value, at + 8 + 4 * field)
  }
  file.set(strings, stringsAt)
  file.set(code.entry, entryAt)
  file.set(code.refusal, refusalAt)
  for (const [index, [tag, value]] of dynamic.entries()) {
    file.writeUInt32LE(tag, dynamicAt + 16 * index)
    file.writeUInt32LE(value, dynamicAt + 16 * index + 8)
  }
  return file
}

function align(position: number, to: number): number {
  return Math.ceil(position / to) * to
}

function int32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff]
}

/** @see System V Application Binary Interface, figure 5-13 */
function elfHash(text: string): number {
  let hash = 0
  for (const byte of Buffer.from(text, 'latin1')) {
    hash = (hash << 4) + byte
    const high = hash & 0xf0000000
    hash = (hash ^ (high >>> 24)) & ~high
  }
  return hash >>> 0
}

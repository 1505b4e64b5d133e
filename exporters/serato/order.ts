// `neworder.pref`: the order in which Serato shows crates and smart crates.
import {textFromUtf16, utf16FromText} from './bytes.js'
import {NAME_SEPARATOR} from './crate-name.js'

const BEGIN = '[begin record]'
const END = '[end record]'
const CRATE = '[crate]'

/** @returns lines without their ends, whatever they say */
export function decodeOrder(bytes: Uint8Array): string[] {
  const text = textFromUtf16(bytes)
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

export function encodeOrder(lines: readonly string[]): Buffer {
  return utf16FromText(lines.map((line) => `${line}\n`).join(''))
}

/** The names of the crates by level, as the person wrote them. */
export function cratesOfOrder(lines: readonly string[]): string[][] {
  return lines
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.startsWith(CRATE) && line.length > CRATE.length)
    .map((line) => line.slice(CRATE.length).split(NAME_SEPARATOR))
}

/**
 * The order with more crates: those that it has stay where they are, a new one goes after the crate that precedes it in
 * `crates`, else to the end. Null starts a new file.
 */
export function withCrates(lines: readonly string[] | null, crates: readonly (readonly string[])[]): string[] {
  const merged = [...(lines ?? [BEGIN, END])]
  if (!merged.some((line) => line.startsWith(END))) merged.push(END)
  const known = new Map<string, string>()
  for (const line of merged) known.set(line.normalize('NFC'), line)
  let previous: string | null = null
  for (const names of crates) {
    const line = CRATE + names.join(NAME_SEPARATOR)
    const present = known.get(line.normalize('NFC'))
    if (present === undefined) {
      const after: number = previous === null ? -1 : merged.indexOf(previous)
      merged.splice(after < 0 ? merged.findLastIndex((other) => other.startsWith(END)) : after + 1, 0, line)
      known.set(line.normalize('NFC'), line)
    }
    previous = present ?? line
  }
  return merged
}

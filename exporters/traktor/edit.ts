// Changes to a text, collected first and applied at once.
import {encodeValue} from './byte-text.js'
import type {Element} from './markup.js'

export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with every edit made; of several at one place the first comes first. Edits must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text
  const ordered = edits
    .map((edit, index) => ({edit, index}))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
  let result = ''
  let at = 0
  for (const {edit} of ordered) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** Sets an attribute: its value in place, or the whole of it as the last of its element. */
export function setAttribute(element: Element, name: string, value: string): Edit {
  const escaped = encodeValue(value)
  const attribute = element.attributes.find((candidate) => candidate.name === name)
  if (attribute !== undefined)
    return {
      start: attribute.start,
      end: attribute.end,
      text: attribute.quote === "'" ? escaped.replaceAll("'", '&apos;') : escaped,
    }
  const last = element.attributes.at(-1)
  const at = last === undefined ? element.start + 1 + element.name.length : last.end + 1
  return {start: at, end: at, text: ` ${name}="${escaped}"`}
}

/** Removes an element with the line break behind it. */
export function removeElement(text: string, element: Element): Edit {
  const end = text.charAt(element.end) === '\n' ? element.end + 1 : element.end
  return {start: element.start, end, text: ''}
}

/** An element of attributes alone, in Traktor's way: no self-closing, a line to each; empty without any attribute. */
export function renderElement(name: string, attributes: Readonly<Record<string, string>>, content = ''): string {
  let rendered = `<${name}`
  for (const key of Object.keys(attributes)) rendered += ` ${key}="${encodeValue(attributes[key] ?? '')}"`
  return `${rendered}>${content}</${name}>\n`
}

// Suggestions as text: one line per track, its reasons below.
import stringWidth from 'string-width'
import {formatKey, type KeyNotation} from '../core/key.js'
import {type Track, trackName} from '../core/track.js'
import {formatTempo} from './format.js'
import {theme} from './theme.js'

export interface ShownSuggestion {
  readonly libraryTrack: Track
  readonly score: number
  readonly reasons: readonly {readonly text: string; readonly score: number}[]
}

const GOOD = 0.75
const POOR = 0.4

const INDENT = '     '
const BETWEEN = ' · '

/** @param widthColumns of the terminal; Infinity for pipes. Lines break between reasons, never within one. */
export function suggestionLines(
  seed: Track,
  suggestions: readonly ShownSuggestion[],
  notation: KeyNotation,
  widthColumns = Number.POSITIVE_INFINITY,
): string[] {
  const lines = [theme.dim(`after ${headline(seed, notation)}`)]
  if (suggestions.length === 0) lines.push(theme.dim('nothing fits'))
  for (const {libraryTrack, score, reasons} of suggestions) {
    lines.push(
      `${theme.accent(String(Math.round(score * 100)).padStart(3))}  ${theme.strong(trackName(libraryTrack))}  ${theme.dim(headline(libraryTrack, notation, false))}`,
    )
    lines.push(...reasonLines(reasons, widthColumns))
  }
  return lines
}

function reasonLines(reasons: ShownSuggestion['reasons'], widthColumns: number): string[] {
  const lines: string[] = []
  let left = 0
  for (const {text, score} of reasons) {
    const width = stringWidth(text)
    const painted = paintFor(score)(text)
    if (lines.length > 0 && width + BETWEEN.length <= left) {
      lines.push(`${lines.pop()}${theme.dim(BETWEEN)}${painted}`)
      left -= width + BETWEEN.length
    } else {
      lines.push(`${INDENT}${painted}`)
      left = widthColumns - INDENT.length - width
    }
  }
  return lines
}

function headline(track: Track, notation: KeyNotation, hasName = true): string {
  const facts = [
    formatTempo(track.tempoBpm),
    track.key === null ? '–' : formatKey(track.key, notation),
    track.id.slice(0, 8),
  ]
  return `${hasName ? `${trackName(track)}  ` : ''}${facts.join('  ')}`
}

function paintFor(score: number): (text: string) => string {
  if (score >= GOOD) return theme.good
  return score < POOR ? theme.dim : (text) => text
}

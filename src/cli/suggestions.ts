// Suggestions as text: one line per track, its reasons below.
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

export function suggestionLines(seed: Track, suggestions: readonly ShownSuggestion[], notation: KeyNotation): string[] {
  const lines = [theme.dim(`after ${headline(seed, notation)}`)]
  if (suggestions.length === 0) lines.push(theme.dim('nothing fits'))
  for (const {libraryTrack, score, reasons} of suggestions) {
    lines.push(
      `${theme.accent(String(Math.round(score * 100)).padStart(3))}  ${theme.strong(trackName(libraryTrack))}  ${theme.dim(headline(libraryTrack, notation, false))}`,
    )
    lines.push(`     ${reasons.map(({text, score: weight}) => paintFor(weight)(text)).join(theme.dim(' · '))}`)
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

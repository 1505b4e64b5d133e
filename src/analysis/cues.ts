// Cue points from the sections: hot cues on the starts that matter most, memory cues for mixing in and out.
import {type Cue, sortCues} from '../core/cue.js'
import type {CueRole, CueScheme} from '../core/cue-scheme.js'
import type {Section, SectionLabel} from '../core/track.js'

/** With more sections than pads, these go first; within one label, earlier ones. */
const PRIORITY: Readonly<Record<SectionLabel, number>> = {drop: 0, intro: 1, outro: 1, break: 2, build: 3, verse: 4}
const MIX_BARS = 16
const BEATS_PER_BAR = 4

export interface MixPoints {
  readonly mixInMs: number | null
  readonly mixOutMs: number | null
}

/**
 * Where another track can come in and this one can leave: the first downbeat, and the start of the outro (of the first section of it), else the bar
 * line 16 bars before the last downbeat. Null where there is no grid, or too little of it.
 */
export function findMixPoints(
  sections: readonly Section[],
  downbeatsMs: readonly number[],
  periodMs: number | null,
): MixPoints {
  const mixInMs = downbeatsMs[0] ?? null
  if (mixInMs === null || periodMs === null) return {mixInMs, mixOutMs: null}
  const outro = sections[sections.findLastIndex(({label}) => label !== 'outro') + 1]
  if (outro !== undefined) return {mixInMs, mixOutMs: outro.startMs}
  const bar = downbeatsMs.length - 1 - MIX_BARS
  const mixOutMs = downbeatsMs[Math.max(bar, Math.ceil(downbeatsMs.length / 2))] ?? null
  return {mixInMs, mixOutMs: mixOutMs !== null && mixOutMs > mixInMs + BEATS_PER_BAR * periodMs ? mixOutMs : null}
}

export function cuesFromSections(sections: readonly Section[], mix: MixPoints, scheme: CueScheme): Cue[] {
  const pads = Math.max(0, Math.min(8, scheme.hotCues))
  const chosen = sections
    .map((section, index) => ({section, index}))
    .sort((a, b) => PRIORITY[a.section.label] - PRIORITY[b.section.label] || a.index - b.index)
    .slice(0, pads)
    .sort((a, b) => a.index - b.index)
  const counts = new Map<SectionLabel, number>()
  const totals = new Map<SectionLabel, number>()
  for (const {section} of chosen) totals.set(section.label, (totals.get(section.label) ?? 0) + 1)
  const cues: Cue[] = chosen.map(({section}, slot) => {
    const look = scheme.looks[section.label]
    const number = (counts.get(section.label) ?? 0) + 1
    counts.set(section.label, number)
    const name = (totals.get(section.label) ?? 0) > 1 ? `${look.name} ${number}` : look.name
    return {
      kind: 'hot',
      slot,
      positionMs: section.startMs,
      lengthMs: null,
      name,
      colorRgb: look.colorRgb,
      origin: 'analysis',
    }
  })
  if (scheme.hasMemoryCues) {
    addMemoryCue(cues, mix.mixInMs, 'mix-in', scheme)
    addMemoryCue(cues, mix.mixOutMs, 'mix-out', scheme)
  }
  return sortCues(cues)
}

function addMemoryCue(cues: Cue[], positionMs: number | null, role: CueRole, scheme: CueScheme): void {
  if (positionMs === null) return
  const {name, colorRgb} = scheme.looks[role]
  cues.push({kind: 'memory', slot: null, positionMs, lengthMs: null, name, colorRgb, origin: 'analysis'})
}

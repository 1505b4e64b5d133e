// One track as a drawing: waveform in three bands, bars of the grid, sections and cues.
import {beatsOfGrid} from '../../core/beat-grid.js'
import {hexFromRgb} from '../../core/color.js'
import type {Waveform} from '../../core/findings.js'
import {formatKey, type KeyNotation} from '../../core/key.js'
import {type SectionLabel, type Track, trackName} from '../../core/track.js'

const WIDTH = 1200
const HEIGHT = 300
const MARGIN = 24
const WAVE_TOP = 84
const WAVE_HEIGHT = 150
const BANDS = [
  ['low', '#e0483e'],
  ['mid', '#46b96b'],
  ['high', '#7ab8ff'],
] as const

const SECTION_COLORS: Readonly<Record<SectionLabel, string>> = {
  intro: '#2f6f57',
  build: '#8a5a1f',
  drop: '#8c2f2b',
  break: '#27508f',
  verse: '#4b4f66',
  outro: '#5b3a86',
}

/** More grid lines than this would be a grey wall. */
const MOST_BAR_LINES = 160

export function drawTrack(track: Track, waveform: Waveform | null, notation: KeyNotation): string {
  const durationMs = Math.max(1, track.file.durationMs ?? 1)
  const x = (ms: number) => MARGIN + (Math.max(0, Math.min(ms, durationMs)) / durationMs) * (WIDTH - 2 * MARGIN)
  const facts = [
    track.tempoBpm === null ? null : `${track.tempoBpm.toFixed(2)} BPM`,
    track.key === null ? null : formatKey(track.key, notation),
    track.analysis?.energy == null ? null : `energy ${track.analysis.energy}`,
    clock(durationMs),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#14161c"/>`,
    `<text x="${MARGIN}" y="34" font-size="20" fill="#f2f3f7">${escapeXml(trackName(track))}</text>`,
    `<text x="${MARGIN}" y="58" font-size="14" fill="#9aa0b4">${facts.filter((fact) => fact !== null).join('   ')}</text>`,
    ...sectionShapes(track, x),
    ...(waveform === null ? [] : waveShapes(waveform)),
    ...barLines(track, durationMs, x),
    ...cueMarks(track, x),
    '</svg>',
  ].join('\n')
}

function sectionShapes({analysis}: Track, x: (ms: number) => number): string[] {
  return (analysis?.sections ?? []).flatMap(({startMs, endMs, label, bars}) => [
    `<rect x="${fixed(x(startMs))}" y="${WAVE_TOP}" width="${fixed(x(endMs) - x(startMs))}" height="${WAVE_HEIGHT + 22}" fill="${SECTION_COLORS[label]}" fill-opacity="0.35"/>`,
    `<text x="${fixed(x(startMs) + 4)}" y="${WAVE_TOP + WAVE_HEIGHT + 16}" font-size="12" fill="#c9cddb">${label} ${bars}</text>`,
  ])
}

/** One closed shape per band, mirrored about the middle; the loudest band lies lowest. */
function waveShapes(waveform: Waveform): string[] {
  const middle = WAVE_TOP + WAVE_HEIGHT / 2
  const columns = WIDTH - 2 * MARGIN
  return BANDS.map(([band, color]) => {
    const peaks = waveform[band]
    const heights = Array.from({length: columns}, (_, column) => {
      const from = Math.floor((column * peaks.length) / columns)
      const to = Math.max(from + 1, Math.floor(((column + 1) * peaks.length) / columns))
      let highest = 0
      for (let index = from; index < to; index++) highest = Math.max(highest, peaks[index] ?? 0)
      return (highest / 255) * (WAVE_HEIGHT / 2)
    })
    const upper = heights.map((height, column) => `${MARGIN + column},${fixed(middle - height)}`)
    const lower = heights.map((height, column) => `${MARGIN + column},${fixed(middle + height)}`).reverse()
    return `<polygon points="${[...upper, ...lower].join(' ')}" fill="${color}" fill-opacity="0.8"/>`
  })
}

function barLines({beatGrid}: Track, durationMs: number, x: (ms: number) => number): string[] {
  const downbeats = beatsOfGrid(beatGrid, durationMs).filter(({beatInBar}) => beatInBar === 1)
  const step = Math.max(1, 4 * Math.ceil(downbeats.length / (4 * MOST_BAR_LINES)))
  return downbeats
    .filter((_, index) => index % step === 0)
    .map(({positionMs}, index) => {
      const strength = index % 4 === 0 ? 0.5 : 0.2
      return `<line x1="${fixed(x(positionMs))}" x2="${fixed(x(positionMs))}" y1="${WAVE_TOP}" y2="${WAVE_TOP + WAVE_HEIGHT}" stroke="#ffffff" stroke-opacity="${strength}" stroke-width="1"/>`
    })
}

function cueMarks({cues}: Track, x: (ms: number) => number): string[] {
  return cues.flatMap(({slot, positionMs, colorRgb}) => {
    if (slot === null) return []
    const color = hexFromRgb(colorRgb ?? 0xffffff)
    const at = x(positionMs)
    return [
      `<line x1="${fixed(at)}" x2="${fixed(at)}" y1="${WAVE_TOP - 6}" y2="${WAVE_TOP + WAVE_HEIGHT}" stroke="${color}" stroke-width="1.5"/>`,
      `<rect x="${fixed(at)}" y="${WAVE_TOP - 18}" width="16" height="14" rx="2" fill="${color}"/>`,
      `<text x="${fixed(at + 4)}" y="${WAVE_TOP - 7}" font-size="11" font-weight="bold" fill="#14161c">${String.fromCharCode(65 + slot)}</text>`,
    ]
  })
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function fixed(value: number): string {
  return value.toFixed(1)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

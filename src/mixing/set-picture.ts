// A picture of a set: the course of energy over time, and under it the key, tempo and name of each track, as SVG.
import {hexFromRgb, rgbFromChannels} from '../core/color.js'
import {camelotFromKey, keyIndex, type MusicalKey} from '../core/key.js'
import {CLASH_BELOW} from './harmony.js'
import type {BuiltSet, SetEntry} from './set-builder.js'

const WIDTH = 1200
const MARGIN = 48
const CURVE_TOP = 76
const CURVE_HEIGHT = 190
const STRIP_TOP = CURVE_TOP + CURVE_HEIGHT + 34
const STRIP_HEIGHT = 34
const LIST_TOP = STRIP_TOP + STRIP_HEIGHT + 44
const ROW_HEIGHT = 20
const COLUMNS = 2

/**
 * An SVG picture, 1200 wide and as high as the track list needs; text is plain sans-serif, colours carry the key: hues go
 * round the wheel as Camelot numbers do, minor dark, major light, so that neighbours look alike. A red mark stands where keys clash.
 */
export function drawSet(set: BuiltSet, title: string): string {
  const lines = Math.ceil(set.entries.length / COLUMNS)
  const height = LIST_TOP + lines * ROW_HEIGHT + 24
  const total = Math.max(1, set.durationMs)
  const x = (ms: number) => MARGIN + (ms / total) * (WIDTH - 2 * MARGIN)
  const subtitle = `${clock(set.durationMs)} · ${set.entries.length} tracks · mean cost of a transition ${set.meanCost.toFixed(2)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="${WIDTH}" height="${height}" fill="#14161b"/>`,
    text(MARGIN, 36, 22, '#f2f3f5', title, 'font-weight="bold"'),
    text(MARGIN, 58, 13, '#9aa0ab', subtitle),
    ...grid(set.durationMs, x),
    ...curve(set, x),
    ...strip(set, x),
    ...list(set.entries, lines),
    '</svg>',
    '',
  ].join('\n')
}

function y(energy: number): number {
  return CURVE_TOP + CURVE_HEIGHT * (1 - (Math.min(10, Math.max(1, energy)) - 1) / 9)
}

function grid(durationMs: number, x: (ms: number) => number): string[] {
  const levels = [1, 4, 7, 10].flatMap((energy) => [
    `<path d="M${MARGIN} ${num(y(energy))}H${WIDTH - MARGIN}" stroke="#262a33"/>`,
    text(MARGIN - 10, y(energy) + 4, 11, '#6b717d', `${energy}`, 'text-anchor="end"'),
  ])
  const stepMin = [1, 2, 5, 10, 15, 30, 60, 120, 240].find((step) => durationMs / 60_000 / step <= 9) ?? 480
  const times: string[] = []
  for (let min = 0; min * 60_000 <= durationMs; min += stepMin)
    times.push(
      text(x(min * 60_000), CURVE_TOP + CURVE_HEIGHT + 20, 11, '#6b717d', clock(min * 60_000), 'text-anchor="middle"'),
    )
  return [...levels, ...times]
}

/** The wanted course as a dashed line, the tracks' energies as a stair that is filled down to the ground. */
function curve({entries, durationMs}: BuiltSet, x: (ms: number) => number): string[] {
  const wanted = entries.map(
    ({startMs, wantedEnergy}, at) => `${at === 0 ? 'M' : 'L'}${num(x(startMs))} ${num(y(wantedEnergy))}`,
  )
  const bars = entries.flatMap(({track, startMs}, at) => {
    if (track.energy === null) return []
    const endMs = entries[at + 1]?.startMs ?? durationMs
    const top = y(track.energy)
    const left = x(startMs)
    const width = Math.max(0.5, x(endMs) - left - 1)
    const bottom = CURVE_TOP + CURVE_HEIGHT
    return [
      `<rect x="${num(left)}" y="${num(top)}" width="${num(width)}" height="${num(bottom - top)}" fill="#3d6fb8" fill-opacity="0.35"/>`,
      `<rect x="${num(left)}" y="${num(top - 1.5)}" width="${num(width)}" height="3" fill="#7fb0ff"/>`,
    ]
  })
  const dashes =
    wanted.length < 2
      ? []
      : [`<path d="${wanted.join('')}" fill="none" stroke="#f5c26b" stroke-width="2" stroke-dasharray="5 4"/>`]
  return [...bars, ...dashes]
}

/** Tracks narrower than this carry no key name. */
const LABEL_WIDTH = 26

function strip({entries, durationMs}: BuiltSet, x: (ms: number) => number): string[] {
  return entries.flatMap(({track, startMs, move}, at) => {
    const left = x(startMs)
    const width = Math.max(0.5, x(entries[at + 1]?.startMs ?? durationMs) - left - 1)
    const label = track.key === null ? '?' : camelotFromKey(track.key)
    const middle = STRIP_TOP + STRIP_HEIGHT / 2 + 5
    return [
      `<rect x="${num(left)}" y="${STRIP_TOP}" width="${num(width)}" height="${STRIP_HEIGHT}" rx="3" fill="${keyColor(track.key)}"/>`,
      ...(width < LABEL_WIDTH
        ? []
        : [text(left + width / 2, middle, 13, '#0c0d10', label, 'text-anchor="middle" font-weight="bold"')]),
      ...(move !== null && move.score < CLASH_BELOW
        ? [`<path d="M${num(left - 5)} ${STRIP_TOP + STRIP_HEIGHT + 9}h10l-5 -8z" fill="#ff5c5c"/>`]
        : []),
    ]
  })
}

function keyColor(key: MusicalKey | null): string {
  if (key === null) return '#5a5f69'
  const number = Number.parseInt(camelotFromKey(key), 10)
  return hexFromHsl((number - 1) * 30, 0.62, keyIndex(key) >= 12 ? 0.58 : 0.74)
}

function list(entries: readonly SetEntry[], lines: number): string[] {
  const width = (WIDTH - 2 * MARGIN) / COLUMNS
  return entries.flatMap(({track, startMs}, at) => {
    const left = MARGIN + Math.floor(at / lines) * width
    const top = LIST_TOP + (at % lines) * ROW_HEIGHT
    const tempo = track.tempoBpm === null ? '' : (Math.round(track.tempoBpm * 10) / 10).toFixed(1)
    return [
      text(left, top, 12, '#9aa0ab', clock(startMs)),
      `<circle cx="${num(left + 58)}" cy="${num(top - 4)}" r="5" fill="${keyColor(track.key)}"/>`,
      text(left + 70, top, 12, '#c7cbd3', track.key === null ? '' : camelotFromKey(track.key)),
      text(left + 142, top, 12, '#9aa0ab', tempo, 'text-anchor="end"'),
      text(left + 154, top, 12, '#f2f3f5', shorten(track.name, 58)),
    ]
  })
}

function shorten(name: string, length: number): string {
  const letters = [...name]
  return letters.length <= length ? name : `${letters.slice(0, length - 1).join('')}…`
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part, at) => (at === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':')
}

function num(value: number): string {
  return `${Math.round(value * 10) / 10}`
}

function text(left: number, top: number, size: number, fill: string, content: string, more = ''): string {
  return `<text x="${num(left)}" y="${num(top)}" font-size="${size}" fill="${fill}"${more === '' ? '' : ` ${more}`}>${escapeXml(content)}</text>`
}

function escapeXml(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Rasterisers of SVG know hex colours; `hsl()` is CSS, which not all of them read. @param hue in degrees */
function hexFromHsl(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number) => {
    const place = (offset + hue / 30) % 12
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))))
  }
  return hexFromRgb(rgbFromChannels(channel(0), channel(8), channel(4)))
}

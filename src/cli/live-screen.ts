// The terminal of crate live: one screen that is drawn anew a few times a second, or lines where there is no terminal.
import {formatTempo} from './format.js'
import {truncate} from './table.js'
import {theme} from './theme.js'

interface Shown {
  readonly name: string
  readonly tempoBpm: number | null
  readonly key: string | null
}

/** What the screen needs of a live session. */
export interface LivePicture {
  readonly stage: {
    readonly isArmed: boolean
    readonly isFrozen: boolean
    readonly isRecording: boolean
    readonly sensors: readonly {
      readonly name: string
      readonly state: string
      readonly units: readonly string[]
      readonly refused: number
      readonly malformed: number
      readonly statistics: {
        readonly frames: number
        readonly lost: number | null
        readonly rateHz: number | null
        readonly jitterMs: number | null
      } | null
    }[]
    readonly outputs: readonly {
      readonly name: string
      readonly target: string
      readonly state: string
      readonly sent: number
      readonly dropped: number
    }[]
  } | null
  readonly night: {
    readonly playing: {readonly name: string; readonly source: string; readonly track: Shown | null} | null
    readonly energy: string | null
    readonly suggestions: readonly {
      readonly track: Shown
      readonly score: number
      readonly reasons: readonly {readonly text: string}[]
    }[]
    readonly playlist: {readonly name: string; readonly tracks: readonly Shown[]}
  }
  readonly log: readonly {readonly atMs: number; readonly level: string; readonly text: string}[]
}

export const LIVE_KEYS =
  '1–6 take · x turn down · ↑ ↓ energy · a arm · f freeze · w forward · m mark · / what plays · q end'

export function liveScreen(
  {stage, night, log}: LivePicture,
  urls: readonly string[],
  columns: number,
  rows: number,
): string {
  const state = stage === null ? theme.dim('starting') : stage.isArmed ? theme.good('ARMED') : theme.bad('DISARMED')
  const marks = [stage?.isFrozen ? theme.warn('FROZEN') : '', stage?.isRecording ? theme.bad('● REC') : '']
  const {playing, suggestions, playlist, energy} = night
  const lines = [
    [state, ...marks, ...urls.map(theme.dim)].filter((part) => part !== '').join('  '),
    '',
    `${theme.dim('plays')}  ${playing === null ? theme.dim('nothing yet') : theme.strong(playing.name)}  ${theme.dim(playing === null ? '' : facts(playing.track))}`,
    theme.dim(energy === null ? 'next' : `next, energy ${energy}`),
    ...suggestions.map(
      ({track, score, reasons}, index) =>
        `  ${theme.accent(String(index + 1))} ${String(Math.round(score * 100)).padStart(3)}  ${track.name}  ${theme.dim([facts(track), ...reasons.map(({text}) => text)].join(' · '))}`,
    ),
    theme.dim(`${playlist.name}: ${playlist.tracks.length} taken`),
    '',
    ...(stage?.sensors ?? []).map(sensorLine),
    ...(stage?.outputs ?? []).map(
      ({name, target, state: port, sent, dropped}) =>
        `${dot(port)} ${name.padEnd(10)} ${theme.dim(`${target}  ${sent} sent${dropped > 0 ? `, ${dropped} dropped` : ''}`)}`,
    ),
    '',
  ]
  const room = Math.max(0, rows - lines.length - 2)
  lines.push(...log.slice(-room).map(logLine), theme.dim(LIVE_KEYS))
  return lines.map((line) => truncate(line, columns)).join('\x1b[K\n')
}

export function logLine({atMs, level, text}: LivePicture['log'][number]): string {
  const paint = level === 'gesture' ? theme.accent : level === 'warn' ? theme.warn : (plain: string) => plain
  return `${theme.dim(new Date(atMs).toTimeString().slice(0, 8))}  ${paint(text)}`
}

function facts(track: Shown | null): string {
  return track === null ? 'not in the library' : [formatTempo(track.tempoBpm), track.key ?? '–'].join(' ')
}

function dot(state: string): string {
  return state === 'open' ? theme.good('●') : state === 'away' ? theme.bad('●') : theme.warn('●')
}

function sensorLine(sensor: NonNullable<LivePicture['stage']>['sensors'][number]): string {
  const {name, state, statistics, units, refused, malformed} = sensor
  const parts: string[] = []
  if (statistics?.rateHz != null) parts.push(`${statistics.rateHz.toFixed(0)} Hz`)
  if (statistics?.jitterMs != null) parts.push(`± ${statistics.jitterMs.toFixed(1)} ms`)
  if (statistics?.lost != null) parts.push(`${statistics.lost} lost`)
  if (refused + malformed > 0) parts.push(`${refused + malformed} refused`)
  return `${dot(state)} ${name.padEnd(10)} ${theme.dim([...parts, ...units].join('  '))}`
}

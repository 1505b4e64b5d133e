// One track as text: a heading, a waveform, figures, sections and cues.
import {hexFromRgb} from '../core/color.js'
import type {Waveform} from '../core/findings.js'
import type {Extras, JsonValue} from '../core/json.js'
import {formatKey, type KeyNotation} from '../core/key.js'
import {type Track, trackName} from '../core/track.js'
import {formatDuration, formatTempo} from './format.js'
import {renderTable} from './table.js'
import {printable, theme} from './theme.js'
import {waveformLines} from './waveform.js'

export interface TrackDetails {
  readonly track: Track
  readonly waveform: Waveform | null
  /** Of analysers of plugins, by their ids. */
  readonly extras: Extras
}

export function trackLines(
  {track, waveform, extras}: TrackDetails,
  notation: KeyNotation,
  widthColumns: number,
): string[] {
  const {analysis, tags, file} = track
  const lines = [theme.strong(printable(trackName(track))), theme.dim(printable(file.path))]
  if (waveform !== null) lines.push('', ...waveformLines(waveform, Math.min(widthColumns, 100)), '')
  const key = track.key === null ? '–' : formatKey(track.key, notation)
  const figures: [string, string][] = [
    ['BPM', `${formatTempo(track.tempoBpm)}${analysis?.isTempoVariable ? ' (changes)' : ''}`],
    ['Key', key],
    ['Energy', analysis?.energy?.toString() ?? '–'],
    [
      'Loudness',
      analysis?.loudnessLufs === null || analysis === null
        ? '–'
        : `${analysis.loudnessLufs.toFixed(1)} LUFS, peak ${analysis.truePeakDb?.toFixed(1) ?? '–'} dBTP`,
    ],
    ['Length', formatDuration(file.durationMs)],
    [
      'Format',
      [
        file.format?.toUpperCase(),
        file.sampleRateHz === null ? null : `${file.sampleRateHz / 1000} kHz`,
        file.bitDepth === null ? null : `${file.bitDepth} bit`,
        file.bitRateKbps === null ? null : `${Math.round(file.bitRateKbps)} kbit/s`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['Genre', printable(tags.genre ?? '–')],
    ['Rating', track.ratingStars === null ? '–' : '★'.repeat(Math.round(track.ratingStars))],
    ['Plays', `${track.playCount}${track.lastPlayedAt === null ? '' : `, last ${track.lastPlayedAt.slice(0, 10)}`}`],
    ['Mix in/out', `${formatDuration(analysis?.mixInMs ?? null)} / ${formatDuration(analysis?.mixOutMs ?? null)}`],
    [
      'Grid',
      track.beatGrid.length === 0
        ? '–'
        : `${track.beatGrid.length} ${track.beatGrid.length === 1 ? 'marker' : 'markers'}, first at ${((track.beatGrid[0]?.positionMs ?? 0) / 1000).toFixed(3)} s${track.gridOrigin === null || track.gridOrigin === 'analysis' ? '' : ` (${track.gridOrigin})`}`,
    ],
    ['Id', track.id],
  ]
  for (const [id, found] of Object.entries(extras)) figures.push([id, shownExtra(found)])
  for (const [name, value] of figures) lines.push(`${theme.dim(name.padEnd(10))}  ${value}`)
  if (analysis !== null && analysis.sections.length > 0) {
    lines.push(
      '',
      renderTable(
        [
          {title: 'SECTION', value: ({label}) => label},
          {title: 'FROM', value: ({startMs}) => formatDuration(startMs), align: 'right'},
          {title: 'BARS', value: ({bars}) => bars, align: 'right'},
        ],
        analysis.sections,
        widthColumns,
      ),
    )
  }
  if (track.cues.length > 0) {
    lines.push(
      '',
      renderTable(
        [
          {title: 'CUE', value: ({kind, slot}) => (slot === null ? kind : `${kind} ${String.fromCharCode(65 + slot)}`)},
          {title: 'AT', value: ({positionMs}) => formatDuration(positionMs), align: 'right'},
          {
            title: 'LOOP',
            value: ({lengthMs}) => (lengthMs === null ? '' : `${(lengthMs / 1000).toFixed(2)} s`),
            align: 'right',
          },
          {title: 'NAME', value: ({name}) => name, shrinks: true},
          {title: 'COLOUR', value: ({colorRgb}) => (colorRgb === null ? '' : hexFromRgb(colorRgb))},
          {title: 'BY', value: ({origin}) => origin},
        ],
        track.cues,
        widthColumns,
      ),
    )
  }
  return lines
}

const LONGEST_EXTRA = 160

/** `danceability 1.2, key Am`; what is long or nested is for --json. */
function shownExtra(found: JsonValue): string {
  const entries = typeof found === 'object' && found !== null ? Object.entries(found as Extras) : [['', found] as const]
  const text = entries
    .filter(([, value]) => typeof value !== 'object' && value !== '')
    .map(([name, value]) => `${name} ${value}`.trim())
    .join(', ')
  const printable = text.replace(/\p{Cc}/gu, ' ')
  return printable === '' ? '–' : printable.length > LONGEST_EXTRA ? `${printable.slice(0, LONGEST_EXTRA)}…` : printable
}

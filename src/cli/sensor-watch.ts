// The lines of a sensor that is watched: its rate, jitter, losses and units, once a second.
import {theme} from './theme.js'

interface WatchedSensor {
  readonly name: string
  readonly state: string
  readonly units: readonly string[]
  readonly malformed: number
  readonly unknown: number
  readonly refused: number
  readonly trace: readonly (readonly number[])[]
  readonly statistics: {
    readonly frames: number
    readonly lost: number | null
    readonly late: number
    readonly duplicates: number
    readonly implausible: number
    readonly rateHz: number | null
    readonly jitterMs: number | null
  } | null
}

export function sensorSummary({
  name,
  state,
  statistics,
  units,
  malformed,
  unknown,
  refused,
  trace,
}: WatchedSensor): string {
  if (statistics === null)
    return `${name}  ${state === 'open' ? theme.dim('open, nothing came yet') : theme.warn(state)}`
  const {frames, lost, late, duplicates, implausible, rateHz, jitterMs} = statistics
  const [, ...values] = trace.at(-1) ?? []
  const counts = [
    lost ? `${lost} lost` : '',
    late + duplicates > 0 ? `${late + duplicates} late or double` : '',
    implausible + malformed > 0 ? `${implausible + malformed} broken` : '',
    unknown > 0 ? `${unknown} unknown` : '',
    refused > 0 ? `${refused} refused` : '',
  ].filter((part) => part !== '')
  return [
    theme.strong(name),
    `${frames} frames`,
    rateHz === null ? '' : `${rateHz.toFixed(1)} Hz`,
    jitterMs === null ? '' : `± ${jitterMs.toFixed(1)} ms`,
    theme.dim(units.join(' ')),
    theme.dim(values.map((value) => value.toFixed(2)).join(' ')),
    counts.length === 0 ? theme.good('clean') : theme.warn(counts.join(', ')),
  ]
    .filter((part) => part !== '')
    .join('  ')
}

export async function showPhone(url: string): Promise<void> {
  const {default: qrcode} = await import('qrcode')
  process.stderr.write(`${await qrcode.toString(url, {type: 'utf8', margin: 2})}\nphone  ${theme.accent(url)}\n`)
}

/** Until Ctrl-C, or so many seconds. */
export function waitForEnd(signal: AbortSignal, seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    const timer = seconds === undefined ? null : setTimeout(resolve, seconds * 1000)
    signal.addEventListener('abort', () => {
      if (timer !== null) clearTimeout(timer)
      resolve()
    })
  })
}

// A waveform in the terminal: height is the peak, colour the band that leads.
import type {Waveform} from '../core/findings.js'
import {theme} from './theme.js'

const LEVELS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Two rows of blocks; low is red-ish (bass), mid green, high blue, as DJ programs have it. */
export function waveformLines({low, mid, high}: Waveform, widthColumns: number): string[] {
  const top: string[] = []
  const bottom: string[] = []
  for (let column = 0; column < widthColumns; column++) {
    const from = Math.floor((column * low.length) / widthColumns)
    const to = Math.max(from + 1, Math.floor(((column + 1) * low.length) / widthColumns))
    const peaks = [peak(low, from, to), peak(mid, from, to), peak(high, from, to)] as const
    const height = Math.round((Math.max(...peaks) / 255) * 16)
    const paint =
      peaks[0] >= peaks[1] && peaks[0] >= peaks[2] ? theme.bad : peaks[1] >= peaks[2] ? theme.good : theme.accent
    top.push(paint(LEVELS[Math.max(0, height - 8)] ?? ' '))
    bottom.push(paint(LEVELS[Math.min(8, height)] ?? ' '))
  }
  return [top.join(''), bottom.join('')]
}

function peak(band: Uint8Array, from: number, to: number): number {
  let highest = 0
  for (let index = from; index < to; index++) highest = Math.max(highest, band[index] ?? 0)
  return highest
}

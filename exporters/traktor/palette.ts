// The colours of INFO COLOR. Traktor's menu lists red, orange, yellow, green, blue, violet, magenta; that the numbers
// follow it is inferred (FORMATS §7: 1 is red, the order of the rest is not proven).
import {nearestColor} from '../../src/core/color.js'

const PALETTE: readonly number[] = [0xff0000, 0xff8000, 0xffff00, 0x00ff00, 0x0000ff, 0x8000ff, 0xff00ff]

/** @param id 1–7; null for 0 and for others */
export function rgbFromPalette(id: number | null): number | null {
  return id === null ? null : (PALETTE[id - 1] ?? null)
}

/** The number of the nearest colour. */
export function paletteFromRgb(colorRgb: number): number {
  return PALETTE.indexOf(nearestColor(PALETTE, colorRgb) ?? -1) + 1
}

// Colours as numbers 0xRRGGBB and their text forms.

/** `#RRGGBB` in upper case. */
export function hexFromRgb(colorRgb: number): string {
  return `#${colorRgb.toString(16).padStart(6, '0').toUpperCase()}`
}

/** The colour that `#RRGGBB`, `0xRRGGBB` or `RRGGBB` names; null for anything else. */
export function rgbFromHex(text: string): number | null {
  const match = /^(?:#|0x)?([0-9a-f]{6})$/i.exec(text.trim())
  return match?.[1] === undefined ? null : Number.parseInt(match[1], 16)
}

export function channelsOfRgb(colorRgb: number): {red: number; green: number; blue: number} {
  return {red: (colorRgb >> 16) & 0xff, green: (colorRgb >> 8) & 0xff, blue: colorRgb & 0xff}
}

export function rgbFromChannels(red: number, green: number, blue: number): number {
  return ((red & 0xff) << 16) | ((green & 0xff) << 8) | (blue & 0xff)
}

/** The entry of a palette that lies nearest, by squared distance over the channels; null for an empty palette. */
export function nearestColor(palette: readonly number[], colorRgb: number): number | null {
  const wanted = channelsOfRgb(colorRgb)
  let best: {color: number; distance: number} | null = null
  for (const color of palette) {
    const {red, green, blue} = channelsOfRgb(color)
    const distance = (red - wanted.red) ** 2 + (green - wanted.green) ** 2 + (blue - wanted.blue) ** 2
    if (best === null || distance < best.distance) best = {color, distance}
  }
  return best?.color ?? null
}

// The cover picture of one fixture: roofs under a low sun, drawn pixel by pixel.
import {PNG} from 'pngjs'

const SIZE = 300

export function drawCover(): Buffer {
  const picture = new PNG({width: SIZE, height: SIZE})
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const [red, green, blue] = colorAt(x, y)
      picture.data.set([red, green, blue, 255], (y * SIZE + x) * 4)
    }
  return PNG.sync.write(picture, {colorType: 2})
}

function colorAt(x: number, y: number): readonly [number, number, number] {
  const roof = 190 + 22 * Math.floor(((x * 7) % 90) / 30) - (Math.floor(x / 60) % 2) * 34
  if (y > roof)
    return y > roof + 18 && Math.floor(x / 12) % 3 === 1 && Math.floor(y / 14) % 2 === 0
      ? [250, 214, 120]
      : [38, 30, 62]
  const toSun = Math.hypot(x - 210, y - 120)
  if (toSun < 46) return [255, 236, 170]
  const band = Math.floor(y / 24)
  return [240 - band * 8, 120 + band * 6, 90 + band * 12]
}

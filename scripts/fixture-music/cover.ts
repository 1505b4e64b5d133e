// The cover picture of one fixture: roofs under a low sun, drawn pixel by pixel.
import {crc32, deflateSync} from 'node:zlib'

const SIZE = 300

/** A PNG of 8-bit RGB without interlacing (W3C "PNG Specification" §5 and §11). */
export function drawCover(): Buffer {
  const rowBytes = 1 + SIZE * 3
  const rows = Buffer.alloc(SIZE * rowBytes)
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) rows.set(colorAt(x, y), y * rowBytes + 1 + x * 3)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIZE, 0)
  header.writeUInt32BE(SIZE, 4)
  header.set([8, 2], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(8 + body.length)
  out.writeUInt32BE(data.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc32(body), 4 + body.length)
  return out
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

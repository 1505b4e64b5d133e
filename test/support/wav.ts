// Small WAV files with known content, for tests that need many different ones.
import {writeFileSync} from 'node:fs'

export interface Clicks {
  readonly tempoBpm: number
  readonly seconds: number
  /** Of the tone under the clicks; different tones make different audio. */
  readonly toneHz: number
}

const RATE = 22_050

/** Kicks on every beat over a quiet tone: 16-bit mono. */
export function clickSamples({tempoBpm, seconds, toneHz}: Clicks): Int16Array {
  const samples = new Int16Array(Math.round(seconds * RATE))
  const period = (60 / tempoBpm) * RATE
  for (let n = 0; n < samples.length; n++) {
    const since = (n % period) / RATE
    const kick = Math.sin(2 * Math.PI * (50 + 90 * Math.exp(-since * 40)) * since) * Math.exp(-since * 18)
    const tone = 0.08 * Math.sin((2 * Math.PI * toneHz * n) / RATE)
    samples[n] = Math.round(26_000 * Math.max(-1, Math.min(1, 0.85 * kick + tone)))
  }
  return samples
}

export function wavBytes(samples: Int16Array, title?: string): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const info = title === undefined ? Buffer.alloc(0) : infoChunk(title)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + data.length + info.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data, info])
}

/** A LIST INFO chunk with the title, as RIFF has it. */
function infoChunk(title: string): Buffer {
  const text = Buffer.from(`${title}\0`, 'utf8')
  const padded = text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.alloc(1)])
  const chunk = Buffer.alloc(20)
  chunk.write('LIST', 0)
  chunk.writeUInt32LE(12 + padded.length, 4)
  chunk.write('INFOINAM', 8)
  chunk.writeUInt32LE(text.length, 16)
  return Buffer.concat([chunk, padded])
}

export function writeClicks(path: string, clicks: Clicks, title?: string): void {
  writeFileSync(path, wavBytes(clickSamples(clicks), title))
}

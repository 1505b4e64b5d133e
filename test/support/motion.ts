// Synthetic hands, as senders put them on the wire: what a test moves.
import {createSocket} from 'node:dgram'
import {setTimeout as wait} from 'node:timers/promises'

export type Sample = readonly [x: number, y: number, z: number]

/** At rest, screen up, with the tremble of a hand; in g. */
export function rest(count: number, seed = 1): Sample[] {
  let state = seed
  const noise = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return (state / 2_147_483_648 - 0.5) * 0.02
  }
  return Array.from({length: count}, () => [noise(), noise(), 1 + noise()])
}

/** A stroke along x and back, about 600 ms at 100 Hz, each a little different. */
export function flick(seed: number): Sample[] {
  const size = 1.8 + 0.15 * Math.sin(seed)
  return rest(60, seed).map(([x, y, z], index) => {
    const phase = (2 * Math.PI * index) / 60
    return [x + size * Math.sin(phase), y + 0.4 * Math.sin(2 * phase), z + 0.3 * Math.sin(phase + seed / 10)]
  })
}

/** Two strokes along y: another movement. */
export function chop(seed: number): Sample[] {
  const size = 1.6 + 0.15 * Math.cos(seed)
  return rest(70, seed + 100).map(([x, y, z], index) => {
    const phase = (4 * Math.PI * index) / 70
    return [x + 0.2 * Math.sin(phase / 2), y + size * Math.sin(phase), z - 0.8 * Math.sin(phase)]
  })
}

/** OSC 1.0: `/accxyz fff`. */
export function accxyz([x, y, z]: Sample): Buffer {
  const bytes = Buffer.alloc(28)
  bytes.write('/accxyz\0,fff\0\0\0\0', 0, 'latin1')
  for (const [index, value] of [x, y, z].entries()) bytes.writeFloatBE(value, 16 + 4 * index)
  return bytes
}

/** At a steady pace, however late single timers are. */
export async function play(port: number, samples: readonly Sample[], rateHz = 100): Promise<void> {
  const socket = createSocket('udp4')
  const startMs = performance.now()
  for (const [index, sample] of samples.entries()) {
    const waitMs = startMs + (index * 1000) / rateHz - performance.now()
    if (waitMs > 1) await wait(waitMs)
    socket.send(accxyz(sample), port, '127.0.0.1')
  }
  await wait(20)
  socket.close()
}

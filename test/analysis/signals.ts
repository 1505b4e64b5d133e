// Sounds whose answers are known before any analysis: clicks, tones, chords, ramps.

export const RATE_HZ = 44_100

export interface Stereo {
  readonly sampleRateHz: number
  readonly channels: readonly [Float32Array, Float32Array]
}

export function silence(seconds: number, sampleRateHz = RATE_HZ): Stereo {
  const length = Math.round(seconds * sampleRateHz)
  return {sampleRateHz, channels: [new Float32Array(length), new Float32Array(length)]}
}

export function sine(hz: number, amplitude: number, seconds: number, sampleRateHz = RATE_HZ): Stereo {
  const sound = silence(seconds, sampleRateHz)
  for (const channel of sound.channels)
    for (let i = 0; i < channel.length; i++) channel[i] = amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRateHz)
  return sound
}

/** Numbers in [0, 1) that are the same in every run (Park & Miller's minimal standard). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export function whiteNoise(seconds: number, amplitude = 0.3): Stereo {
  const sound = silence(seconds)
  const random = randomNumbers(7)
  for (const channel of sound.channels)
    for (let i = 0; i < channel.length; i++) channel[i] = amplitude * (2 * random() - 1)
  return sound
}

/** Adds a decaying tone that starts at a position: 55 Hz is a kick, 6000 Hz a hat. */
export function addHit(sound: Stereo, atMs: number, hz: number, amplitude: number, decayMs = 60): void {
  const start = Math.round((atMs / 1000) * sound.sampleRateHz)
  const length = Math.round((decayMs * 6 * sound.sampleRateHz) / 1000)
  for (const channel of sound.channels)
    for (let i = 0; i < length && start + i < channel.length; i++)
      channel[start + i] =
        (channel[start + i] ?? 0) +
        amplitude *
          Math.exp((-i * 1000) / (decayMs * sound.sampleRateHz)) *
          Math.cos((2 * Math.PI * hz * i) / sound.sampleRateHz)
}

/** Adds a steady chord of tones with two overtones each. */
export function addChord(sound: Stereo, fromMs: number, toMs: number, midiNotes: readonly number[], cents = 0): void {
  const from = Math.round((fromMs / 1000) * sound.sampleRateHz)
  const to = Math.round((toMs / 1000) * sound.sampleRateHz)
  for (const note of midiNotes) {
    const hz = 440 * 2 ** ((note - 69 + cents / 100) / 12)
    for (const channel of sound.channels)
      for (let i = from; i < Math.min(to, channel.length); i++) {
        const phase = (2 * Math.PI * hz * i) / sound.sampleRateHz
        const fade = Math.min(1, (i - from) / 400, (to - i) / 400)
        channel[i] =
          (channel[i] ?? 0) + 0.06 * fade * (Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase))
      }
  }
}

/** A kick on each beat, a snare on two and four, hats off the beat; the first downbeat at `startMs`. */
export function drumLoop(tempoBpm: number, seconds: number, startMs: number): Stereo {
  const sound = silence(seconds)
  const periodMs = 60_000 / tempoBpm
  for (let beat = 0; startMs + beat * periodMs < seconds * 1000; beat++) {
    const atMs = startMs + beat * periodMs
    addHit(sound, atMs, 55, 0.6, 80)
    addHit(sound, atMs, 3000, 0.1, 4)
    if (beat % 2 === 1) addHit(sound, atMs, 1800, 0.25, 40)
    addHit(sound, atMs + periodMs / 2, 5000, 0.35, 30)
  }
  return sound
}

// The instruments of the fixture music: drums, bass, chords and leads, added sample by sample to a stereo mix.

export interface Mix {
  readonly sampleRateHz: number
  readonly left: Float32Array
  readonly right: Float32Array
}

export function makeMix(sampleRateHz: number, seconds: number): Mix {
  const length = Math.round(sampleRateHz * seconds)
  return {sampleRateHz, left: new Float32Array(length), right: new Float32Array(length)}
}

/** Numbers −1 to 1, the same for the same seed on every machine (mulberry32). */
export function noiseSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}

export function hzFromMidi(note: number): number {
  return 440 * 2 ** ((note - 69) / 12)
}

/** Adds a sound: `wave(seconds since its start)` gives left and right, until `lengthSeconds`. */
function add(
  mix: Mix,
  atSeconds: number,
  lengthSeconds: number,
  wave: (time: number) => readonly [number, number],
): void {
  const start = Math.round(atSeconds * mix.sampleRateHz)
  const count = Math.round(lengthSeconds * mix.sampleRateHz)
  for (let index = Math.max(0, -start); index < count && start + index < mix.left.length; index++) {
    const [left, right] = wave(index / mix.sampleRateHz)
    mix.left[start + index] = (mix.left[start + index] ?? 0) + left
    mix.right[start + index] = (mix.right[start + index] ?? 0) + right
  }
}

export interface KickSound {
  readonly bodyHz: number
  readonly sweep: number
  readonly decaySeconds: number
}

export function addKick(
  mix: Mix,
  at: number,
  gain: number,
  {bodyHz, sweep, decaySeconds}: KickSound,
  noise: () => number,
): void {
  let phase = 0
  add(mix, at, decaySeconds * 5, (time) => {
    phase += (2 * Math.PI * bodyHz * (1 + sweep * Math.exp(-time / 0.018))) / mix.sampleRateHz
    const body = Math.sin(phase) * Math.exp(-time / decaySeconds)
    const click = noise() * Math.exp(-time / 0.0015) * 0.35
    const value = gain * Math.tanh(1.6 * (body + click))
    return [value, value]
  })
}

export function addSnare(mix: Mix, at: number, gain: number, toneHz: number, noise: () => number): void {
  let low = 0
  add(mix, at, 0.3, (time) => {
    const raw = noise()
    low += 0.35 * (raw - low)
    const rattle = (raw - 0.5 * low) * Math.exp(-time / 0.075)
    const tone = Math.sin(2 * Math.PI * toneHz * time * (1 - time * 0.4)) * Math.exp(-time / 0.05)
    return [gain * (0.5 * rattle + 0.6 * tone), gain * (0.5 * rattle + 0.6 * tone)]
  })
}

/** Three bursts close together, then a tail, as hands never meet at once. */
export function addClap(mix: Mix, at: number, gain: number, noise: () => number): void {
  let previous = 0
  add(mix, at, 0.25, (time) => {
    const raw = noise()
    const high = raw - previous
    previous = raw * 0.6
    const bursts = [0, 0.011, 0.023].reduce(
      (sum, start) => sum + (time >= start ? Math.exp(-(time - start) / 0.006) : 0),
      0,
    )
    const tail = time >= 0.023 ? 0.5 * Math.exp(-(time - 0.023) / 0.06) : 0
    const value = gain * 0.4 * high * (bursts + tail)
    return [value, value * 0.92]
  })
}

export function addHat(
  mix: Mix,
  at: number,
  gain: number,
  decaySeconds: number,
  pan: number,
  noise: () => number,
): void {
  let first = 0
  let second = 0
  add(mix, at, decaySeconds * 6, (time) => {
    const raw = noise()
    const high = raw - first
    first = raw
    const higher = high - second
    second = high
    const value = gain * 0.25 * higher * Math.exp(-time / decaySeconds)
    return [value * (1 - pan), value * (1 + pan)]
  })
}

export interface ToneSound {
  /** `saw` has all harmonics, `square` the odd ones, `sine` none, `organ` a few octaves and fifths. */
  readonly shape: 'saw' | 'square' | 'sine' | 'organ'
  /** Detuned copies left and right. */
  readonly detuneCents: number
  readonly cutoffHz: number
  /** How far the cutoff starts above that, and how fast it falls. */
  readonly cutoffSweep: number
  readonly cutoffDecaySeconds: number
  readonly attackSeconds: number
  readonly releaseSeconds: number
}

export function addTone(mix: Mix, at: number, length: number, note: number, gain: number, sound: ToneSound): void {
  const hz = hzFromMidi(note)
  const spread = 2 ** (sound.detuneCents / 1200)
  const voices = [
    makeVoice(mix.sampleRateHz, hz / spread, sound),
    makeVoice(mix.sampleRateHz, hz, sound),
    makeVoice(mix.sampleRateHz, hz * spread, sound),
  ]
  add(mix, at, length + sound.releaseSeconds * 4, (time) => {
    const attack = Math.min(1, time / sound.attackSeconds)
    const release = time < length ? 1 : Math.exp(-(time - length) / sound.releaseSeconds)
    const [low = 0, middle = 0, high = 0] = voices.map((voice) => voice(time))
    const level = gain * attack * release
    return [level * (0.6 * middle + 0.55 * low + 0.15 * high), level * (0.6 * middle + 0.15 * low + 0.55 * high)]
  })
}

/** One oscillator through a two-pole low-pass whose cutoff falls. */
function makeVoice(sampleRateHz: number, hz: number, sound: ToneSound): (time: number) => number {
  const step = hz / sampleRateHz
  let phase = (hz * 0.137) % 1
  let first = 0
  let second = 0
  return (time) => {
    phase += step
    if (phase >= 1) phase -= 1
    const cutoff = Math.min(
      sampleRateHz * 0.4,
      sound.cutoffHz * (1 + sound.cutoffSweep * Math.exp(-time / sound.cutoffDecaySeconds)),
    )
    const pole = 1 - Math.exp((-2 * Math.PI * cutoff) / sampleRateHz)
    first += pole * (oscillate(sound.shape, phase, step) - first)
    second += pole * (first - second)
    return second
  }
}

function oscillate(shape: ToneSound['shape'], phase: number, step: number): number {
  const sine = (times: number) => Math.sin(2 * Math.PI * times * phase)
  if (shape === 'sine') return sine(1)
  if (shape === 'organ') return 0.5 * sine(1) + 0.3 * sine(2) + 0.2 * sine(3) + 0.12 * sine(4)
  const saw = 2 * phase - 1 - blep(phase, step)
  if (shape === 'saw') return saw
  const half = (phase + 0.5) % 1
  return 0.5 * (saw - (2 * half - 1 - blep(half, step)))
}

/** Rounds the jump of a saw so that it does not fold back as false tones (polynomial band-limited step). */
function blep(phase: number, step: number): number {
  if (phase < step) return 2 * (phase / step) - (phase / step) ** 2 - 1
  if (phase > 1 - step) return ((phase - 1) / step) ** 2 + 2 * ((phase - 1) / step) + 1
  return 0
}

/** Noise that rises before a drop. */
export function addRiser(mix: Mix, at: number, length: number, gain: number, noise: () => number): void {
  let low = 0
  add(mix, at, length, (time) => {
    const progress = time / length
    const raw = noise()
    low += (0.02 + 0.5 * progress ** 2) * (raw - low)
    const value = gain * progress ** 2 * low
    return [value * (1 - 0.3 * Math.sin(9 * time)), value * (1 + 0.3 * Math.sin(9 * time))]
  })
}

/** Turns the mix down at every kick, as a compressor keyed by it does. */
export function duck(mix: Mix, kicksAt: readonly number[], depth: number, recoverySeconds: number): void {
  for (const [number, at] of kicksAt.entries()) {
    const start = Math.round(at * mix.sampleRateHz)
    const end = Math.min(mix.left.length, Math.round((kicksAt[number + 1] ?? at + 1) * mix.sampleRateHz))
    for (let index = Math.max(0, start); index < end; index++) {
      const gain = 1 - depth * Math.exp(-(index - start) / mix.sampleRateHz / recoverySeconds)
      mix.left[index] = (mix.left[index] ?? 0) * gain
      mix.right[index] = (mix.right[index] ?? 0) * gain
    }
  }
}

/** A dotted echo from side to side. */
export function echo(mix: Mix, delaySeconds: number, feedback: number, amount: number): void {
  const delay = Math.round(delaySeconds * mix.sampleRateHz)
  const wetLeft = new Float32Array(mix.left.length)
  const wetRight = new Float32Array(mix.left.length)
  for (let index = delay; index < mix.left.length; index++) {
    const source = ((mix.left[index - delay] ?? 0) + (mix.right[index - delay] ?? 0)) / 2
    wetLeft[index] = source + feedback * (wetRight[index - delay] ?? 0)
    wetRight[index] = feedback * (wetLeft[index - delay] ?? 0)
  }
  for (let index = 0; index < mix.left.length; index++) {
    mix.left[index] = (mix.left[index] ?? 0) + amount * (wetLeft[index] ?? 0)
    mix.right[index] = (mix.right[index] ?? 0) + amount * (wetRight[index] ?? 0)
  }
}

export function addInto(target: Mix, source: Mix, gain = 1): void {
  for (let index = 0; index < target.left.length; index++) {
    target.left[index] = (target.left[index] ?? 0) + gain * (source.left[index] ?? 0)
    target.right[index] = (target.right[index] ?? 0) + gain * (source.right[index] ?? 0)
  }
}

/** Soft limit to just below full scale. */
export function master(mix: Mix, drive: number): void {
  for (const channel of [mix.left, mix.right])
    for (let index = 0; index < channel.length; index++)
      channel[index] = 0.94 * Math.tanh(drive * (channel[index] ?? 0))
}

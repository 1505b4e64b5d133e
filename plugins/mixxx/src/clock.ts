// Where Mixxx lets an MP3 begin depends on the library that decodes it, which differs between its builds (FORMATS §5).
import type {AudioFile, ClockProgram, Context} from 'crate-dj/plugin'

const CLOCKS = {libmad: 'mixxx-libmad', ffmpeg: 'mixxx-ffmpeg', coreaudio: 'mixxx-coreaudio'} as const

/** @throws USAGE for a decoder that is not known */
export function clockOf(options: Readonly<Record<string, string>>, {error}: Pick<Context, 'error'>): ClockProgram {
  const decoder = options['decoder'] ?? 'libmad'
  const clock = Object.entries(CLOCKS).find(([name]) => name === decoder)?.[1]
  if (clock !== undefined) return clock
  throw error('USAGE', `option decoder is “${decoder}”, but can be: ${Object.keys(CLOCKS).join(', ')}`, {
    hints: ['Linux and Windows: libmad, builds with FFmpeg: ffmpeg, macOS: coreaudio.'],
  })
}

export type Shift = (file: AudioFile) => number

export function shiftFor(
  clock: ClockProgram,
  direction: 'in' | 'out',
  isOn: boolean,
  {core}: Pick<Context, 'core'>,
): Shift {
  if (!isOn) return () => 0
  return (file) =>
    (direction === 'in' ? core.shiftBetween(clock, 'crate', file) : core.shiftBetween('crate', clock, file)).shiftMs
}

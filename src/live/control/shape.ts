// From a measured value to 0…1: range, dead band, curve.

export const CURVES = ['linear', 'exponential', 'logarithmic', 's-curve'] as const
export type CurveShape = (typeof CURVES)[number]

export interface Shape {
  readonly range: readonly [number, number]
  /** Share of the range about its middle, or above its low end where `isCentred` is false, that stays still. */
  readonly deadBand: number
  readonly isCentred: boolean
  readonly curve: CurveShape
  readonly isInverted: boolean
}

/** 0 to 1. Beyond the range it stays at the end; a range without width gives 0. */
export function shapeValue(shape: Shape, value: number): number {
  const [low, high] = shape.range
  if (!Number.isFinite(value) || high === low) return 0
  const plain = Math.min(1, Math.max(0, (value - low) / (high - low)))
  const alive = shape.isCentred ? withCentre(plain, shape.deadBand) : withFloor(plain, shape.deadBand)
  const bent = bend(shape.curve, alive)
  return shape.isInverted ? 1 - bent : bent
}

function withFloor(value: number, deadBand: number): number {
  return value <= deadBand ? 0 : (value - deadBand) / (1 - deadBand)
}

function withCentre(value: number, deadBand: number): number {
  const side = value - 0.5
  const half = deadBand / 2
  return Math.abs(side) <= half ? 0.5 : 0.5 + (Math.sign(side) * 0.5 * (Math.abs(side) - half)) / (0.5 - half)
}

function bend(curve: CurveShape, value: number): number {
  switch (curve) {
    case 'linear':
      return value
    case 'exponential':
      return (8 ** value - 1) / 7
    case 'logarithmic':
      return Math.log1p(7 * value) / Math.log(8)
    case 's-curve':
      return value * value * (3 - 2 * value)
  }
}

/** The range with this value in it; null before the first. */
export function learnRange(range: readonly [number, number] | null, value: number): readonly [number, number] {
  return range === null ? [value, value] : [Math.min(range[0], value), Math.max(range[1], value)]
}

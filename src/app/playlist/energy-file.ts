// The energy curve that a person asked for: one by its name, or one of their own in a file.
import {readFile} from 'node:fs/promises'
import {expandHome} from '../../adapters/config/config-file.js'
import {fileError} from '../../adapters/files/errors.js'
import {CrateError} from '../../core/errors.js'
import type {CurvePoint, EnergyCurve} from '../../mixing/energy-curve.js'

const NAMED_CURVES = ['warm-up', 'peak', 'journey'] as const

/**
 * A file holds `[{"at": 0, "energy": 3}, …]`, or a line `share,energy` each; shares run from 0 to 1 or to 100 %.
 *
 * @throws USAGE for a text that is neither a curve nor a file, FORMAT_INVALID for a file that holds none, FILE_UNREADABLE
 */
export async function readEnergyCurve(text: string): Promise<EnergyCurve> {
  const named = NAMED_CURVES.find((name) => name === text)
  if (named !== undefined) return named
  const path = expandHome(text)
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    const failure = fileError(error, path, 'read')
    if (failure.code !== 'FILE_NOT_FOUND') throw failure
    throw new CrateError('USAGE', `"${text}" is no energy curve and no file`, {
      hints: [`There are: ${NAMED_CURVES.join(', ')}. Or name a file with lines like 0,3 and 100,8.`],
      details: {path},
      cause: error,
    })
  }
  const points = content.trimStart().startsWith('[') ? pointsFromJson(content, path) : pointsFromLines(content, path)
  const scale = points.some(({at}) => at > 1) ? 100 : 1
  return points.map(({at, energy}) => ({at: at / scale, energy}))
}

function pointsFromJson(content: string, path: string): CurvePoint[] {
  let points: unknown
  try {
    points = JSON.parse(content)
  } catch (error) {
    throw notACurve(path, error)
  }
  if (Array.isArray(points) && points.length > 0 && points.every(isPoint)) return points
  throw notACurve(path)
}

function isPoint(value: unknown): value is CurvePoint {
  const {at, energy} = (value ?? {}) as Partial<CurvePoint>
  return typeof at === 'number' && typeof energy === 'number'
}

/** Lines that begin with a letter are titles of columns, those with # remarks. */
function pointsFromLines(content: string, path: string): CurvePoint[] {
  const points = content
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !/^\s*(#|[a-z])/i.test(line))
    .map((line) => line.split(/[,;\t]/).map(Number))
    .map(([at = Number.NaN, energy = Number.NaN]) => ({at, energy}))
  if (points.length === 0 || points.some(({at, energy}) => Number.isNaN(at) || Number.isNaN(energy)))
    throw notACurve(path)
  return points
}

function notACurve(path: string, cause?: unknown): CrateError {
  return new CrateError('FORMAT_INVALID', `${path} is no energy curve`, {
    hints: ['Write lines like 0,3 and 100,8 (share of the set, energy from 1 to 10), or use warm-up, peak or journey.'],
    ...(cause === undefined ? {} : {cause}),
  })
}

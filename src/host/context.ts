// The context that a contribution gets: everything it may use of crate.
import {bareTrack} from '../../exporters/shared/imported-track.js'
import {databaseAccess} from '../adapters/files/database-access.js'
import type {Context, CoreFunctions} from '../api/context.js'
import {beatsOfGrid} from '../core/beat-grid.js'
import {nearestColor} from '../core/color.js'
import type {Environment} from '../core/environment.js'
import {CrateError} from '../core/errors.js'
import type {JsonValue} from '../core/json.js'
import {formatKey, parseKey} from '../core/key.js'
import {shiftBetween} from '../core/position-shift.js'

export const CORE_FUNCTIONS: CoreFunctions = {
  parseKey,
  formatKey,
  beatsOfGrid,
  nearestColor,
  bareTrack,
  shiftBetween,
}

/** @param label names the contribution in progress and warnings */
export function createContext(
  environment: Pick<Environment, 'signal' | 'reporter' | 'nowMs'>,
  label: string,
  config: Readonly<Record<string, JsonValue>> = {},
): Context {
  const {reporter, signal, nowMs} = environment
  const task = reporter.task(label, null)
  signal.addEventListener('abort', () => task.finish(), {once: true})
  return {
    signal,
    config,
    log: {
      debug: (message) => reporter.debug(`${label}: ${message}`),
      info: (message) => reporter.info(message),
      warn: (message) => reporter.warn(`${label}: ${message}`),
    },
    progress: {
      update: (done, total, note) => {
        if (total !== null) task.setTotal(total)
        task.update(done, note)
        if (total !== null && done >= total) task.finish()
      },
    },
    nowMs,
    error: (code, message, options) => new CrateError(code, message, options),
    core: CORE_FUNCTIONS,
    databases: databaseAccess(),
  }
}

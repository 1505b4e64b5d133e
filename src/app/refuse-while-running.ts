// A DJ program that is open would overwrite what crate writes into its folder when it closes.
import {signOfRunning} from '../adapters/programs/running.js'
import type {ExporterContribution} from '../api/format.js'
import {CrateError} from '../core/errors.js'

/** @param folders that are written into @throws TARGET_RUNNING */
export async function refuseWhileRunning(
  {name, program}: Pick<ExporterContribution, 'name' | 'program'>,
  folders: readonly string[],
): Promise<void> {
  if (program === undefined) return
  for (const folder of folders) {
    const sign = await signOfRunning(program, folder)
    if (sign !== null)
      throw new CrateError('TARGET_RUNNING', `${name} is not written while the program is open: ${sign}`, {
        hints: ['Close it and run the command again: it would overwrite the files when it closes.'],
      })
  }
}

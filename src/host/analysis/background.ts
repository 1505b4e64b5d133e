// Lets a thread of analysis give way to a stage that is live on the same machine.
import {constants, setPriority} from 'node:os'
import {isStageLive} from '../live/presence.js'

let isBehind = false

/**
 * The calling worker thread, and ffmpeg where it starts it, goes after all ordinary work from now on; without a live
 * stage nothing is changed. Linux has a niceness for each thread; elsewhere the call would lower the whole process, with
 * the store and the screen, so nothing is done there. It is not taken back, which only root may.
 *
 * @see setpriority(2), on threads under Linux
 */
export function giveWayToStage(dataFolder: string): void {
  if (isBehind || process.platform !== 'linux' || !isStageLive(dataFolder)) return
  isBehind = true
  try {
    setPriority(0, constants.priority.PRIORITY_LOW)
  } catch {
    // A system that forbids it is stricter than any known; the work is done all the same.
  }
}

// Puts the stage before what is computed beside it, as far as the system lets the person.
import {execFile} from 'node:child_process'
import {constants, setPriority} from 'node:os'

/** Of 1 to 99: before all ordinary work, and after the audio servers and DJ programs, which take 10 and more. */
const REAL_TIME_PRIORITY = 5

/**
 * The whole process gets a high priority. On Linux it also becomes a real-time one, because niceness counts only among
 * the programs of one terminal there; that is allowed to root and to members of the group that many systems have for
 * audio (`rtprio` in limits.conf). Where neither is allowed, nothing changes.
 *
 * @see sched(7), on autogroups and on RLIMIT_RTPRIO
 */
export function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH)
  } catch {
    // Most people may not; the stage needs little and gets it.
  }
  if (process.platform !== 'linux') return
  // What it starts is ordinary again.
  const options = ['--rr', '--reset-on-fork', '--all-tasks', '--pid', String(REAL_TIME_PRIORITY), String(process.pid)]
  execFile('chrt', options, () => undefined)
}

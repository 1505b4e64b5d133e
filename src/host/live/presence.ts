// Says to other runs of crate that a stage is live on this machine, so that their work gives way to it.
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

/** A file of one line: the process that holds the stage. */
function markIn(dataFolder: string): string {
  return join(dataFolder, 'live.pid')
}

/** Until the returned function is called. Of two stages the later one counts. */
export function announceStage(dataFolder: string, pid: number): () => void {
  const path = markIn(dataFolder)
  try {
    mkdirSync(dataFolder, {recursive: true})
    writeFileSync(path, `${pid}\n`)
  } catch {
    // A courtesy to it, no condition of it: a stage also runs from a medium that cannot be written to.
    return () => undefined
  }
  return () => {
    if (stageIn(path) === pid) rmSync(path, {force: true})
  }
}

/** False for what a killed run has left. */
export function isStageLive(dataFolder: string): boolean {
  const pid = stageIn(markIn(dataFolder))
  if (pid === null) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process is there all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function stageIn(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

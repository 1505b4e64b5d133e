// Whether a DJ program runs right now: then its files are not written, because it would overwrite them on exit.
import {existsSync} from 'node:fs'
import {join} from 'node:path'

export interface ProgramSigns {
  /** As the system lists them, without `.exe`; compared without case. */
  readonly processNames: readonly string[]
  /** Files below the target whose presence means that the program holds it. */
  readonly lockFiles?: readonly string[]
}

/** The sign by which the program is seen to run, in words; null when it does not. */
export async function signOfRunning(program: ProgramSigns, targetFolder: string): Promise<string | null> {
  const lock = program.lockFiles?.find((name) => existsSync(join(targetFolder, name)))
  if (lock !== undefined) return `its lock file ${join(targetFolder, lock)} is there`
  const {default: psList} = await import('ps-list')
  const wanted = new Set(program.processNames.map((name) => name.toLowerCase()))
  const running = await psList().catch(() => [])
  const found = running.find(({name}) => wanted.has(name.toLowerCase().replace(/\.exe$/, '')))
  return found === undefined ? null : `the process ${found.name} (${found.pid}) is running`
}

// Stays and calls again whenever something changes below the sources.
import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import type {Environment} from '../../core/environment.js'
import {kindOfSource} from './sources.js'

/** Copies and tag editors write in bursts: wait until it has been quiet for this long. */
const QUIET_MS = 2000

/** Returns when the environment's signal is aborted. */
export async function watchAndSync(
  {signal, reporter, configFile}: Environment,
  sources: readonly string[],
  run: () => Promise<unknown>,
): Promise<void> {
  const {watch} = await import('chokidar')
  const given = sources.length > 0 ? sources : (await readConfig(configFile)).music
  const paths = given
    .filter((source) => kindOfSource(source) !== 'fetched')
    .map((source) => resolve(expandHome(source)))
  reporter.info(`watching ${paths.filter((path) => existsSync(path)).join(', ')}; Ctrl-C ends it`)
  const watcher = watch(paths, {ignoreInitial: true, ignored: (path) => /[/\\]\.[^/\\]*$/.test(path)})
  let timer: NodeJS.Timeout | null = null
  let running: Promise<unknown> | null = null
  let isDirty = false
  const start = () => {
    timer = null
    if (running !== null) {
      isDirty = true
      return
    }
    running = run()
      .catch((error: unknown) => !signal.aborted && reporter.warn((error as Error).message))
      .finally(() => {
        running = null
        if (isDirty && !signal.aborted) {
          isDirty = false
          start()
        }
      })
  }
  watcher.on('all', () => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(start, QUIET_MS)
  })
  watcher.on('error', (error) => reporter.warn(`some changes may not be seen: ${(error as Error).message}`))
  await new Promise<void>((done) =>
    signal.aborted ? done() : signal.addEventListener('abort', () => done(), {once: true}),
  )
  if (timer !== null) clearTimeout(timer)
  await watcher.close()
  await running
}

import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Worker} from 'node:worker_threads'
import {describe, expect, it} from 'vitest'
import {announceStage, isStageLive} from '../../../src/host/live/presence.js'
import {ROOT, temporaryFolder} from '../../support/crate.js'

describe('announceStage', () => {
  it('is seen until it is withdrawn, and a later stage is not withdrawn with it', () => {
    const folder = join(temporaryFolder(), 'not there yet')
    expect(isStageLive(folder)).toBe(false)
    const withdraw = announceStage(folder, process.pid)
    expect(isStageLive(folder)).toBe(true)
    announceStage(folder, process.ppid)
    withdraw()
    expect(isStageLive(folder)).toBe(true)
  })

  it('is not believed of a process that has ended, or of what is no number', () => {
    const folder = temporaryFolder()
    announceStage(folder, spawnSync(process.execPath, ['-e', '']).pid)
    expect(isStageLive(folder)).toBe(false)
    for (const text of ['', '-1', '0', 'me']) {
      writeFileSync(join(folder, 'live.pid'), text)
      expect(isStageLive(folder)).toBe(false)
    }
  })
})

/** Niceness of each thread of this process: proc(5), field 19. */
function nicenesses(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')
    return Number(fields?.[16])
  })
}

describe.skipIf(process.platform !== 'linux')('a thread of analysis', () => {
  it('goes behind while a stage is live, itself alone, and not without one', {timeout: 60_000}, async () => {
    const folder = temporaryFolder()
    const own = nicenesses()[0]
    const probe = async () => {
      const worker = new Worker(
        `import(${JSON.stringify(join(ROOT, 'dist/src/host/analysis/worker.js'))}).then(async ({probe}) => {
          await probe({path: ${JSON.stringify(join(folder, 'none.wav'))}, dataFolder: ${JSON.stringify(folder)}})
          require('node:worker_threads').parentPort.postMessage('done')
          setInterval(() => undefined, 1000)
        })`,
        {eval: true},
      )
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      const found = nicenesses()
      await worker.terminate()
      return found
    }
    expect(new Set(await probe())).toEqual(new Set([own]))
    announceStage(folder, process.pid)
    expect((await probe()).filter((value) => value === 19)).toHaveLength(1)
  })
})

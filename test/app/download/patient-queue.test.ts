// Patience with services: what is tried again, when a host is left alone, and that others go on meanwhile.
import {describe, expect, it} from 'vitest'
import {createPatientQueue} from '../../../src/app/download/patient-queue.js'
import type {Environment} from '../../../src/core/environment.js'
import {CrateError} from '../../../src/core/errors.js'

const SILENT = {update: () => {}, setTotal: () => {}, finish: () => {}}

const ENVIRONMENT: Environment = {
  libraryFolder: '/nowhere',
  configFile: '/nowhere/config.yaml',
  dataFolder: '/nowhere/data',
  installedPlugins: [],
  signal: new AbortController().signal,
  over: new AbortController().signal,
  reporter: {debug: () => {}, info: () => {}, warn: () => {}, task: () => SILENT},
  nowMs: Date.now,
}

/** A queue without pauses that notes what came of each subject. */
function watched() {
  const done: string[] = []
  const gaveUp = new Map<string, string>()
  const queue = createPatientQueue({jobs: 1, jobsPerHost: 1, firstPauseMs: 0}, ENVIRONMENT, {
    done: () => done.push('done'),
    gaveUp: (subject, _failure, complaint) => gaveUp.set(subject, complaint),
    triedOnce: () => {},
  })
  return {queue, done, gaveUp}
}

function refusal(complaint: string): CrateError {
  return new CrateError('NETWORK_FAILED', `answered ${complaint}`, {details: {complaint}})
}

describe('createPatientQueue', () => {
  it('tries again what passes with time, and nothing else', async () => {
    const {queue, done, gaveUp} = watched()
    const tries: Record<string, number> = {}
    queue.add('a.example', 'passes', async (attempt) => {
      tries['passes'] = attempt
      if (attempt < 3) throw refusal('server')
    })
    queue.add('a.example', 'private', async (attempt) => {
      tries['private'] = attempt
      throw refusal('private')
    })
    await queue.drain()
    expect(tries).toEqual({passes: 3, private: 1})
    expect(done).toHaveLength(1)
    expect([...gaveUp]).toEqual([['private', 'private']])
  })

  it('asks a host that gives nothing but refusals no more, while the others go on', async () => {
    const {queue, done, gaveUp} = watched()
    let asked = 0
    for (let n = 0; n < 200; n++)
      queue.add('bad.example', `bad ${n}`, async () => {
        asked++
        throw refusal('rate')
      })
    for (let n = 0; n < 20; n++) queue.add('good.example', `good ${n}`, async () => {})
    await queue.drain()
    expect(asked).toBeGreaterThanOrEqual(60)
    expect(asked).toBeLessThan(70)
    expect(gaveUp.size).toBe(200)
    expect(done).toHaveLength(20)
  })

  it('counts refusals in a row alone', async () => {
    const {queue, done, gaveUp} = watched()
    for (let n = 0; n < 300; n++)
      queue.add('moody.example', `piece ${n}`, async (attempt) => {
        if (n % 3 === 0 && attempt === 1) throw refusal('rate')
      })
    await queue.drain()
    expect(gaveUp.size).toBe(0)
    expect(done).toHaveLength(300)
  })

  it('stops everything where the disk is full', async () => {
    const {queue} = watched()
    let after = 0
    queue.add('a.example', 'large', async () => {
      throw new CrateError('DISK_FULL', 'no room')
    })
    queue.add('a.example', 'next', async () => {
      after++
    })
    await expect(queue.drain()).rejects.toMatchObject({code: 'DISK_FULL'})
    expect(after).toBe(0)
  })
})

// From rehearsal to show: recorded, labelled, learnt, tested, replayed, and fired live as MIDI.
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, it, onTestFinished} from 'vitest'
import {type Crate, installCrate} from '../support/crate.js'
import {chop, flick, play, rest, type Sample} from '../support/motion.js'

const port = 24_000 + (process.pid % 4000)

async function until(isTrue: () => boolean, withinMs = 20_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error('it did not happen in time')
    await wait(25)
  }
}

/** Rest, a movement, rest, …: with where each movement lies, in seconds. */
function session(movements: readonly (readonly Sample[])[]) {
  const samples: Sample[] = [...rest(100)]
  const spans = movements.map((movement, index) => {
    const from = samples.length / 100
    samples.push(...movement)
    const to = samples.length / 100
    samples.push(...rest(80, index + 7))
    return {from, to}
  })
  return {samples, spans}
}

async function record(crate: Crate, name: string, samples: readonly Sample[], kill?: 'SIGKILL') {
  const {child, done} = crate.start(['sensors', 'record', name, '--sensor', `osc:127.0.0.1:${port}`])
  const path = join(crate.library, 'rehearsals', `${name}.cratemotion`)
  await until(() => existsSync(path))
  await wait(300)
  await play(port, samples)
  await wait(250)
  child.kill(kill ?? 'SIGINT')
  await done
  await wait(300)
  return path
}

describe('crate gestures', () => {
  it('learns from labelled takes, finds them again, and fires them live', {timeout: 180_000}, async () => {
    const crate = installCrate()
    const movements = [flick(1), flick(2), flick(3), flick(4), chop(1), chop(2), chop(3), chop(4)]
    const {samples, spans} = session(movements)
    await record(crate, 'takes', samples)
    const listed = (await crate.run('sensors', 'list', '--json')).json<{recordings: {name: string; frames: number}[]}>()
    expect(listed.recordings).toMatchObject([{name: 'takes', frames: samples.length}])
    for (const [index, {from, to}] of spans.entries()) {
      const run = await crate.run(
        'sensors',
        'label',
        'takes',
        index < 4 ? 'flick' : 'chop',
        '--from',
        String(from),
        '--to',
        String(to),
      )
      expect(run.status).toBe(0)
    }
    for (const gesture of ['flick', 'chop'])
      expect((await crate.run('gestures', 'train', gesture, '--from', 'takes')).stderr).toContain('--dancing')
    const kept = (await crate.run('gestures', 'list', '--json')).json<{gestures: object[]}>()
    expect(kept.gestures).toMatchObject([
      {gesture: 'chop', takes: 4},
      {gesture: 'flick', takes: 4},
    ])

    const measured = (await crate.run('gestures', 'test', 'takes', '--json')).json<{expected: number; recall: number}>()
    expect(measured.expected).toBe(8)
    // They were played in real time: on a busy machine some come in bursts.
    expect(measured.recall).toBeGreaterThanOrEqual(0.5)

    // Live: the same movements, made anew, as notes; and the recording of it fires the same events again.
    const out = join(crate.home, 'out.mid')
    const mapping = join(crate.home, 'show.yaml')
    writeFileSync(
      mapping,
      `version: 1
sensors: {hand: {type: osc, target: '127.0.0.1:${port}'}}
outputs: {deck: {type: raw, target: '${out}'}}
rules:
  - when: {gesture: flick}
    do: {note: {number: 60}}
  - when: {gesture: chop}
    do: {note: {number: 62}}
`,
    )
    const {child, done} = crate.start(['live', '--mapping', mapping, '--record', 'show', '--json'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await until(() => existsSync(out))
    await wait(400)
    const hasFired = () => readFileSync(out).toString('hex').includes('903c64')
    for (let time = 0; time < 5 && !hasFired(); time++) await play(port, session([flick(9), chop(9)]).samples)
    await until(hasFired)
    await wait(500)
    child.kill('SIGINT')
    const summary = (await done).json<{gestures: Record<string, number>}>()
    expect(summary.gestures['flick']).toBeGreaterThanOrEqual(1)
    const bytes = readFileSync(out).toString('hex')
    expect(bytes.split('903c64').length).toBe(bytes.split('803c00').length)

    type Replayed = {events: {kind: string; atMs: number; text: string}[]}
    const replays = [
      (await crate.run('sensors', 'replay', 'show', '--json')).json<Replayed>(),
      (await crate.run('sensors', 'replay', 'show', '--json')).json<Replayed>(),
    ]
    expect(replays[0]).toEqual(replays[1])
    const fired = replays[0]?.events.filter(({kind}) => kind === 'gesture').map(({text}) => text) ?? []
    expect(fired.length).toBe(Object.values(summary.gestures).reduce((sum, count) => sum + count, 0))
  })

  it('keeps a rehearsal that is killed, but for its last tenth of a second', {timeout: 60_000}, async () => {
    const crate = installCrate()
    const path = await record(crate, 'killed', rest(300), 'SIGKILL')
    expect(statSync(path).size).toBeGreaterThan(300)
    const {recordings} = (await crate.run('sensors', 'list', '--json')).json<{recordings: {frames: number}[]}>()
    expect(recordings[0]?.frames).toBeGreaterThanOrEqual(290)
  })

  it('trims and exports, and never writes over a recording', {timeout: 60_000}, async () => {
    const crate = installCrate()
    await record(crate, 'one', rest(200))
    expect((await crate.run('sensors', 'record', 'one', '--sensor', `osc:127.0.0.1:${port}`)).stderr).toContain(
      'already',
    )
    expect((await crate.run('sensors', 'trim', 'one', '--from', '0.5', '--to', '1')).status).toBe(0)
    const csv = join(crate.home, 'one.csv')
    await crate.run('sensors', 'export', 'one', '--to', csv)
    const rows = readFileSync(csv, 'utf8').trim().split('\r\n')
    expect(rows.length - 1).toBeGreaterThan(40)
    expect(rows.length - 1).toBeLessThan(60)
    expect((await crate.run('sensors', 'replay', 'none')).status).toBe(1)
  })
})

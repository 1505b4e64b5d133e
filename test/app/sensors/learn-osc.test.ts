// What crate says of a sender that it does not know, and that its own declaration is then understood.
import {spawnSync} from 'node:child_process'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, it} from 'vitest'
import {parse} from 'yaml'
import {learnOsc} from '../../../src/app/sensors/learn-osc.js'
import {mappingSchema} from '../../../src/live/mapping/schema.js'
import {itWith} from '../../support/tools.js'

const PORT = 23_400 + (process.pid % 1000)

describe('learnOsc', () => {
  itWith('oscsend')('tells motion from controls and writes a declaration that a mapping takes', async () => {
    const send = (...args: string[]) => spawnSync('oscsend', ['127.0.0.1', String(PORT), ...args])
    const sending = (async () => {
      await wait(100)
      for (const value of ['0.1', '-0.9', '0.5']) {
        send('/my/glove/gyro', 'fff', value, '0', '2')
        send('/my/glove/fist', 'f', value)
      }
    })()
    const learnt = await learnOsc(
      `127.0.0.1:${PORT}`,
      sending.then(() => wait(200)),
      Date.now,
    )
    expect(learnt.addresses).toMatchObject([
      {address: '/my/glove/gyro', types: 'fff', role: 'rotation', most: [0.5, 0, 2]},
      {address: '/my/glove/fist', types: 'f', role: null},
    ])
    expect(learnt.addresses[0]?.least[0]).toBeCloseTo(-0.9)
    const {sensors} = mappingSchema.parse({version: 1, ...parse(learnt.mapping)})
    expect(sensors['hand']).toMatchObject({
      type: 'osc',
      declared: {addresses: [{address: '/my/glove/gyro', role: 'rotation'}]},
    })
  })

  it('says where the app should send when nothing came', async () => {
    await expect(learnOsc('127.0.0.1:0', wait(50), Date.now)).rejects.toMatchObject({code: 'DEVICE_MISSING'})
  })

  it('refuses what is no port', async () => {
    await expect(learnOsc('nowhere at all', Promise.resolve(), Date.now)).rejects.toMatchObject({code: 'USAGE'})
  })
})

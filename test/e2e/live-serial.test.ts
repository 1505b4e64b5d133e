// A board on a serial line (socat's pseudo terminals): heard, pulled out while it holds something, and plugged in again.
import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, onTestFinished} from 'vitest'
import {installCrate} from '../support/crate.js'
import {itWith} from '../support/tools.js'

async function until(isTrue: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`it did not happen in time: ${what}`)
    await wait(25)
  }
}

/** A cable: what is written to the process comes out at the port. */
async function plugIn(port: string): Promise<ChildProcess> {
  const cable = spawn('socat', ['-', `pty,raw,echo=0,link=${port}`], {stdio: ['pipe', 'ignore', 'ignore']})
  cable.stdin?.on('error', () => undefined)
  onTestFinished(() => void cable.kill('SIGKILL'))
  await until(() => existsSync(port), 'the port is there')
  return cable
}

async function tilt(cable: ChildProcess, rows: number): Promise<void> {
  for (let row = 0; row < rows; row++) {
    const angle = (row / rows) * Math.PI - Math.PI / 2
    cable.stdin?.write(`0.00,${Math.sin(angle).toFixed(2)},${Math.cos(angle).toFixed(2)},0.10,0.20,0.10\r\n`)
    await wait(8)
  }
}

describe('crate live with a serial board', () => {
  itWith('socat')(
    'moves a controller, survives being unplugged, and comes back by itself',
    {timeout: 90_000},
    async () => {
      const crate = installCrate()
      const [port, out, mapping] = ['board', 'out.mid', 'show.yaml'].map((name) => join(crate.home, name)) as [
        string,
        string,
        string,
      ]
      writeFileSync(
        mapping,
        `version: 1
sensors: {board: {type: serial, target: '${port}@115200', profile: nano33}}
outputs: {deck: {type: midi, target: 'raw:${out}'}}
controls:
  - from: {sensor: board, axis: tilt-x}
    to: {cc: {output: deck, number: 11}}
`,
      )
      const {child, done} = crate.start(['live', '--mapping', mapping, '--json'])
      onTestFinished(() => void child.kill('SIGKILL'))
      let said = ''
      child.stderr?.on('data', (text: string) => {
        said += text
      })
      // Started without the board: crate waits for it.
      await until(() => said.includes('crate keeps trying'), 'it says that the board is missing')
      const bytes = () => (existsSync(out) ? readFileSync(out).toString('hex') : '')
      for (let round = 1; round <= 2; round++) {
        const before = bytes().length
        const cable = await plugIn(port)
        await until(() => said.split('is back').length > round, `it is back, ${round}`)
        await tilt(cable, 120)
        await until(() => bytes().length > before + 60, 'the controller moves')
        cable.kill('SIGKILL')
        await until(() => !existsSync(port) || said.split('crate keeps trying').length > round + 1, 'the loss is told')
        await wait(300)
      }
      const values = [...bytes().matchAll(/b00b(..)/g)].map(([, value = '0']) => Number.parseInt(value, 16))
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(40)
      child.kill('SIGINT')
      expect((await done).status).toBe(0)
    },
  )
})

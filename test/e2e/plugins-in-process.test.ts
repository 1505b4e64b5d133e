// Plugins that run in crate's own thread and change what is not theirs, by mistake: crate works on, and says which it was.

import {createSocket} from 'node:dgram'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, it, onTestFinished} from 'vitest'
import {FIXTURE_MUSIC, installCrate} from '../support/crate.js'
import {accxyz} from '../support/motion.js'
import {linkPlugin} from '../support/plugins.js'

interface Mischief {
  readonly atImport?: string
  readonly atLoad?: string
  readonly atOpen?: string
  readonly atStore?: string
}

/** An uploader that stores nothing. */
const uploader = ({atImport = '', atLoad = '', atOpen = '', atStore = ''}: Mischief) => `${atImport}
export default {uploaders: [{id: 'void', name: 'Nowhere', summary: 'Keeps nothing.', scheme: 'void://', load: async () => {
  ${atLoad}
  return {open: async () => { ${atOpen}
    return {list: async function* () {}, store: async (item) => { ${atStore} }, restore: async () => {}, close: async () => {}}
  }}
}}]}`

const POLLUTE = 'Object.prototype.evil = 1; Array.prototype.last = function () { return this[this.length - 1] };'

const MISCHIEF: readonly (readonly [how: string, mischief: Mischief, told: string | null])[] = [
  ['adds to prototypes at import', {atImport: POLLUTE}, 'changed Object.prototype.evil, Array.prototype.last'],
  ['adds to prototypes while it loads', {atLoad: POLLUTE}, 'changed Object.prototype.evil, Array.prototype.last'],
  ['adds to prototypes while it works', {atStore: POLLUTE}, 'changed Object.prototype.evil'],
  ['gives arrays a toJSON', {atOpen: 'Array.prototype.toJSON = () => "oh no"'}, 'changed Array.prototype.toJSON'],
  ['replaces methods', {atLoad: 'Array.prototype.map = () => []; Map.prototype.get = () => 1'}, 'Array.prototype.map'],
  ['replaces JSON', {atImport: 'JSON.stringify = () => "{}"'}, 'changed JSON.stringify'],
  ['replaces the console', {atImport: 'console.log = console.error = () => { throw new Error("x") }'}, 'console.log'],
  ['replaces process.exit', {atImport: 'process.exit = () => {}'}, 'changed process.exit'],
  ['clears the environment', {atOpen: 'delete process.env.HOME; process.env.PATH = ""'}, 'process.env.HOME'],
  ['changes the folder', {atOpen: 'process.chdir("/")'}, 'leave the folder'],
  ['ends the process', {atStore: 'process.exit(0)'}, 'end crate'],
  ['silences listeners', {atOpen: 'process.removeAllListeners()'}, 'silence what crate listens to'],
  ['fails later', {atOpen: 'setTimeout(() => { throw new Error("no luck") })', atStore: DELAY()}, 'no luck'],
  ['rejects later', {atOpen: 'Promise.reject(new Error("no luck"))', atStore: DELAY()}, 'no luck'],
  ['keeps a timer', {atImport: 'setInterval(() => {}, 1000)'}, 'left something running'],
  ['changes what it is given', {atStore: 'item.name = "../../elsewhere"'}, 'read only'],
  ['prints', {atStore: 'console.log("hello"); process.stdout.write("again")'}, null],
  ['is sound', {}, null],
]

function DELAY(): string {
  return 'await new Promise((resolve) => setTimeout(resolve, 50))'
}

describe('an uploader of a plugin', () => {
  it.each(MISCHIEF)('that %s is named, and crate works on', async (_how, mischief, told) => {
    const crate = installCrate()
    linkPlugin(crate, {
      name: 'crate-mischief',
      crate: {apiVersion: 1, entry: './index.js', contributes: {uploaders: ['void']}},
      module: uploader(mischief),
    })
    const run = await crate.run(
      'upload',
      join(FIXTURE_MUSIC, 'Kessel & Rohr - Schichtwechsel.mp3'),
      '--to',
      'void://x',
      '--json',
    )
    expect(run.json(), 'one whole document').toBeTypeOf('object')
    expect(run.stdout.trimStart()[0]).toBe('{')
    if (told === null) expect(run.stderr).not.toContain('crate-mischief')
    else {
      expect(run.stderr + run.stdout).toContain('crate-mischief')
      expect(run.stderr + run.stdout).toContain(told)
    }
  })
})

const WIRE = `
export default {outputs: [{id: 'wire', summary: 'A wire.', carries: ['midi'], maxMessagesPerSecond: null, load: async () => ({
  targets: async () => [],
  open: async () => {
    Array.prototype.last = function () { return this[this.length - 1] }
    setInterval(() => { throw new Error('no luck') }, 50)
    Promise.reject(new Error('rejected'))
    return {send: (message) => { message.bytes[0] = 0; return true }, close: async () => {}}
  },
})}]}`

const mapping = (port: number, out: string) => `
version: 1
sensors: {hand: {type: osc, target: '127.0.0.1:${port}'}}
outputs: {wire: {type: wire, target: x}, deck: {type: midi, target: 'raw:${out}'}}
controls:
  - {from: {sensor: hand, axis: tilt-x}, to: {cc: {output: wire, number: 20}}}
  - {from: {sensor: hand, axis: tilt-x}, to: {cc: {output: deck, channel: 2, number: 21}}}
`

describe('an output of a plugin on the stage', () => {
  it('that fails at all times and everywhere is named, and the other output plays on', async () => {
    const crate = installCrate()
    linkPlugin(crate, {name: 'crate-wire', module: WIRE})
    const [file, out, port] = [
      join(crate.home, 'show.yaml'),
      join(crate.home, 'out.mid'),
      25_000 + (process.pid % 5000),
    ]
    writeFileSync(file, mapping(port, out))
    const {child, done} = crate.start(['live', '--mapping', file, '--json'])
    onTestFinished(() => void child.kill('SIGKILL'))
    let told = ''
    child.stderr?.on('data', (text: string) => {
      told += text
    })
    const until = async (isTrue: () => boolean) => {
      for (let turn = 0; !isTrue(); turn++) {
        if (turn > 800) throw new Error(`it did not happen: ${told}`)
        await wait(25)
      }
    }
    await until(
      () => existsSync(out) && ['no luck', 'rejected', 'Array.prototype.last'].every((part) => told.includes(part)),
    )
    const socket = createSocket('udp4')
    onTestFinished(() => void socket.close())
    let step = 0
    await until(() => {
      const angle = (step++ % 60) / 40
      socket.send(accxyz([0, Math.sin(angle), Math.cos(angle)]), port, '127.0.0.1')
      return readFileSync(out).length > 20
    })
    child.kill('SIGINT')
    expect((await done).status).toBe(0)
    expect(told.split('no luck').length, 'told a few times, not each time').toBeLessThan(6)
    expect(told).not.toContain('is started again')
  })
})

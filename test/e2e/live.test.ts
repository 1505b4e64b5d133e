// crate live as it is played: OSC from liblo in, MIDI bytes out, and silence after every way out.
import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, onTestFinished} from 'vitest'
import {type Crate, installCrate} from '../support/crate.js'
import {linkPlugin} from '../support/plugins.js'
import {itWith} from '../support/tools.js'

const MAPPING = (port: number, out: string) => `
version: 1
sensors:
  hand: {type: osc, target: '127.0.0.1:${port}'}
outputs:
  deck: {type: midi, target: 'raw:${out}'}
controls:
  - from: {sensor: hand, axis: tilt-x}
    to: {cc: {output: deck, channel: 2, number: 21}}
rules:
  - when: {control: /pad}
    do: {note: {output: deck, number: 36}}
`

let nextPort = 21_100 + (process.pid % 500) * 8

interface Show {
  readonly crate: Crate
  readonly out: string
  readonly mapping: string
  readonly port: number
  readonly pid: number
  send(...args: string[]): void
  bytes(): string
  errors(): string
  readonly done: ReturnType<Crate['start']>['done']
  kill(signal: NodeJS.Signals): void
}

async function startShow(crate = installCrate(), more = '', flags: readonly string[] = []): Promise<Show> {
  const port = nextPort++
  const [mapping, out] = [join(crate.home, 'show.yaml'), join(crate.home, 'out.mid')]
  writeFileSync(mapping, MAPPING(port, out) + more)
  const {child, done} = crate.start(['live', '--mapping', mapping, '--json', ...flags])
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr?.on('data', (text: string) => {
    errors += text
  })
  const show: Show = {
    crate,
    out,
    mapping,
    port,
    pid: child.pid ?? 0,
    send: (...args) => void spawnSync('oscsend', ['127.0.0.1', String(port), ...args]),
    bytes: () => (existsSync(out) ? readFileSync(out).toString('hex') : ''),
    errors: () => errors,
    done,
    kill: (signal) => void child.kill(signal),
  }
  await until(() => existsSync(out) && isHeard(port))
  await wait(300)
  return show
}

/** Whether somebody listens to the UDP port, which opens after the outputs; a system without /proc does not tell. */
function isHeard(port: number): boolean {
  const address = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  const tables = ['/proc/net/udp', '/proc/net/udp6'].filter(existsSync)
  return tables.length === 0 || tables.some((table) => readFileSync(table, 'utf8').includes(address))
}

async function until(isTrue: () => boolean, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error('it did not happen in time')
    await wait(25)
  }
}

/** MIDI 1.0: off of note 36 on channel 1, then mode messages 123 and 121, and the bend in its middle. */
const SILENCE = '802400' + 'b07b00' + 'b07900' + 'e00040'

describe('crate live', () => {
  itWith('oscsend')('turns tilt into a controller and a pad into a note that lasts while it is held', async () => {
    const show = await startShow()
    for (let step = 0; step <= 30; step++) show.send('/accxyz', 'fff', '0', String(step / 30), String(1 - step / 30))
    show.send('/pad', 'f', '1')
    await until(() => show.bytes().includes('902464'))
    expect(show.bytes()).toMatch(/(b115[0-7][0-9a-f])+/)
    expect(show.bytes()).not.toContain('802400')
    show.send('/pad', 'f', '0')
    await until(() => show.bytes().includes('802400'))
    show.kill('SIGINT')
    const {status, json} = await show.done
    expect(status).toBe(0)
    expect(json<{sensors: {frames: number}[]}>().sensors[0]?.frames).toBe(31)
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const)
    itWith('oscsend')(`ends a held note and resets the channel after ${signal}`, async () => {
      const show = await startShow()
      show.send('/pad', 'f', '1')
      await until(() => show.bytes().includes('902464'))
      show.kill(signal)
      await show.done
      await until(() => show.bytes().endsWith(SILENCE))
    })

  itWith('oscsend')('silences every channel and goes on when the stage itself is killed', async () => {
    const show = await startShow(installCrate(), '', ['--record', 'night'])
    show.send('/pad', 'f', '1')
    await until(() => show.bytes().includes('902464'))
    const children = spawnSync('pgrep', ['-P', String(show.pid)], {encoding: 'utf8'})
      .stdout.trim()
      .split('\n')
    for (const pid of children) process.kill(Number(pid), 'SIGKILL')
    // All notes off on channel 1 and on channel 16.
    await until(() => show.bytes().includes('b07b00') && show.bytes().includes('bf7b00'))
    await wait(500)
    show.send('/pad', 'f', '0')
    show.send('/pad', 'f', '1')
    await until(() => show.bytes().split('902464').length === 3)
    show.kill('SIGINT')
    await show.done
    // What was recorded before is not written over.
    const {recordings} = (await show.crate.run('sensors', 'list', '--json')).json<{recordings: {name: string}[]}>()
    expect(recordings.map(({name}) => name).sort()).toEqual(['night', 'night-2'])
  })

  itWith('oscsend')(
    'takes an edited mapping at once, and keeps the old one where the new one has a fault',
    async () => {
      const show = await startShow()
      const text = MAPPING(show.port, show.out)
      writeFileSync(show.mapping, text.replace('number: 36', 'number: 366'))
      await until(() => show.errors().includes('the old mapping stays'))
      expect(show.errors()).toMatch(/show\.yaml:\d+: rules\[0\]/)
      show.send('/pad', 'f', '1')
      await until(() => show.bytes().includes('902464'))
      show.send('/pad', 'f', '0')
      await wait(20)
      writeFileSync(show.mapping, text.replace('number: 36', 'number: 40'))
      await until(() => show.errors().includes('the mapping was read again'))
      show.send('/pad', 'f', '1')
      await until(() => show.bytes().includes('902864'))
      // Ports stay open: for others it says what to do.
      writeFileSync(show.mapping, text.replace('outputs:', 'outputs:\n  more: {type: osc, target: "127.0.0.1:9"}'))
      await until(() => show.errors().includes('Start crate live again'))
      show.kill('SIGINT')
      await show.done
    },
  )

  itWith('oscsend')('lets a plugin act, and goes on when it fails or is not there', async () => {
    const crate = installCrate()
    const said = join(crate.home, 'said.txt')
    linkPlugin(crate, {
      name: 'crate-lamp',
      module: `
        import {appendFileSync} from 'node:fs'
        export default {actions: [{
          id: 'lamp', summary: 'A lamp', load: async () => ({
            async perform(argument, {atMs, heard}, context) {
              if (argument === 'broken') throw context.error('DEVICE_MISSING', 'the lamp is out')
              appendFileSync(${JSON.stringify(said)}, argument + ' ' + (atMs > 1e12) + ' ' + heard + '\\n')
            },
          }),
        }]}`,
    })
    const rule = (control: string, id: string, argument: string) =>
      `  - {when: {control: ${control}}, do: {plugin: {id: ${id}, argument: ${argument}}}}\n`
    const show = await startShow(
      crate,
      rule('/lamp', 'lamp', 'red') + rule('/broken', 'lamp', 'broken') + rule('/absent', 'fog', 'on'),
    )
    for (const control of ['/broken', '/absent', '/lamp']) show.send(control, 'f', '1')
    await until(() => existsSync(said))
    expect(readFileSync(said, 'utf8')).toBe('red true null\n')
    await until(() => show.errors().includes('the lamp is out') && show.errors().includes('there is no action "fog"'))
    show.kill('SIGINT')
    expect((await show.done).status).toBe(0)
  })
})

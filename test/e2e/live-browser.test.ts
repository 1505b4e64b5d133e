// The phone page and the dashboard in a real browser: motion in the page, a note out of crate, seen on the dashboard.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {get} from 'node:https'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, onTestFinished} from 'vitest'
import WebSocket from 'ws'
import {keepTakes, trainSet} from '../../src/app/gestures/gesture-sets.js'
import {startBrowser} from '../support/browser.js'
import {FIXTURE_MUSIC, installCrate, ROOT} from '../support/crate.js'
import {flick, rest, type Sample} from '../support/motion.js'
import {itWith} from '../support/tools.js'

const GRAVITY = 9.80665
const KEEPS_PICTURES = process.env['CRATE_KEEP_PICTURES'] === '1'

function frames(samples: readonly Sample[], startMs: number) {
  return samples.map(([x, y, z], index) => ({
    atMs: startMs + (index * 1000) / 60,
    acceleration: [x * GRAVITY, y * GRAVITY, z * GRAVITY] as const,
    gravity: null,
    rotation: null,
    orientation: null,
  }))
}

/** A script that moves the phone of its page 60 times a second. */
function moveScript(samples: readonly Sample[]): string {
  return `(async () => {
    const samples = ${JSON.stringify(samples)}
    const startMs = performance.now()
    const periodMs = 1000 / 60
    // A hand does not wait for a busy computer: each event shows where it is by then.
    for (let at = 0; at < samples.length; at = (performance.now() - startMs) / periodMs) {
      const [x, y, z] = samples[Math.floor(at)]
      dispatchEvent(new DeviceMotionEvent('devicemotion', {
        accelerationIncludingGravity: {x: x * ${GRAVITY}, y: y * ${GRAVITY}, z: z * ${GRAVITY}}, interval: 16}))
      await new Promise((resolve) => setTimeout(resolve, periodMs - (performance.now() - startMs) % periodMs))
    }
  })()`
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, {rejectUnauthorized: false}, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    }).on('error', reject)
  })
}

function isRefused(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, {rejectUnauthorized: false})
    socket.once('open', () => {
      socket.close()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })
}

describe('crate live in the browser', () => {
  itWith('chromium')('makes a phone fire a note, and the dashboard show it', {timeout: 240_000}, async () => {
    const crate = installCrate()
    expect((await crate.run('sync', FIXTURE_MUSIC)).status).toBe(0)
    const takes = [1, 2, 3, 4].map((seed) =>
      frames([...rest(20, seed), ...flick(seed), ...rest(20, seed)], seed * 10_000),
    )
    await keepTakes(crate.library, 'default', {gesture: 'flick', kind: 'strokes', takes}, Date.now())
    await trainSet(crate.library, 'default')
    const {tracks} = (await crate.run('library', 'list', '--json')).json<{tracks: {id: string}[]}>()

    const [out, mapping] = [join(crate.home, 'out.mid'), join(crate.home, 'show.yaml')]
    writeFileSync(
      mapping,
      `version: 1
sensors: {phone: {type: phone}}
outputs: {deck: {type: midi, target: 'raw:${out}'}}
rules:
  - when: {gesture: flick}
    do: [{note: {output: deck, number: 48}}, accept]
  - when: {control: button/1}
    do: {note: {output: deck, number: 50}}
controls:
  - from: {sensor: phone, axis: tilt-x}
    to: {cc: {output: deck, number: 74}}
`,
    )
    const {child, done} = crate.start([
      'live',
      '--mapping',
      mapping,
      '--phone-port',
      '0',
      '--dashboard',
      '--dashboard-port',
      '0',
      '--playing',
      tracks[0]?.id ?? '',
      '--export',
      `m3u8=${join(crate.home, 'lists')}`,
    ])
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    child.stderr?.on('data', (text: string) => {
      said += text
    })
    const address = async (pattern: RegExp): Promise<string> => {
      for (let attempt = 0; attempt < 400; attempt++) {
        const found = pattern.exec(said)?.[0]
        if (found !== undefined) return found
        await wait(50)
      }
      throw new Error(`no address in: ${said}`)
    }
    const dashboardUrl = await address(/http:\/\/127\.0\.0\.1:\d+\//)
    const phoneUrl = await address(/https:\/\/[\d.]+:\d+\/\?t=[\w-]{16}/)

    // Without the token, nothing.
    expect(await statusOf(phoneUrl.replace(/\?.*/, ''))).toBe(403)
    expect(await statusOf(phoneUrl.replace(/t=.*/, 't=AAAAAAAAAAAAAAAA'))).toBe(403)
    expect(await isRefused(phoneUrl.replace('https', 'wss').replace(/\/\?.*/, '/motion'))).toBe(true)

    const browser = await startBrowser()
    const dashboard = await browser.open(dashboardUrl, {width: 1400, height: 1000})
    await dashboard.until(`document.querySelectorAll('#suggestions .name').length > 2`)
    const phone = await browser.open(phoneUrl, {width: 390, height: 844, isPhone: true})
    await phone.until(`document.readyState === 'complete' && document.getElementById('start')`)
    await phone.ask(`document.getElementById('start').click()`)
    await phone.until(`/Connected as phone/.test(document.getElementById('state').textContent)`)
    const isShown = () => phone.ask<boolean>(`document.getElementById('gesture').textContent === 'flick'`)
    // A movement that a loaded machine tore apart is made again, as a person would.
    for (let attempt = 0; attempt < 4 && !(await isShown()); attempt++)
      await phone.ask(moveScript([...rest(70, attempt), ...flick(5 + attempt), ...rest(40, 3)]))
    expect(await isShown()).toBe(true)
    if (KEEPS_PICTURES) await phone.photograph(join(ROOT, 'docs', 'images', 'live-phone.png'))
    await phone.ask(`document.querySelector('[data-button="1"]').dispatchEvent(new PointerEvent('pointerdown'))`)
    await wait(300)

    const bytes = readFileSync(out).toString('hex')
    expect(bytes).toContain('903064')
    expect(bytes).toContain('803000')
    expect(bytes).toContain('903264')
    expect(bytes).not.toContain('803200')
    await dashboard.until(`/flick/.test(document.getElementById('log').textContent)`)
    await dashboard.until(`/note 48 on 100/.test(document.getElementById('log').textContent)`)
    await dashboard.until(`document.querySelectorAll('#tracks li').length >= 1`)
    await dashboard.until(`/Hz/.test(document.querySelector('.sensor').textContent)`)
    await phone.ask(moveScript([...rest(40), ...flick(6), ...rest(50, 4)]))
    await wait(400)
    if (KEEPS_PICTURES) await dashboard.photograph(join(ROOT, 'docs', 'images', 'live-dashboard.png'))
    await dashboard.ask(`document.querySelector('[data-command="toggle-arm"]').click()`)
    await dashboard.until(`document.getElementById('arm').textContent === 'disarmed'`)

    child.kill('SIGINT')
    expect((await done).status).toBe(0)
    // The button was still held.
    expect(readFileSync(out).toString('hex')).toContain('803200')
    const lists = readdirSync(join(crate.home, 'lists'), {recursive: true, encoding: 'utf8'})
    const name = lists.find((path) => path.endsWith('.m3u8')) ?? ''
    const list = readFileSync(join(crate.home, 'lists', name), 'utf8')
    expect(list).toContain('#EXTM3U')
  })
})

// Pro DJ Link with the real library against a player on this machine that sends what a real one sent.
import {createSocket} from 'node:dgram'
import {setTimeout as wait} from 'node:timers/promises'
import {pathToFileURL} from 'node:url'
import {beforeAll, describe, expect, onTestFinished} from 'vitest'
import type {CratePlugin} from '../../../src/api/index.js'
import {findingsOf} from '../../../src/testing/index.js'
import {type Cdj, type CdjTrack, startCdj} from '../../support/cdj.js'
import {installCrate} from '../../support/crate.js'
import {shortState, until, watchDecks} from '../../support/now-playing.js'
import {buildPlugin, itWithPlugin} from '../../support/plugin-build.js'
import {packPlugin} from '../../support/plugin-packages.js'

const itWithLibrary = itWithPlugin('prolink', 'prolink-connect')

const TRACKS: Readonly<Record<number, CdjTrack>> = {
  11: {title: 'Glue', artist: 'Bicep', path: '/Contents/Bicep/Glue.mp3'},
  12: {title: 'Nächtliche Fahrt – 夜', artist: 'Ünïted', path: '/Contents/Ü/Nacht.flac'},
  13: {title: 'Untagged', artist: '', path: ''},
}

const [PLAYS, CUED] = [3, 6]

let plugin: CratePlugin
beforeAll(async () => {
  if (!itWithLibrary.isRun) return
  plugin = ((await import(pathToFileURL(buildPlugin('prolink')).href)) as {default: CratePlugin}).default
})

/** A player that says every 200 ms what its deck does, until the test ends. */
async function play(id: number, tracks: Readonly<Record<number, CdjTrack>>): Promise<Cdj & {deck: CdjDeck}> {
  const cdj = await startCdj(id, tracks)
  const deck: CdjDeck = {trackId: 0, playState: 0, isOnAir: false}
  let ticks = 0
  const timer = setInterval(() => {
    if (ticks++ % 5 === 0) cdj.announce()
    cdj.status(deck)
  }, 200)
  onTestFinished(async () => {
    clearInterval(timer)
    await cdj.close()
  })
  return {...cdj, deck}
}

interface CdjDeck {
  trackId: number
  playState: number
  isOnAir: boolean
  trackType?: number
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = createSocket('udp4')
    socket.once('error', () => settle(false))
    socket.bind(port, '0.0.0.0', () => socket.close(() => settle(true)))
  })
}

const watch = (signal?: AbortSignal) => watchDecks(plugin, '127.0.0.1', signal)

describe('Pro DJ Link', () => {
  itWithLibrary('tells what is loaded, playing and on air, with titles from the player', async () => {
    const {states, connection} = await watch()
    const cdj = await play(2, TRACKS)
    Object.assign(cdj.deck, {trackId: 11, playState: CUED})
    await until(() => states.length === 1, 'loaded')
    cdj.deck.playState = PLAYS
    await until(() => states.length === 2, 'playing')
    cdj.deck.isOnAir = true
    await until(() => states.length === 3, 'on air')
    // What is no packet of the protocol is dropped.
    for (const port of [50_000, 50_002])
      for (const bytes of [Uint8Array.of(), Uint8Array.of(1, 2, 3), new Uint8Array(60_000).fill(0x51)])
        await cdj.send(port, bytes)
    Object.assign(cdj.deck, {trackId: 12, isOnAir: false, playState: CUED})
    await until(() => states.length === 4, 'the next track')
    cdj.deck.trackId = 0
    await wait(500)
    const glue = ['Bicep', 'Glue', '/Contents/Bicep/Glue.mp3']
    expect(states.map(shortState)).toEqual([
      ['2', 'loaded', ...glue],
      ['2', 'playing', ...glue],
      ['2', 'on-air', ...glue],
      ['2', 'loaded', 'Ünïted', 'Nächtliche Fahrt – 夜', '/Contents/Ü/Nacht.flac'],
    ])
    expect(states.every(({source}) => source === 'prolink')).toBe(true)
    expect(cdj.asked, 'each title is asked for once').toEqual([11, 12])
    Object.assign(cdj.deck, {trackId: 13, playState: CUED, trackType: 2})
    await until(() => states.length === 5, 'what rekordbox never saw')
    expect(states.slice(4).map(shortState)).toEqual([['2', 'loaded', null, 'Untagged', null]])

    const startedMs = performance.now()
    await connection.close()
    await connection.close()
    expect(performance.now() - startedMs, 'closed within a second').toBeLessThan(1000)
    cdj.deck.trackId = 11
    await wait(500)
    expect(states).toHaveLength(5)
    for (const port of [50_000, 50_001, 50_002]) expect(await isPortFree(port), `port ${port}`).toBe(true)
  })

  itWithLibrary('goes on where a player leaves a question open, and asks it no second time', async () => {
    const {states} = await watch()
    const cdj = await play(3, TRACKS)
    Object.assign(cdj.deck, {trackId: 99, playState: PLAYS})
    await until(() => cdj.asked.length === 1, 'asked')
    Object.assign(cdj.deck, {trackId: 11, playState: CUED})
    await until(() => states.length === 1, 'the next one, after a new start')
    Object.assign(cdj.deck, {trackId: 99, playState: PLAYS})
    await wait(1500)
    expect(states.map(shortState)).toEqual([['3', 'loaded', 'Bicep', 'Glue', '/Contents/Bicep/Glue.mp3']])
    expect(cdj.asked).toEqual([99, 11])
  })

  itWithLibrary('ends within a second of an abort, also while it waits for players', async () => {
    const aborter = new AbortController()
    await watch(aborter.signal)
    aborter.abort()
    const startedMs = performance.now()
    while (!(await isPortFree(50_000))) {
      if (performance.now() - startedMs > 1000) throw new Error('the port is still taken after a second')
      await wait(20)
    }
  })

  itWithLibrary('keeps to the rules of the kit', async () => {
    expect(await findingsOf(plugin, {nowPlaying: {prolink: '127.0.0.1'}})).toEqual([])
  })

  itWithLibrary('is installed from its tarball, needs nothing compiled, and is found by crate live', async () => {
    const crate = installCrate()
    const tarball = packPlugin('prolink', crate.home)
    const installed = await crate.run('plugins', 'install', `file:${tarball}`, '--json')
    expect(installed.status, installed.stdout + installed.stderr).toBe(0)
    const inspected = (await crate.run('plugins', 'inspect', 'crate-plugin-prolink', '--json')).json()
    expect(inspected).toMatchObject({
      reach: {files: false, network: ['*'], native: false, programs: []},
      contributions: [{kind: 'nowPlaying', id: 'prolink'}],
      problems: [],
    })
    const live = await crate.run('live', '--now-playing', 'prolink=no-such-interface', '--json')
    expect(live.json()).toMatchObject({
      error: {code: 'NETWORK_FAILED', message: expect.stringContaining('no-such-interface')},
    })
  })
})

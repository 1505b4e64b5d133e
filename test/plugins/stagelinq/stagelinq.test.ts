// StageLinq with the real library against a player on this machine that speaks its protocol.
import {execFileSync} from 'node:child_process'
import {setTimeout as wait} from 'node:timers/promises'
import {pathToFileURL} from 'node:url'
import {beforeAll, describe, expect, onTestFinished} from 'vitest'
import type {CratePlugin} from '../../../src/api/index.js'
import {findingsOf} from '../../../src/testing/index.js'
import {installCrate} from '../../support/crate.js'
import {type EnginePlayer, startEnginePlayer} from '../../support/engine-player.js'
import {shortState, until, watchDecks} from '../../support/now-playing.js'
import {buildPlugin, itWithPlugin} from '../../support/plugin-build.js'
import {packPlugin} from '../../support/plugin-packages.js'

const itWithLibrary = itWithPlugin('stagelinq', 'stagelinq')

let plugin: CratePlugin
beforeAll(async () => {
  if (!itWithLibrary.isRun) return
  plugin = ((await import(pathToFileURL(buildPlugin('stagelinq')).href)) as {default: CratePlugin}).default
})

/** A player that says every second that it is there. */
async function startPlayer(): Promise<EnginePlayer> {
  const player = await startEnginePlayer()
  const timer = setInterval(() => void player.announce().catch(() => undefined), 1000)
  onTestFinished(async () => {
    clearInterval(timer)
    await player.close().catch(() => undefined)
  })
  await player.announce()
  return player
}

function load(player: EnginePlayer, deck: number, {title, artist, path}: Readonly<Record<string, string>>): void {
  const at = `/Engine/Deck${deck}`
  player.set(`${at}/Track/ArtistName`, {string: artist})
  player.set(`${at}/Track/TrackNetworkPath`, {string: path})
  player.set(`${at}/Track/SongLoaded`, {state: true})
  player.set(`${at}/Track/SongName`, {string: title})
}

const GLUE = {
  title: 'Glue',
  artist: 'Bicep',
  path: 'net://0c5ab4a4-2e1a-4e44-8f27-000000000001/DJ USB (USB 1)/Engine Library/Music/Bicep/Glue.mp3',
}
const NIGHT = {title: 'Nächtliche Fahrt – 夜', artist: '', path: 'net://0c5ab4a4/(Unknown)/streaming/1234'}

describe('StageLinq', () => {
  itWithLibrary('tells what is loaded, playing and on air', async () => {
    const {states, connection} = await watchDecks(plugin, null)
    const player = await startPlayer()
    player.set('/Client/Preferences/Player', {string: '2'})
    player.set('/Engine/Deck1/ExternalMixerVolume', {value: 0})
    load(player, 1, GLUE)
    await until(() => states.length === 1, 'loaded')
    expect([...player.subscribed]).toContain('/Engine/Deck4/Track/SongName')
    player.set('/Engine/Deck1/PlayState', {state: true})
    await until(() => states.length === 2, 'playing')
    // A message that is no JSON, and one of a kind that nobody knows, cost themselves alone.
    player.tellRaw(Buffer.from('0000000f736d61610000000000000002007b000161', 'hex').subarray(0, 19))
    player.tellRaw(Buffer.from('00000008736d6161000000ff', 'hex'))
    player.set('/Engine/Deck1/ExternalMixerVolume', {value: 0.4})
    await until(() => states.length === 3, 'on air')
    // A hand on the platter, and a fader that moves, change nothing.
    player.set('/Engine/Deck1/PlayState', {state: false})
    player.set('/Engine/Deck1/PlayState', {state: true})
    player.set('/Engine/Deck1/ExternalMixerVolume', {value: 0.9})
    // What is no packet of the protocol is dropped.
    for (const bytes of [Uint8Array.of(), Buffer.from('airD'), new Uint8Array(60_000).fill(0x61)])
      await player.send(bytes)
    load(player, 2, NIGHT)
    await until(() => states.length === 4, 'the other deck')
    const glue = ['Bicep', 'Glue', '/Engine Library/Music/Bicep/Glue.mp3']
    expect(states.map(shortState)).toEqual([
      ['2A', 'loaded', ...glue],
      ['2A', 'playing', ...glue],
      ['2A', 'on-air', ...glue],
      ['2B', 'loaded', null, 'Nächtliche Fahrt – 夜', null],
    ])
    const startedMs = performance.now()
    await connection.close()
    await connection.close()
    expect(performance.now() - startedMs, 'closed within a second').toBeLessThan(1000)
    player.set('/Engine/Deck2/PlayState', {state: true})
    await wait(1000)
    expect(states).toHaveLength(4)
  })

  itWithLibrary('says that nothing plays when a player goes, and finds it when it comes back', async () => {
    const {states} = await watchDecks(plugin, null)
    const player = await startPlayer()
    load(player, 1, GLUE)
    player.set('/Engine/Deck1/PlayState', {state: true})
    await until(() => states.length === 1, 'playing')
    await player.close()
    await until(() => states.length === 2, 'gone')
    const again = await startPlayer()
    load(again, 1, GLUE)
    await until(() => states.length === 3, 'back')
    expect(states.map(({deck, state}) => [deck, state])).toEqual([
      ['A', 'playing'],
      ['A', 'loaded'],
      ['A', 'loaded'],
    ])
  })

  itWithLibrary('ends within a second of an abort', async () => {
    const aborter = new AbortController()
    const {states} = await watchDecks(plugin, null, aborter.signal)
    const player = await startPlayer()
    aborter.abort()
    await wait(1000)
    load(player, 1, GLUE)
    await wait(1500)
    expect([states, [...player.subscribed]]).toEqual([[], []])
  })

  itWithLibrary('keeps to the rules of the kit', async () => {
    expect(await findingsOf(plugin)).toEqual([])
  })

  itWithLibrary('is installed from its tarball, needs nothing else, and is found by crate live', async () => {
    const crate = installCrate()
    const tarball = packPlugin('stagelinq', crate.home)
    const listed = execFileSync('tar', ['tzf', tarball]).toString().trim().split('\n')
    expect(listed.every((path) => /^package\/(dist\/[\w-]+\.(c?js|txt)|package\.json|README\.md)$/.test(path))).toBe(
      true,
    )
    const installed = await crate.run('plugins', 'install', `file:${tarball}`)
    expect(installed.status, installed.stderr).toBe(0)
    const live = await crate.run('live', '--now-playing', 'stagelinq=somewhere', '--json')
    expect(live.json()).toMatchObject({error: {code: 'USAGE', message: expect.stringContaining('somewhere')}})
  })
})

// Holds the ports of Pro DJ Link in a thread of its own: whatever arrives on them, crate goes on, and ending the thread
// closes every port at once.
import {networkInterfaces} from 'node:os'
import {setTimeout as sleep} from 'node:timers/promises'
import {parentPort, workerData} from 'node:worker_threads'
import {bringOnline, type Device, type Network} from 'prolink-connect'
import {type Deck, EMPTY_DECK, isSamePlace, stepDeck} from './deck.js'
import type {Report, WatchOptions} from './messages.js'
import {freePlayerNumber, interfaceNamed, interfaceOf} from './network.js'
import {placeKey, type TitleBook, titleBook} from './titles.js'

const {interfaceName, playerNumber, unanswered} = workerData as WatchOptions

/** Players say every 1.5 s that they are there: so long it takes to know which numbers are taken. */
const ROLL_CALL_MS = 1800
const MIXER = 3
/** Ended so by itself, the thread is started again. */
const START_AGAIN = 75

function report(message: Report): void {
  parentPort?.postMessage(message)
}

// The library throws where a datagram is not of its protocol; on a network of strangers that is no reason to stop.
process.on('uncaughtException', (error) => report({kind: 'note', level: 'warn', message: `dropped: ${error.message}`}))
process.on('unhandledRejection', () => undefined)

async function watch(): Promise<void> {
  if (interfaceName !== null && interfaceNamed(networkInterfaces(), interfaceName) === null) {
    const names = Object.keys(networkInterfaces()).join(', ')
    return report({
      kind: 'refused',
      message: `there is no network interface "${interfaceName}"`,
      hint: `There are: ${names}. Left out, it is the one that the players are on.`,
    })
  }
  let network: Network
  try {
    network = await bringOnline()
  } catch (error) {
    return report({
      kind: 'refused',
      message: `the ports of Pro DJ Link (UDP 50000 to 50002) cannot be opened: ${(error as Error).message}`,
      hint: 'Close rekordbox, or what else speaks to the players, on this computer.',
    })
  }
  parentPort?.on('message', async () => {
    // Throws where it never joined, and waits for players that are gone.
    await Promise.race([(async () => network.disconnect())(), sleep(300)]).catch(() => undefined)
    process.exit(0)
  })
  report({kind: 'open'})
  const {deviceManager} = network
  deviceManager.on('connected', ({id, name, type}) =>
    report({kind: 'note', level: 'info', message: type === MIXER ? `mixer ${name}` : `player ${id}: ${name}`}),
  )
  const first = await new Promise<Device>((settle) => deviceManager.on('connected', settle))
  await sleep(ROLL_CALL_MS)
  const iface =
    interfaceName === null
      ? interfaceOf(networkInterfaces(), first.ip.address)
      : interfaceNamed(networkInterfaces(), interfaceName)
  if (iface === null) throw new Error(`no interface leads to ${first.ip.address}`)
  const taken = new Set(deviceManager.devices.keys())
  network.configure({iface, vcdjId: playerNumber ?? freePlayerNumber(taken)})
  network.connect()
  follow(network, titleBook(network))
}

function follow(network: Network, book: TitleBook): void {
  const decks = new Map<number, Deck>()
  const told = new Map<number, string>()
  const step = (id: number, next: Deck) => {
    const before = decks.get(id) ?? EMPTY_DECK
    decks.set(id, next)
    if (next.place !== null && (next.phase !== before.phase || !isSamePlace(next.place, before.place))) void tell(id)
  }
  const tell = async (id: number) => {
    const {place} = decks.get(id) ?? EMPTY_DECK
    if (place === null || unanswered.includes(placeKey(place))) return
    try {
      const titled = await book.titleOf(place)
      const now = decks.get(id) ?? EMPTY_DECK
      // Nothing to tell of a track without a name, of one that is gone meanwhile, or of what is told already.
      if (!isSamePlace(now.place, place) || (titled.title === null && titled.path === null)) return
      const message = {kind: 'deck', deck: String(id), state: now.phase, ...titled} as const
      const sign = JSON.stringify(message)
      if (told.get(id) === sign) return
      told.set(id, sign)
      report(message)
    } catch (error) {
      report({
        kind: 'note',
        level: 'warn',
        message: `player ${place.playerId} does not tell its titles: ${(error as Error).message}`,
      })
      // After an answer that failed the library never asks that player again: begin anew, without this question.
      report({kind: 'unanswered', place: placeKey(place)})
      process.exit(START_AGAIN)
    }
  }
  network.statusEmitter?.on('status', (status) =>
    step(status.deviceId, stepDeck(decks.get(status.deviceId) ?? EMPTY_DECK, status, performance.now())),
  )
  // A player that is gone does not play.
  network.deviceManager.on('disconnected', ({id}) => {
    const deck = decks.get(id)
    if (deck !== undefined) step(id, {...deck, phase: 'loaded', next: null})
  })
}

void watch()

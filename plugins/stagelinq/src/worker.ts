// Holds the ports of StageLinq in a thread of its own: whatever arrives on them, crate goes on, and ending the thread
// closes every port at once. The library finds devices and reads their states; who is connected, and who comes back, is
// decided here.
import {setTimeout as sleep} from 'node:timers/promises'
import {parentPort} from 'node:worker_threads'
import {
  ActingAsDevice,
  Action,
  announce,
  type ConnectionInfo,
  createDiscoveryMessage,
  NetworkDevice,
  StageLinqListener,
  StateMap,
  unannounce,
} from 'stagelinq'
import {type DeckTold, type Device, NEW_DEVICE, settleDevice, silenced, stepDevice} from './decks.js'
import type {Report} from './messages.js'

const SETTLE_EVERY_MS = 150
const LOOK_EVERY_MS = 500
/** A device that did not answer is asked again later and later. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [2000, 60_000]

/** Mixers without decks, and other programs that announce themselves. */
const WITHOUT_DECKS = /^(JM08|SSS0|OfflineAnalyzer|SoundSwitch|Resolume)/i

function report(message: Report): void {
  parentPort?.postMessage(message)
}

// The library throws where a datagram is not of its protocol; on a network of strangers that is no reason to stop.
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.syscall === 'bind')
    report({kind: 'refused', message: `the port of StageLinq (UDP 51337) cannot be opened: ${error.message}`})
  else report({kind: 'note', level: 'warn', message: `dropped: ${error.message}`})
})
process.on('unhandledRejection', () => undefined)

/** Devices say every second that they are there; a cable that is pulled closes no connection. */
const GONE_AFTER_MS = 8000

const devices = new Map<string, Device>()
const lastSeenMs = new Map<string, number>()
const pauses = new Map<string, number>()

function tell(all: readonly DeckTold[]): void {
  for (const one of all) report({kind: 'deck', ...one})
}

async function follow(info: ConnectionInfo): Promise<void> {
  const id = `${info.address}:${info.port}`
  const {name, version} = info.software
  const isNone = info.port === 0 || WITHOUT_DECKS.test(name) || info.source === ActingAsDevice.NowPlaying.source
  if (isNone) return
  lastSeenMs.set(id, info.action === Action.Login ? performance.now() : 0)
  if (info.action !== Action.Login || devices.has(id)) return
  devices.set(id, NEW_DEVICE)
  const network = new NetworkDevice(info)
  try {
    await network.connect()
    const states = await network.connectToService(StateMap)
    states.on('message', ({message}) => {
      const device = devices.get(id)
      if (device !== undefined && message.json !== undefined)
        devices.set(id, stepDevice(device, message.name, message.json, performance.now()))
    })
    report({kind: 'note', level: 'info', message: `${name} ${version} at ${info.address}`})
    pauses.delete(id)
    const isThere = () => performance.now() - (lastSeenMs.get(id) ?? 0) < GONE_AFTER_MS
    while (isThere() && network.connection?.socket.destroyed === false) await sleep(LOOK_EVERY_MS)
    tell(silenced(devices.get(id) ?? NEW_DEVICE, performance.now()))
    report({kind: 'note', level: 'warn', message: `${name} at ${info.address} is gone`})
  } catch (error) {
    report({kind: 'note', level: 'warn', message: `${name} at ${info.address}: ${(error as Error).message}`})
  }
  if (network.connection !== null) network.disconnect()
  const pauseMs = pauses.get(id) ?? FIRST_PAUSE_MS
  pauses.set(id, Math.min(pauseMs * 2, LONGEST_PAUSE_MS))
  await sleep(pauseMs)
  devices.delete(id)
}

const listener = new StageLinqListener()
parentPort?.on('message', async () => {
  // Devices are told, where there is a network to tell them.
  const farewell = unannounce(createDiscoveryMessage(Action.Logout, ActingAsDevice.NowPlaying))
  await Promise.race([farewell, sleep(300)]).catch(() => undefined)
  process.exit(0)
})
listener.listenForDevices((info) => void follow(info))
setInterval(() => {
  for (const [id, device] of devices) {
    const settled = settleDevice(device, performance.now())
    devices.set(id, settled.device)
    tell(settled.told)
  }
}, SETTLE_EVERY_MS)
void announce(createDiscoveryMessage(Action.Login, ActingAsDevice.NowPlaying)).then(() => report({kind: 'open'}))

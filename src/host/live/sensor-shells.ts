// Opens the sensors of a mapping: one port for all that share it, bytes decoded once, lost devices tried again.
import {createReadStream} from 'node:fs'
import {type Closable, keepOpen} from '../../adapters/ports/back-off.js'
import {openMidiInput} from '../../adapters/ports/midi-ports.js'
import {checkWebSocketTarget, openOscWebSocket, parseWebSocketTarget} from '../../adapters/ports/osc-websocket.js'
import {openSerial} from '../../adapters/ports/serial-line.js'
import {openTcpLine} from '../../adapters/ports/tcp-line.js'
import {openUdp, parseAddress} from '../../adapters/ports/udp-socket.js'
import type {Context} from '../../api/context.js'
import type {DecoderCounts, Sensor, SensorContribution, SensorDecoder, SensorSettings} from '../../api/sensor.js'
import {CrateError} from '../../core/errors.js'
import type {SensorItem} from '../../core/reading.js'
import type {Mapping} from '../../live/mapping/schema.js'
import type {PortState} from './protocol.js'

type SensorEntry = Mapping['sensors'][string]

export interface SensorEvents {
  item(sensor: string, item: SensorItem, receivedMs: number): void
  lost(sensor: string): void
  notice(level: 'info' | 'warn', message: string): void
  nowMs(): number
}

export interface SensorPort extends Closable {
  /** Names in the mapping that it feeds. */
  readonly sensors: readonly string[]
  readonly state: PortState
  counts(): DecoderCounts & {readonly refused: number}
}

const NO_COUNTS: DecoderCounts = {accepted: 0, malformed: 0, skippedBytes: 0, unknown: 0}
const USUAL_OSC_PORT = 9000
/** Where an x-IMU3 sends datagrams, and where it waits to be called. */
const USUAL_LINE_PORT = {udp: 8000, tcp: 7000}
const USUAL_BAUD = 115_200

/** Sensors with the same type, target, profile and declaration hear the same port. */
export function groupSensors(sensors: Mapping['sensors']): readonly {names: readonly string[]; entry: SensorEntry}[] {
  const groups = new Map<string, {names: string[]; entry: SensorEntry}>()
  for (const [name, entry] of Object.entries(sensors)) {
    const {type, target, profile, declared} = entry
    const key = JSON.stringify([type, target ?? null, profile ?? null, declared])
    const group = groups.get(key) ?? {names: [], entry}
    group.names.push(name)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** @throws CONFIG_INVALID where the settings make no sense; a device that is absent is waited for */
export async function openSensor(
  names: readonly string[],
  entry: SensorEntry,
  contribution: SensorContribution,
  events: SensorEvents,
  context: Context,
): Promise<SensorPort> {
  const sensor = await contribution.load()
  const settings: SensorSettings = {profile: entry.profile ?? null, declared: entry.declared}
  const label = `${names.join(', ')} (${entry.target ?? contribution.id})`
  let state: PortState = 'opening'
  let refused = () => 0
  const emit = (item: SensorItem, receivedMs: number) => {
    for (const name of names) events.item(name, item, receivedMs)
  }
  const decoder = contribution.transport === 'own' ? null : sensor.createDecoder(settings)
  const open = openerOf({entry, contribution, sensor, settings, decoder, emit, events, context})
  const kept = keepOpen<Closable>(
    async (lost) => {
      decoder?.reset()
      const opened = await open(lost)
      refused = opened.refused
      return opened.port
    },
    {
      opened(_port, attempt) {
        state = 'open'
        if (attempt > 1) events.notice('info', `${label} is back`)
      },
      away(error) {
        state = 'away'
        for (const name of names) events.lost(name)
        events.notice('warn', `${error.message}; crate keeps trying`)
      },
    },
  )
  return {
    sensors: names,
    get state() {
      return state
    },
    counts: () => ({...(decoder?.counts() ?? NO_COUNTS), refused: refused()}),
    close: () => kept.close(),
  }
}

interface Opening {
  readonly entry: SensorEntry
  readonly contribution: SensorContribution
  readonly sensor: Sensor
  readonly settings: SensorSettings
  readonly decoder: SensorDecoder | null
  readonly events: SensorEvents
  readonly context: Context
  emit(item: SensorItem, receivedMs: number): void
}

type Open = (lost: (error: Error) => void) => Promise<{port: Closable; refused: () => number}>

/** How to open it, again and again. @throws CONFIG_INVALID where its target makes no sense, so that no trying helps */
function openerOf(opening: Opening): Open {
  const {entry, contribution, sensor, settings, decoder, events, context, emit} = opening
  const target = entry.target ?? ''
  const profile = contribution.profiles.find(({id}) => id === entry.profile)
  const none = () => 0
  const bytes = (data: Uint8Array) => {
    const receivedMs = events.nowMs()
    for (const item of decoder?.decode(data) ?? []) emit(item, receivedMs)
  }
  const udp = (place: string, usualPort: number): Open => {
    const address = parseAddress(place, {host: '0.0.0.0', port: usualPort})
    if (address === null) throw wrongTarget(entry, 'a port, host:port, or ws:port')
    return async (lost) => {
      const port = await openUdp(address.port, address.host, {datagram: bytes, lost})
      return {port, refused: () => port.counts().flooded}
    }
  }
  switch (contribution.transport) {
    case 'udp': {
      if (!target.startsWith('ws:')) return udp(target, profile?.port ?? USUAL_OSC_PORT)
      const address = parseWebSocketTarget(target)
      if (address === null) throw wrongTarget(entry, 'ws:port, or ws:host:port?t=TOKEN')
      checkWebSocketTarget(address)
      return async () => {
        const port = await openOscWebSocket(address, {message: bytes})
        return {port, refused: () => port.counts().refused}
      }
    }
    case 'serial': {
      // Boards with Wi-Fi say the same lines over the network.
      const [, network, place = ''] = /^(udp|tcp):(?:\/\/)?(.*)$/.exec(target) ?? []
      if (network === 'udp') return udp(place, USUAL_LINE_PORT.udp)
      if (network === 'tcp') {
        const address = parseAddress(place, {host: '', port: USUAL_LINE_PORT.tcp})
        if (address === null || address.host === '') throw wrongTarget(entry, 'tcp:host:port')
        return async (lost) => ({port: await openTcpLine(address.host, address.port, {bytes, lost}), refused: none})
      }
      const [, path = '', baud] = /^(.*?)(?:@(\d+))?$/.exec(target) ?? []
      if (path === '') throw wrongTarget(entry, 'a serial port, as /dev/ttyUSB0 or COM3, or tcp:host:port, udp:port')
      const baudRate = baud === undefined ? (profile?.baudRate ?? USUAL_BAUD) : Number(baud)
      return async (lost) => ({port: await openSerial(path, baudRate, {bytes, lost}), refused: none})
    }
    case 'midi':
      return async (lost) => ({port: await openMidiInput(target, {bytes, lost}), refused: none})
    case 'file':
      return async (lost) => {
        const stream = createReadStream(target)
        stream.on('data', (chunk) => bytes(chunk as Buffer))
        stream.on('error', lost)
        return {port: {close: async () => void stream.destroy()}, refused: none}
      }
    case 'own': {
      const open = sensor.open?.bind(sensor)
      if (open === undefined)
        throw new CrateError(
          'PLUGIN_INVALID',
          `the sensor ${contribution.id} says that it opens its device, but cannot`,
        )
      return async (lost) => {
        const sink = {emit: (item: SensorItem) => emit(item, events.nowMs()), lost}
        return {port: await open(target, settings, sink, context), refused: none}
      }
    }
    case 'websocket':
      throw new CrateError('USAGE', 'a phone needs its page', {hints: ['crate live --phone']})
  }
}

function wrongTarget({type, target}: SensorEntry, wanted: string): CrateError {
  return new CrateError('CONFIG_INVALID', `the ${type} sensor has the target "${target ?? ''}": it needs ${wanted}`)
}

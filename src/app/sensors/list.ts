// What can move something here: kinds of sensors with their profiles, ports that are plugged in, recordings.
import {listMidiInputs} from '../../adapters/ports/midi-ports.js'
import {listSerialPorts} from '../../adapters/ports/serial-line.js'
import type {Environment} from '../../core/environment.js'
import {createRegistry} from '../../host/registry.js'
import {type ListedRecording, listRecordings} from './recordings.js'

export interface SensorList {
  readonly sensors: readonly {
    readonly id: string
    readonly summary: string
    readonly profiles: readonly {readonly id: string; readonly name: string}[]
    readonly ports: readonly string[]
    readonly plugin: string | null
  }[]
  readonly recordings: readonly ListedRecording[]
}

export async function listSensors(environment: Environment): Promise<SensorList> {
  const [registered, serial, midi] = await Promise.all([
    createRegistry(environment).list('sensors'),
    listSerialPorts(),
    listMidiInputs(),
  ])
  return {
    sensors: registered.map(({contribution: {id, summary, transport, profiles}, plugin}) => ({
      id,
      summary,
      profiles: profiles.map((profile) => ({id: profile.id, name: profile.name})),
      ports: transport === 'serial' ? serial : transport === 'midi' ? midi : [],
      plugin,
    })),
    recordings: await listRecordings(environment.libraryFolder),
  }
}

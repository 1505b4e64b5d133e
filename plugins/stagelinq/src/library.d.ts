// The part of stagelinq 3.5 that is used, as types of our own: crate's tree is checked without it installed.
declare module 'stagelinq' {
  import type {EventEmitter} from 'node:events'
  import type {Socket} from 'node:net'

  export interface ConnectionInfo {
    readonly token: Uint8Array
    readonly source: string
    readonly action: string
    readonly software: {readonly name: string; readonly version: string}
    readonly port: number
    readonly address: string
  }

  export type Identity = {readonly name: string; readonly version: string; readonly source: string}

  export const ActingAsDevice: {readonly NowPlaying: Identity}
  export const Action: {readonly Login: string; readonly Logout: string}
  /** The message to be broadcast. */
  export function createDiscoveryMessage(action: string, identity: Identity): object
  export function announce(message: object): Promise<void>
  export function unannounce(message: object): Promise<void>

  /** Listens on UDP 51337. */
  export class StageLinqListener {
    listenForDevices(found: (device: ConnectionInfo) => void): void
    stop(): void
  }

  export interface StateMessage {
    readonly message: {readonly name: string; readonly json?: unknown}
  }

  export class StateMap extends EventEmitter {
    on(name: 'message', listener: (message: StateMessage) => void): this
  }

  export class NetworkDevice {
    constructor(device: ConnectionInfo)
    /** @throws where the device does not tell its services within 5 s */
    connect(): Promise<void>
    connectToService(service: typeof StateMap): Promise<StateMap>
    disconnect(): void
    readonly connection: {readonly socket: Socket} | null
  }
}

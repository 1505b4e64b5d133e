// The part of prolink-connect 0.11 that is used, as types of our own: crate's tree is checked without it installed.
declare module 'prolink-connect' {
  import type {NetworkInterfaceInfoIPv4} from 'node:os'

  export interface Device {
    readonly id: number
    readonly name: string
    /** 1 CDJ, 3 mixer, 4 rekordbox. */
    readonly type: number
    readonly ip: {readonly address: string}
  }

  interface Listened<Events> {
    on<Name extends keyof Events>(name: Name, listener: Events[Name]): unknown
  }

  export interface Query {
    readonly query: number
    readonly queryDescriptor: {readonly menuTarget: number; readonly trackSlot: number; readonly trackType: number}
    readonly args: {readonly trackId: number}
  }

  export interface Network {
    readonly deviceManager: Listened<{connected(device: Device): void; disconnected(device: Device): void}> & {
      readonly devices: ReadonlyMap<number, Device>
    }
    readonly statusEmitter: Listened<{status(status: import('./deck.js').PlayerStatus): void}> | null
    readonly remotedb: {get(deviceId: number): Promise<{query(query: Query): Promise<unknown>} | null>} | null
    configure(config: {iface: NetworkInterfaceInfoIPv4; vcdjId: number}): void
    connect(): void
    disconnect(): Promise<unknown>
  }

  /** Binds UDP 50000, 50001 and 50002. */
  export function bringOnline(): Promise<Network>
}

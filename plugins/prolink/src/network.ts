// Which interface the players are on, and as whom crate joins them.
import type {NetworkInterfaceInfo, NetworkInterfaceInfoIPv4} from 'node:os'

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/** @param wanted name or address. Null where there is none of it with an IPv4 address. */
export function interfaceNamed(interfaces: Interfaces, wanted: string): NetworkInterfaceInfoIPv4 | null {
  for (const [name, infos] of Object.entries(interfaces))
    for (const info of infos ?? [])
      if (info.family === 'IPv4' && (name === wanted || info.address === wanted)) return info
  return null
}

/** The interface with the narrowest network that holds the address. */
export function interfaceOf(interfaces: Interfaces, address: string): NetworkInterfaceInfoIPv4 | null {
  let best: {info: NetworkInterfaceInfoIPv4; mask: number} | null = null
  for (const info of Object.values(interfaces).flatMap((infos) => infos ?? [])) {
    if (info.family !== 'IPv4') continue
    const mask = numberOf(info.netmask)
    if ((numberOf(info.address) & mask) !== (numberOf(address) & mask)) continue
    if (best === null || mask >>> 0 > best.mask >>> 0) best = {info, mask}
  }
  return best?.info ?? null
}

function numberOf(address: string): number {
  return address.split('.').reduce((value, part) => (value << 8) | Number(part), 0)
}

/** Players tell titles to numbers of players only; 7 is nobody's place. */
export function freePlayerNumber(taken: ReadonlySet<number>): number {
  return [4, 3, 2, 1, 6, 5].find((number) => !taken.has(number)) ?? 7
}

// CRC-32C (Castagnoli), the checksum of object stores: RFC 3720 §12.1, polynomial 0x1edc6f41 reflected.

const POLYNOMIAL = 0x82f63b78

/** Eight tables, so that eight bytes go at a time ("slicing by 8", Kounavis and Berry 2005). */
const TABLES: readonly Int32Array[] = makeTables()

function makeTables(): Int32Array[] {
  const tables = Array.from({length: 8}, () => new Int32Array(256))
  const [first] = tables
  if (first === undefined) return tables
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    first[byte] = value
  }
  for (let index = 1; index < 8; index++)
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[index - 1]?.[byte] ?? 0
      const table = tables[index]
      if (table !== undefined) table[byte] = (before >>> 8) ^ (first[before & 0xff] ?? 0)
    }
  return tables
}

/** @param crc of what came before; 0 at the start. @returns 0 to 2³² − 1 */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as readonly [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let value = ~crc
  let at = 0
  for (const end = bytes.length - 7; at < end; at += 8) {
    const low = view.getInt32(at, true) ^ value
    const high = view.getInt32(at + 4, true)
    value =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[high & 0xff] as number) ^
      (t2[(high >>> 8) & 0xff] as number) ^
      (t1[(high >>> 16) & 0xff] as number) ^
      (t0[high >>> 24] as number)
  }
  for (; at < bytes.length; at++) value = (value >>> 8) ^ (t0[(value ^ (bytes[at] as number)) & 0xff] as number)
  return ~value >>> 0
}

/** Big-endian base64, as Google Cloud Storage writes it. */
export function crc32cText(crc: number): string {
  const bytes = [crc >>> 24, (crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff]
  return btoa(String.fromCharCode(...bytes))
}

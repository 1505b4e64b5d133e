// The certificate of the phone page: made on this machine, kept, so that a phone has to be told only once to trust it.
import {X509Certificate} from 'node:crypto'
import {mkdir, readFile} from 'node:fs/promises'
import {networkInterfaces} from 'node:os'
import {join} from 'node:path'
import {writeFileAtomically} from '../files/staged-write.js'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Apple's devices refuse certificates that are valid longer. @see https://support.apple.com/102028 */
const VALID_DAYS = 820
const DAY_MS = 86_400_000

/** The kept one, or a new one where it is missing, ends within a month or names none of this machine's addresses. */
export async function localCertificate(folder: string, nowMs: number): Promise<Certificate> {
  const addresses = localAddresses()
  const paths = {cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem')}
  const kept = await Promise.all([readFile(paths.cert, 'utf8'), readFile(paths.key, 'utf8')]).catch(() => null)
  if (kept !== null && isGood(kept[0], addresses, nowMs)) return {cert: kept[0], key: kept[1]}
  const {generate} = await import('selfsigned')
  const made = await generate([{name: 'commonName', value: 'crate on this computer'}], {
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs + VALID_DAYS * DAY_MS),
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      {name: 'basicConstraints', cA: false},
      {name: 'keyUsage', digitalSignature: true, keyEncipherment: true},
      {name: 'extKeyUsage', serverAuth: true},
      {
        name: 'subjectAltName',
        altNames: [{type: 2, value: 'localhost'}, ...addresses.map((ip) => ({type: 7 as const, ip}))],
      },
    ],
  })
  await mkdir(folder, {recursive: true, mode: 0o700})
  await writeFileAtomically(paths.key, made.private)
  await writeFileAtomically(paths.cert, made.cert)
  return {cert: made.cert, key: made.private}
}

function isGood(pem: string, addresses: readonly string[], nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pem)
    const isFresh = Date.parse(certificate.validTo) > nowMs + 30 * DAY_MS
    return isFresh && addresses.every((address) => certificate.checkIP(address) !== undefined)
  } catch {
    return false
  }
}

/** IPv4 addresses of this machine by which others reach it, and its own. */
export function localAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const outer = found.filter(({family, internal}) => family === 'IPv4' && !internal).map(({address}) => address)
  return ['127.0.0.1', ...outer]
}

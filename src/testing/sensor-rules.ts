// What every sensor's decoder keeps to: pure, never throwing, the same readings however the bytes arrive.
import type {SensorContribution, SensorDecoder} from '../api/sensor.js'
import type {SensorItem} from '../core/reading.js'
import {nameOf, type Rule, rule} from './finding.js'
import {noise, printedBy, withOtherClock} from './stage.js'

export interface SensorSample {
  /** Datagrams or messages one by one; pieces of a stream in any cut. */
  readonly packets: readonly Uint8Array[]
  /** Profile that they are of; null to let the decoder find it out. */
  readonly profile: string | null
  readonly declared?: Parameters<Awaited<ReturnType<SensorContribution['load']>>['createDecoder']>[0]['declared']
}

const STREAMS: readonly SensorContribution['transport'][] = ['serial']
const SPEED_BYTES = 1 << 20
const SPEED_LIMIT_MS = 10_000

export function sensorRules(contribution: SensorContribution, sample: SensorSample | null): readonly Rule[] {
  const decoder = async (): Promise<SensorDecoder> =>
    (await contribution.load()).createDecoder({profile: sample?.profile ?? null, declared: sample?.declared ?? {}})
  const feed = async (packets: readonly Uint8Array[]): Promise<SensorItem[]> => {
    const own = await decoder()
    return packets.flatMap((packet) => [...own.decode(packet.slice())])
  }
  const free =
    contribution.transport === 'own'
      ? []
      : [
          rule('decode-noise', 'never throws, whatever the bytes', async () => {
            const own = await decoder()
            for (let round = 0; round < 200; round++)
              for (const item of own.decode(noise(round, (round * 7) % 300))) {
                const [fault] = itemFaults(item)
                if (fault !== undefined) return [`makes of noise: ${fault}`]
              }
            return []
          }),
          rule('decode-empty', 'takes a packet of no bytes', async () =>
            (await decoder()).decode(new Uint8Array()).length === 0 ? [] : ['reads something in nothing'],
          ),
          rule('decode-counts', 'counts what it throws away', async () => {
            const own = await decoder()
            const before = JSON.stringify(own.counts())
            for (let round = 0; round < 50; round++) own.decode(noise(round, 100))
            const counts = own.counts()
            const wrong = Object.entries(counts).filter(([, count]) => !Number.isSafeInteger(count) || count < 0)
            if (wrong.length > 0) return wrong.map(([name, count]) => `counts().${name} is ${count}`)
            return JSON.stringify(counts) === before ? ['50 packets of noise are not counted'] : []
          }),
          rule('decode-speed', 'reads a megabyte of noise within ten seconds', async () => {
            const own = await decoder()
            const startedMs = performance.now()
            for (let at = 0; at < SPEED_BYTES && performance.now() - startedMs < SPEED_LIMIT_MS; at += 4096)
              own.decode(noise(at, 4096))
            return performance.now() - startedMs < SPEED_LIMIT_MS ? [] : ['is slower than that']
          }),
          rule('decode-profiles', 'makes a decoder for each of its profiles', async () => {
            const sensor = await contribution.load()
            return contribution.profiles.flatMap(({id}) => {
              try {
                sensor.createDecoder({profile: id, declared: {}})
                return []
              } catch (error) {
                // A profile may need declarations of the person's; then it says so.
                return error instanceof Error && error.name === 'CrateError' ? [] : [`${id}: ${nameOf(error)}`]
              }
            })
          }),
          rule('decode-wrong-profile', 'refuses a profile that it does not have by a CrateError', async () => {
            if (contribution.profiles.length === 0) return []
            try {
              ;(await contribution.load()).createDecoder({profile: 'no-such-profile', declared: {}})
              return ['takes a profile "no-such-profile"']
            } catch (error) {
              return error instanceof Error && error.name === 'CrateError' ? [] : [`throws ${nameOf(error)}`]
            }
          }),
        ]
  if (sample === null || contribution.transport === 'own') return free
  const {packets} = sample
  const whole = Buffer.concat(packets)
  return [
    ...free,
    rule('decode-sample', 'reads its sample', async () =>
      (await feed(packets)).length > 0 ? [] : ['reads nothing in its sample'],
    ),
    rule('decode-items', 'gives readings of the right shape, all numbers finite', async () =>
      (await feed(packets)).flatMap(itemFaults),
    ),
    rule('decode-replay', 'reads the same in the same bytes, at any time', async () => {
      const first = JSON.stringify(await feed(packets))
      if (JSON.stringify(await feed(packets)) !== first) return ['two decoders differ over the same bytes']
      return JSON.stringify(await withOtherClock(() => feed(packets))) === first
        ? []
        : ['the readings follow the machine’s clock']
    }),
    rule('decode-no-mutation', 'leaves the bytes as they are', async () => {
      const own = await decoder()
      const lent = packets.map((packet) => packet.slice())
      for (const packet of lent) own.decode(packet)
      return Buffer.concat(lent).equals(whole) ? [] : ['it wrote into the bytes']
    }),
    rule('decode-reused-buffer', 'keeps no hold of the bytes', async () => {
      const own = await decoder()
      const items = packets.flatMap((packet) => {
        const lent = packet.slice()
        const read = [...own.decode(lent)]
        lent.fill(0xff)
        return read
      })
      return JSON.stringify(items) === JSON.stringify(await feed(packets))
        ? []
        : ['bytes that change after decode() change the readings']
    }),
    rule('decode-reset', 'forgets a half packet on reset', async () => {
      const own = await decoder()
      const first = packets[0] ?? new Uint8Array()
      own.decode(first.slice(0, Math.floor(first.length / 2)))
      own.reset()
      const after = packets.flatMap((packet) => [...own.decode(packet.slice())])
      return JSON.stringify(after) === JSON.stringify(await feed(packets))
        ? []
        : ['reads something else after half a packet and reset()']
    }),
    ...(STREAMS.includes(contribution.transport)
      ? [
          rule('decode-pieces', 'reads the same however the stream is cut', async () => {
            const single = [...whole].map((byte) => Uint8Array.of(byte))
            return JSON.stringify(await feed(single)) === JSON.stringify(await feed([whole]))
              ? []
              : ['byte by byte it reads something else']
          }),
        ]
      : []),
    rule('decode-quiet', 'prints nothing', async () => {
      const printed = await printedBy(() => feed(packets))
      return printed === '' ? [] : [`prints ${JSON.stringify(printed.slice(0, 60))}`]
    }),
  ]
}

const UNITS: Readonly<Record<string, readonly string[]>> = {
  acceleration: ['m/s²', 'g', 'auto'],
  linearAcceleration: ['m/s²', 'g', 'auto'],
  gravity: ['m/s²', 'g', 'auto'],
  rotation: ['rad/s', '°/s', 'auto'],
}

export function itemFaults(item: SensorItem): string[] {
  if (typeof item.device !== 'string') return [`device is ${String((item as SensorItem).device)}`]
  if (item.kind === 'notice') return typeof item.message === 'string' ? [] : ['a notice has no message']
  if (item.kind === 'control') {
    const {control, value} = item
    const isSound = typeof control === 'string' && control !== '' && Number.isFinite(value) && value >= 0 && value <= 1
    return isSound ? [] : [`the control ${control} is ${value}, not 0 to 1`]
  }
  if (item.kind !== 'motion') return [`an item is of kind ${String((item as {kind?: unknown}).kind)}`]
  const faults: string[] = []
  for (const [name, units] of Object.entries(UNITS)) {
    const measured = (item as unknown as Record<string, {value?: readonly number[]; unit?: string} | undefined>)[name]
    if (measured === undefined) continue
    if (measured.value?.length !== 3 || !measured.value.every(Number.isFinite))
      faults.push(`${name} is ${String(measured.value)}, not three numbers`)
    if (!units.includes(measured.unit ?? ''))
      faults.push(`${name} is in ${String(measured.unit)}, not ${units.join(' or ')}`)
  }
  const {orientation, sampledMs} = item
  if (orientation !== undefined && !(orientation.length === 4 && orientation.every(Number.isFinite)))
    faults.push(`orientation is ${String(orientation)}`)
  if (sampledMs !== undefined && !Number.isFinite(sampledMs)) faults.push(`sampledMs is ${sampledMs}`)
  return faults
}

import {spawn, spawnSync} from 'node:child_process'
import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {OscLearner, patternFromAddress} from '../../sensors/osc/declaration.js'
import {oscSensor} from '../../sensors/osc/index.js'
import {decodeOscPacket} from '../../sensors/osc/packet.js'
import type {MotionReading} from '../../src/core/reading.js'

const {createDecoder} = await oscSensor.load()
const decoderFor = (profile: string | null = null, declared: Parameters<typeof createDecoder>[0]['declared'] = {}) =>
  createDecoder({profile, declared})

// Messages by hand: padded strings, big-endian numbers, as the OSC 1.0 specification draws them.

function padded(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value), 0]
  while (bytes.length % 4) bytes.push(0)
  return bytes
}

function float(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return [...new Uint8Array(view.buffer)]
}

function int(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

const floats = (address: string, ...values: readonly number[]) =>
  Uint8Array.from([...padded(address), ...padded(`,${'f'.repeat(values.length)}`), ...values.flatMap(float)])

function bundle(tag: readonly number[], ...elements: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([
    ...padded('#bundle'),
    ...tag,
    ...elements.flatMap((element) => [...int(element.length), ...element]),
  ])
}

const NOW = [0, 0, 0, 0, 0, 0, 0, 1]

describe('decodeOscPacket', () => {
  it('reads the example of the specification: /foo with five arguments', () => {
    // https://opensoundcontrol.stanford.edu/spec-1_0-examples.html, second message
    const bytes = Uint8Array.from([
      0x2f, 0x66, 0x6f, 0x6f, 0, 0, 0, 0, 0x2c, 0x69, 0x69, 0x73, 0x66, 0x66, 0, 0, 0, 0, 3, 0xe8, 0xff, 0xff, 0xff,
      0xff, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0, 0, 0, 0x3f, 0x9d, 0xf3, 0xb6, 0x40, 0xb5, 0xb2, 0x2d,
    ])
    const [message] = decodeOscPacket(bytes).messages
    expect(message?.address).toBe('/foo')
    expect(message?.args.map(({value}) => value)).toEqual([
      1000,
      -1,
      'hello',
      expect.closeTo(1.234, 6),
      expect.closeTo(5.678, 6),
    ])
  })

  it('reads nested bundles with the time of the innermost', () => {
    // 1 January 2000 is 3155673600 s after 1900, 946684800000 ms after 1970.
    const inner = bundle([...int(3_155_673_600), 0x80, 0, 0, 0], floats('/a', 1))
    const {messages} = decodeOscPacket(bundle(NOW, inner, floats('/b', 2)))
    expect(messages.map(({address, atMs}) => [address, atMs])).toEqual([
      ['/a', 946_684_800_500],
      ['/b', null],
    ])
  })

  it('refuses bundles nested a thousand deep without falling over', () => {
    let bytes: Uint8Array = floats('/deep', 1)
    for (let depth = 0; depth < 1000; depth++) bytes = bundle(NOW, bytes)
    expect(decodeOscPacket(bytes)).toEqual({messages: [], malformed: 1})
  })

  it('reads bundles that real apps nest', () => {
    let bytes: Uint8Array = floats('/deep', 1)
    for (let depth = 0; depth < 4; depth++) bytes = bundle(NOW, bytes)
    expect(decodeOscPacket(bytes).messages).toHaveLength(1)
  })

  it.each([
    ['64 KB of zeros', new Uint8Array(65_507)],
    ['64 KB of slashes', new Uint8Array(65_507).fill(0x2f)],
    ['64 KB of commas after an address', Uint8Array.from([...padded('/a'), ...new Uint8Array(65_000).fill(0x2c)])],
    ['arguments that are not there', Uint8Array.from([...padded('/a'), ...padded(',fff'), 0, 0])],
    ['a blob longer than the packet', Uint8Array.from([...padded('/a'), ...padded(',b'), 0x7f, 0xff, 0xff, 0xff])],
    ['a bundle element of negative length', Uint8Array.from([...padded('#bundle'), ...NOW, 0xff, 0xff, 0xff, 0xff])],
    ['an unknown type', Uint8Array.from([...padded('/a'), ...padded(',Q')])],
    ['nothing', new Uint8Array(0)],
  ])('counts %s as malformed', (_what, bytes) => {
    expect(decodeOscPacket(bytes)).toEqual({messages: [], malformed: 1})
  })

  it('never throws, and bounds what one packet can cost', () => {
    fc.assert(fc.property(fc.uint8Array({maxLength: 400}), (bytes) => decodeOscPacket(bytes).messages.length <= 512))
    const many = bundle(NOW, ...Array.from({length: 3000}, () => floats('/a', 1)))
    expect(decodeOscPacket(many).messages.length).toBeLessThanOrEqual(512)
  })

  it('reads what liblo sends', async (context) => {
    if (spawnSync('oscsend', []).error !== undefined) {
      if (process.env['CI']) throw new Error('oscsend of liblo-tools is needed under CI')
      context.skip('oscsend (liblo-tools) is not installed')
    }
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const arrived = once(socket, 'message') as Promise<[Uint8Array]>
    spawn('oscsend', ['127.0.0.1', String(socket.address().port), '/ZIGSIM/me/gyro', 'fff', '0.5', '-1', '2.25'])
    const [bytes] = await arrived
    socket.close()
    const [item] = decoderFor().decode(bytes) as readonly MotionReading[]
    expect(item).toMatchObject({device: 'me', rotation: {value: [0.5, -1, 2.25], unit: 'rad/s'}})
  })
})

describe('profiles', () => {
  const first = (profile: string | null, ...packets: readonly Uint8Array[]) => {
    const decoder = decoderFor(profile)
    return packets.flatMap((packet) => decoder.decode(packet))
  }

  it('ZIG SIM: gravity apart, quaternion x y z w, the id of the phone', () => {
    const [accel, quaternion] = first(
      null,
      floats('/ZIGSIM/stage left/accel', 0, 0, 0.5),
      floats('/ZIGSIM/p/quaternion', 0, 0, 0, 1),
    )
    expect(accel).toMatchObject({device: 'stage left', linearAcceleration: {value: [-0, -0, -0.5], unit: 'g'}})
    expect(quaternion).toMatchObject({orientation: [1, 0, 0, 0]})
  })

  it('GyrOSC: one bundle is one reading', () => {
    const items = first(
      'gyrosc',
      bundle(
        NOW,
        floats('/gyrosc/accel', 0, 0, -1),
        floats('/gyrosc/rrate', 1, 2, 3),
        floats('/gyrosc/grav', 0, 0, -1),
      ),
    )
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      acceleration: {value: [-0, -0, 1]},
      rotation: {value: [1, 2, 3]},
      gravity: {value: [-0, -0, 1]},
    })
  })

  it('TouchOSC and Sensors2OSC, whole and one address an axis', () => {
    expect(first(null, floats('/accxyz', 0.1, 0.2, 1))[0]).toMatchObject({acceleration: {unit: 'g'}})
    expect(first(null, floats('/phone/acceleration', 0, 0, 9.8))[0]).toMatchObject({
      device: 'phone',
      acceleration: {unit: 'm/s²'},
    })
    const axes = first(
      null,
      floats('/phone/gyroscope/X', 1),
      floats('/phone/gyroscope/Y', 2),
      floats('/phone/gyroscope/Z', 3),
    )
    expect(axes).toHaveLength(1)
    expect(axes[0]).toMatchObject({rotation: {value: [1, 2, 3], unit: 'rad/s'}})
  })

  it('R-IoT: one bundle a tick, trailing time stamps passed over', () => {
    const [item] = first(
      null,
      bundle(NOW, floats('/riot/v3/7/accelerometer', 0, 0, 9.8, 123), floats('/riot/v3/7/gyroscope', 1, 2, 3, 123)),
    )
    expect(item).toMatchObject({device: '7', acceleration: {unit: 'm/s²'}, rotation: {value: [1, 2, 3]}})
  })

  it('MUGIC: one message of 25, with its number and time', () => {
    const numbers = Array.from({length: 25}, (_, index) => index)
    const [item] = first(null, floats('/mugicdata', ...numbers))
    expect(item).toMatchObject({
      acceleration: {value: [0, 1, 2]},
      rotation: {value: [6, 7, 8]},
      orientation: [12, 13, 14, 15],
      sampledMs: 23_000,
      sequence: {value: 24},
    })
  })

  it('NGIMU: gyroscope before accelerometer, time from the bundle', () => {
    const sensors = floats('/sensors', 1, 2, 3, 0.1, 0.2, 1, 30, 0, 0, 1013)
    const [item] = first(null, bundle([...int(3_155_673_600), 0, 0, 0, 0], sensors))
    expect(item).toMatchObject({rotation: {value: [1, 2, 3], unit: '°/s'}, sampledMs: 946_684_800_000})
  })

  it('tells by its length that an acceleration has no gravity in it', () => {
    const decoder = decoderFor('gyrosc')
    const items = Array.from({length: 200}, () => decoder.decode(floats('/gyrosc/accel', 0.01, 0, 0))).flat()
    expect(items[0]).toHaveProperty('acceleration')
    expect(items.at(-1)).toHaveProperty('linearAcceleration')
  })

  it('takes any other number for a control, cut to 0…1', () => {
    expect(first(null, floats('/1/fader1', 0.25))[0]).toEqual({
      kind: 'control',
      device: '',
      control: '/1/fader1',
      value: 0.25,
    })
    expect(first(null, floats('/1/fader1', 99))[0]).toMatchObject({value: 1})
  })

  it('reads addresses that the person declared before its own', () => {
    const decoder = decoderFor(null, {
      addresses: [
        {address: '/glove/*/imu', role: 'acceleration', unit: 'g', at: 1},
        {address: '/glove/*/imu', role: 'rotation', unit: 'deg/s', at: 4},
      ],
    })
    const [item] = decoder.decode(floats('/glove/left/imu', 99, 0, 0, 1, 10, 20, 30))
    expect(item).toMatchObject({
      device: 'left',
      acceleration: {value: [0, 0, 1]},
      rotation: {value: [10, 20, 30], unit: '°/s'},
    })
  })

  it('takes the characters of a declared address as they are', () => {
    expect(patternFromAddress('/a.b(c)/*').test('/a.b(c)/x')).toBe(true)
    expect(patternFromAddress('/a.b').test('/axb')).toBe(false)
  })

  it('remembers a bounded number of addresses', () => {
    const decoder = decoderFor()
    for (let index = 0; index < 5000; index++) decoder.decode(floats(`/made-up/${index}/x`, 1))
    expect(decoder.decode(floats('/accxyz', 0, 0, 1))).toHaveLength(1)
  })
})

describe('OscLearner', () => {
  it('shows what arrived, how it ranges, and what it might be', () => {
    const learner = new OscLearner()
    for (const value of [-1, 0, 1]) learner.push(floats('/my/hand/acc', value, 0, 0.5))
    learner.push(floats('/accxyz', 0, 0, 1))
    learner.push(floats('/q', 0, 0, 0, 1))
    learner.push(floats('/fader', 0.5))
    expect(learner.summary()).toMatchObject([
      {
        address: '/my/hand/acc',
        count: 3,
        types: 'fff',
        least: [-1, 0, 0.5],
        most: [1, 0, 0.5],
        role: 'acceleration',
        profile: null,
      },
      {address: '/accxyz', count: 1, role: 'acceleration', profile: 'touchosc'},
      {address: '/q', count: 1, types: 'ffff', least: [0, 0, 0, 1], most: [0, 0, 0, 1], role: 'orientation'},
      {address: '/fader', count: 1, types: 'f', least: [0.5], most: [0.5], role: null, profile: null},
    ])
  })
})

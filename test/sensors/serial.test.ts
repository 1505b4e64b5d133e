import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {serialSensor} from '../../sensors/serial/index.js'
import type {MotionReading, SensorItem} from '../../src/core/reading.js'

const {createDecoder} = await serialSensor.load()
const decoderFor = (profile: string | null, declared: Parameters<typeof createDecoder>[0]['declared'] = {}) =>
  createDecoder({profile, declared})
const text = (value: string) => new TextEncoder().encode(value)
const motion = (items: readonly SensorItem[]) => items as readonly MotionReading[]

/** Datasheet example form: 55 51, ax ay az t little-endian, sum. 0x0800 = 2048 → 2048/32768 × 16 g = 1 g. */
const WIT_ACCELERATION = [0x55, 0x51, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0xae]
/** 0x4000 → half of 2000 °/s about x. */
const WIT_ROTATION = [0x55, 0x52, 0x00, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xe7]
/** q0 = 0x7fff, nearly 1. */
const WIT_QUATERNION = [0x55, 0x59, 0xff, 0x7f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x2c]
const WIT_ROUND = [...WIT_ACCELERATION, ...WIT_ROTATION, ...WIT_QUATERNION]

describe('WitMotion', () => {
  it('joins the packets of a sample once it knows which one is the last', () => {
    const items = motion(decoderFor('witmotion').decode(Uint8Array.from([...WIT_ROUND, ...WIT_ROUND, ...WIT_ROUND])))
    expect(items).toHaveLength(3)
    expect(items[2]?.acceleration).toEqual({value: [0, 0, 1], unit: 'g'})
    expect(items[2]?.rotation).toEqual({value: [1000, 0, 0], unit: '°/s'})
    expect(items[2]?.orientation?.[0]).toBeCloseTo(0.99997, 4)
  })

  it('finds the next packet by its sum where 0x55 is among the data', () => {
    const tricky = [0x55, 0x51, 0x55, 0x51, 0x55, 0x52, 0x00, 0x08, 0x00, 0x00, 0xfb]
    expect(tricky.slice(0, 10).reduce((sum, byte) => sum + byte, 0) & 0xff).toBe(0xfb)
    const decoder = decoderFor('witmotion')
    const bytes = [...WIT_ROUND, ...tricky, ...WIT_ROTATION, ...WIT_QUATERNION, ...WIT_ROUND].slice(5)
    const items = motion(decoder.decode(Uint8Array.from(bytes)))
    expect(items.some(({acceleration}) => acceleration?.value[2] === 1)).toBe(true)
    expect(items.some(({acceleration}) => Math.abs((acceleration?.value[0] ?? 0) - (0x5155 / 32768) * 16) < 1e-9)).toBe(
      true,
    )
    expect(decoder.counts().skippedBytes).toBe(6)
  })

  it('drops a packet whose sum is wrong and keeps the rest', () => {
    const broken = [...WIT_ACCELERATION]
    broken[7] = 0x09
    const decoder = decoderFor('witmotion')
    const items = motion(
      decoder.decode(Uint8Array.from([...WIT_ROUND, ...broken, ...WIT_ROTATION, ...WIT_QUATERNION, ...WIT_ROUND])),
    )
    expect(decoder.counts().malformed).toBeGreaterThan(0)
    expect(items.filter(({acceleration}) => acceleration).every(({acceleration}) => acceleration?.value[2] === 1)).toBe(
      true,
    )
  })
})

/** w = 0x4000 / 16384 = 1, counter 7. */
const TEAPOT = [0x24, 0x02, 0x40, 0x00, 0, 0, 0, 0, 0, 0, 0x00, 0x07, 0x0d, 0x0a]

describe('MPU teapot', () => {
  it('reads the quaternion and the counter', () => {
    const [item] = motion(decoderFor('mpu-teapot').decode(Uint8Array.from(TEAPOT)))
    expect(item).toMatchObject({orientation: [1, 0, 0, 0], sequence: {value: 7, modulo: 256}})
  })

  it('does not take noise that begins like a packet', () => {
    const noise = [0x24, 0x02, 0x11, 0x11, 0x22, 0x22, 0x00, 0x00, 0x24, 0x02, 0x00, 0x07, 0x0d, 0x0a]
    expect(decoderFor('mpu-teapot').decode(Uint8Array.from([...noise, ...TEAPOT]))).toHaveLength(1)
  })
})

describe('lines of text', () => {
  it('reads the Nano 33 sketch with its header, blank lines and leading tabs', () => {
    const sketch = 'aX,aY,aZ,gX,gY,gZ\r\n\r\n\t0.010,-0.020,0.990,1.5,-2.5,3.5\r\n0.011,-0.021,0.991,1,2,3\r\n'
    const items = motion(decoderFor('nano33').decode(text(sketch)))
    expect(items).toHaveLength(2)
    expect(items[0]?.acceleration).toEqual({value: [0.01, -0.02, 0.99], unit: 'g'})
    expect(items[0]?.rotation).toEqual({value: [1.5, -2.5, 3.5], unit: '°/s'})
  })

  it('reads x-IMU3 inertial and quaternion messages, gyroscope first, times in microseconds', () => {
    const [inertial, turn] = motion(
      decoderFor('x-imu3').decode(
        text('I,1000000,0.5,1.5,2.5,0.1,0.2,1.0\r\nT,1000000,25.1\r\nQ,1000500,1.0,0.0,0.0,0.0\r\n'),
      ),
    )
    expect(inertial).toMatchObject({sampledMs: 1000, rotation: {value: [0.5, 1.5, 2.5], unit: '°/s'}})
    expect(inertial?.acceleration).toEqual({value: [0.1, 0.2, 1], unit: 'g'})
    expect(turn).toMatchObject({sampledMs: 1000.5, orientation: [1, 0, 0, 0]})
  })

  it.each([
    ['Accl:\tx= 0.12 |\ty= -0.5 |\tz= 9.79\n', 'acceleration', [0.12, -0.5, 9.79]],
    ['Gyro: x: 1 y: 2 z: -3\n', 'rotation', [1, 2, -3]],
    ['Linear:\tx= 0 |\ty= 0 |\tz= .5\n', 'linearAcceleration', [0, 0, 0.5]],
  ] as const)('reads the labelled line %j', (line, role, value) => {
    const [item] = motion(decoderFor('bno055').decode(text(line)))
    expect(item?.[role]).toMatchObject({value})
  })

  it('reads JSON lines, nested, listed and flat', () => {
    const lines = [
      '{"t":5,"accel":{"x":1,"y":2,"z":3},"quat":{"w":1,"x":0,"y":0,"z":0}}',
      '{"ts":6,"acc":[1,2,3],"gyro":[4,5,6]}',
      '{"millis":7,"ax":1,"ay":2,"az":3}',
    ]
    const items = motion(decoderFor('json').decode(text(`${lines.join('\n')}\n`)))
    expect(items.map(({sampledMs}) => sampledMs)).toEqual([5, 6, 7])
    expect(items.map(({acceleration}) => acceleration?.value)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ])
    expect(items[0]?.orientation).toEqual([1, 0, 0, 0])
    expect(items[1]?.rotation?.value).toEqual([4, 5, 6])
  })

  it('reads columns that the person declared, with their units', () => {
    const declared = {
      columns: ['t_us', 'battery', 'gz', 'gy', 'gx', 'az', 'ay', 'ax'],
      accelerationUnit: 'g',
      rotationUnit: 'deg/s',
    }
    const [item] = motion(decoderFor('csv', declared).decode(text('2000;88;3;2;1;0.3;0.2;0.1\n')))
    expect(item).toMatchObject({sampledMs: 2, rotation: {value: [1, 2, 3], unit: '°/s'}})
    expect(item?.acceleration).toEqual({value: [0.1, 0.2, 0.3], unit: 'g'})
  })

  it('counts rows that are broken and goes on', () => {
    const decoder = decoderFor('nano33')
    const items = decoder.decode(text('0,0,1,0,0,0\n0,0,1,0,\n0,0,x,0,0,0\n0,0,1,0,0,0\n'))
    expect(items).toHaveLength(2)
    expect(decoder.counts().malformed).toBe(2)
  })

  it('takes half a line for no fault when the port opens in the middle of it', () => {
    const decoder = decoderFor('nano33')
    expect(decoder.decode(text('12,0.5,1\n0,0,1,0,0,0\n'))).toHaveLength(1)
    expect(decoder.counts().malformed).toBe(0)
  })
})

describe('a board that is not named', () => {
  it.each([
    ['witmotion', Uint8Array.from([...WIT_ROUND, ...WIT_ROUND, ...WIT_ROUND])],
    ['mpu-teapot', Uint8Array.from([...TEAPOT, ...TEAPOT, ...TEAPOT])],
    ['csv', text('aX,aY,aZ,gX,gY,gZ\n0,0,1,0,0,0\n0,0,1,0,0,0\n0,0,1,0,0,0\n')],
    ['x-imu3', text('\nI,1,0,0,0,0,0,1\nI,2,0,0,0,0,0,1\n')],
    ['labelled', text('\nAccl: x= 0 | y= 0 | z= 9.8\nGyro: x= 0 | y= 0 | z= 0\n')],
  ])('is known by what it says: %s', (profile, bytes) => {
    const decoder = decoderFor(null)
    expect(decoder.decode(bytes).length).toBeGreaterThan(0)
    expect((decoder as unknown as {profile: string}).profile).toBe(profile)
  })
})

describe('any bytes', () => {
  it.each(['witmotion', 'mpu-teapot', 'nano33', 'x-imu3', 'bno055', 'json', 'labelled', 'csv', null])(
    'never break the decoder, and what follows is still read: %s',
    (profile) => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({maxLength: 300}), {maxLength: 20}), (pieces) => {
          const decoder = decoderFor(profile)
          for (const piece of pieces) decoder.decode(piece)
        }),
        {numRuns: 60},
      )
    },
  )

  it('gives the same readings however the stream is cut', () => {
    const stream = Uint8Array.from([1, 2, 0x55, ...WIT_ROUND, 0x55, 0x51, ...WIT_ROUND, 9, ...WIT_ROUND])
    const whole = decoderFor('witmotion').decode(stream)
    fc.assert(
      fc.property(fc.array(fc.integer({min: 1, max: 9}), {minLength: 30, maxLength: 30}), (sizes) => {
        const decoder = decoderFor('witmotion')
        const items: SensorItem[] = []
        let at = 0
        for (const size of [...sizes, stream.length]) {
          items.push(...decoder.decode(stream.subarray(at, at + size)))
          at += size
        }
        expect(items).toEqual(whole)
      }),
    )
  })

  it('holds no more than a line of an endless one', () => {
    const decoder = decoderFor('csv')
    for (let index = 0; index < 200; index++) decoder.decode(new Uint8Array(1000).fill(0x31))
    expect(decoder.counts().skippedBytes).toBeGreaterThan(190_000)
    expect(decoder.decode(text('\n0,0,1,0,0,0\n'))).toHaveLength(1)
  })
})

describe('settings', () => {
  it.each([
    ['nonsense', {}],
    ['csv', {columns: 'ax,ay'}],
    ['csv', {columns: ['battery', 'light']}],
    ['csv', {accelerationUnit: 'stone'}],
  ])('%s with %j is refused', (profile, declared) => {
    expect(() => decoderFor(profile, declared as never)).toThrowError(expect.objectContaining({code: 'CONFIG_INVALID'}))
  })
})

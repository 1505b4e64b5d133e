import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {midiSensor} from '../../sensors/midi/index.js'
import {phoneSensor} from '../../sensors/phone/index.js'

const settings = {profile: null, declared: {}}
const midi = await midiSensor.load()
const phone = await phoneSensor.load()
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('MIDI in', () => {
  it('reads notes, controllers, bends and programs, channels as people count', () => {
    const items = midi
      .createDecoder(settings)
      .decode(Uint8Array.from([0x90, 60, 127, 0x80, 60, 0, 0xb2, 74, 0, 0xe0, 0, 64, 0xc5, 9]))
    expect(items).toMatchObject([
      {control: 'note/1/60', value: 1},
      {control: 'note/1/60', value: 0},
      {control: 'cc/3/74', value: 0},
      {control: 'bend/1', value: expect.closeTo(0.5, 3)},
      {control: 'program/6/9', value: 1},
    ])
  })

  it('keeps running status through real-time bytes and lets system messages end it', () => {
    const decoder = midi.createDecoder(settings)
    expect(decoder.decode(Uint8Array.from([0x90, 60, 0xf8, 100, 61, 0xfe, 0]))).toMatchObject([
      {control: 'note/1/60'},
      {control: 'note/1/61', value: 0},
    ])
    expect(decoder.decode(Uint8Array.from([0xf0, 1, 2, 3, 0xf7, 62, 100]))).toEqual([])
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => midi.createDecoder(settings).decode(bytes).length <= bytes.length),
    )
  })
})

describe('phone', () => {
  it('reads DeviceMotion: alpha turns about z, beta about x, gamma about y', () => {
    const [item] = phone.createDecoder(settings).decode(json({n: 3, t: 12.5, a: [0, 0, 9.8], r: [30, 10, 20]}))
    expect(item).toMatchObject({
      sampledMs: 12.5,
      sequence: {value: 3, modulo: null},
      acceleration: {value: [0, 0, 9.8], unit: 'm/s²'},
      rotation: {value: [10, 20, 30], unit: '°/s'},
    })
  })

  it('turns the sign of Safari round', () => {
    const [item] = phone.createDecoder(settings).decode(json({a: [1, 0, -9.8], ios: true}))
    expect(item).toMatchObject({acceleration: {value: [-1, 0, 9.8]}})
  })

  it('reads buttons', () => {
    expect(
      phone.createDecoder(settings).decode(
        json([
          {b: '1', v: 1},
          {b: '1', v: 0},
        ]),
      ),
    ).toMatchObject([
      {control: 'button/1', value: 1},
      {control: 'button/1', value: 0},
    ])
  })

  it.each([
    ['text that is no JSON', new TextEncoder().encode('{')],
    ['numbers that are none', json({a: [1, 'x', 2]})],
    ['a button with a strange name', json({b: '../../etc', v: 1})],
    ['a list of ten thousand', json(Array.from({length: 10_000}, () => 1))],
    ['a megabyte', new Uint8Array(1 << 20).fill(0x20)],
  ])('drops and counts %s', (_what, bytes) => {
    const decoder = phone.createDecoder(settings)
    expect(decoder.decode(bytes)).toEqual([])
    expect(decoder.counts().malformed).toBe(1)
  })
})

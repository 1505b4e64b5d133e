// Network MIDI against a peer that is not ours: npm's rtpmidi, called by us and calling us.
import {createRequire} from 'node:module'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, it, onTestFinished} from 'vitest'
import {rtpMidiOutput} from '../../../src/adapters/ports/rtp-midi/output.js'
import {decodeControl, encodeMidi, encodeSession} from '../../../src/adapters/ports/rtp-midi/packets.js'
import type {Context} from '../../../src/api/context.js'
import {controlChange, noteOff, noteOn} from '../../../src/live/output/midi.js'

interface PeerSession {
  on(event: 'message', listener: (deltaMs: number, message: Buffer) => void): void
  on(event: 'streamAdded', listener: () => void): void
  connect(remote: {address: string; port: number}): void
  end(callback: () => void): void
}

const {manager} = createRequire(import.meta.url)('rtpmidi') as {
  manager: {createSession(config: object, dontSave: boolean): PeerSession}
}
const port = 31_000 + 2 * (process.pid % 1000)
const context = {} as Context

function peerAt(peerPort: number): {session: PeerSession; heard: string[]} {
  const config = {localName: 'peer', bonjourName: 'peer', port: peerPort, published: false, ipVersion: 4}
  const session = manager.createSession(config, true)
  const heard: string[] = []
  session.on('message', (_delta, message) => heard.push(Buffer.from(message).toString('hex')))
  onTestFinished(() => new Promise<void>((resolve) => session.end(resolve)))
  return {session, heard}
}

describe('rtpMidiOutput', () => {
  it('calls a session and delivers every message in order, an off twice', {timeout: 30_000}, async () => {
    const {heard} = peerAt(port)
    await wait(500)
    const lost: string[] = []
    const output = await rtpMidiOutput.open(`127.0.0.1:${port}`, {lost: ({message}) => lost.push(message)}, context)
    await wait(3500)
    for (let value = 0; value < 100; value++) {
      expect(output.send(controlChange(1, 20, value / 127))).toBe(true)
      await wait(2)
    }
    output.send(noteOn(3, 60, 90))
    output.send(noteOff(3, 60))
    await wait(60)
    // A note that begins again at once is not cut by the second off of the one before.
    for (const message of [noteOn(3, 61, 1), noteOff(3, 61), noteOn(3, 61, 2)]) output.send(message)
    await wait(60)
    await output.close()
    await wait(200)
    const expected = Array.from({length: 100}, (_, value) => `b014${value.toString(16).padStart(2, '0')}`)
    expect(heard.slice(0, 100)).toEqual(expected)
    expect(heard.slice(100)).toEqual(['923c5a', '823c00', '823c00', '923d01', '823d00', '923d02'])
    expect(lost).toEqual([])
  })

  it('waits to be called', {timeout: 30_000}, async () => {
    const output = await rtpMidiOutput.open(`listen:${port + 20}`, {lost: () => undefined}, context)
    expect(output.send(noteOn(1, 1, 1))).toBe(false)
    const {session, heard} = peerAt(port + 40)
    await wait(500)
    session.connect({address: '127.0.0.1', port: port + 20})
    await wait(4500)
    expect(output.send(noteOn(1, 64, 100))).toBe(true)
    await wait(100)
    await output.close()
    expect(heard).toEqual(['904064'])
  })

  it('says who does not answer', {timeout: 30_000}, async () => {
    const call = rtpMidiOutput.open('127.0.0.1:9', {lost: () => undefined}, context)
    await expect(call).rejects.toMatchObject({code: 'DEVICE_MISSING'})
  })
})

describe('packets', () => {
  it('writes an invitation as the protocol has it', () => {
    const packet = encodeSession({kind: 'invitation', token: 0x01020304, ssrc: 0x0a0b0c0d, name: 'crate'})
    // FFFF "IN", version 2, token, SSRC, the name with its zero.
    expect(packet.toString('hex')).toBe('ffff494e00000002010203040a0b0c0d637261746500')
  })

  it('writes a message as RFC 6295 has it: version 2, marker, type 97, a list of three bytes without a journal', () => {
    expect(encodeMidi([0x90, 60, 100], 7, 1000, 0x0a0b0c0d).toString('hex')).toBe('80e10007000003e80a0b0c0d03903c64')
  })

  it('takes nothing from what is cut or foreign', () => {
    const packet = encodeSession({kind: 'accepted', token: 1, ssrc: 2, name: 'x'})
    for (let length = 0; length < 16; length++) expect(decodeControl(packet.subarray(0, length))).toBeNull()
    expect(decodeControl(Buffer.alloc(64))).toBeNull()
  })
})

// Traktor's broadcast, as ffmpeg and oggenc make it: what is heard is told, in pieces, with pictures, in other scripts.
import {spawn, spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {connect} from 'node:net'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, it, onTestFinished} from 'vitest'
import {listenIcecast} from '../../../src/adapters/ports/icecast-source.js'
import {OggComments} from '../../../src/adapters/ports/ogg-comments.js'
import {temporaryFolder} from '../../support/crate.js'
import {itWith} from '../../support/tools.js'
import {writeClicks} from '../../support/wav.js'

function oggFile(folder: string, name: string, artist: string, title: string): Buffer {
  const wav = join(folder, `${name}.wav`)
  writeClicks(wav, {tempoBpm: 120, seconds: 2, toneHz: 220})
  const path = join(folder, `${name}.ogg`)
  spawnSync('oggenc', ['-Q', '-a', artist, '-t', title, '-o', path, wav])
  return readFileSync(path)
}

async function listening() {
  const heard: string[] = []
  const port = await listenIcecast(0, null, {
    connected: () => heard.push('connected'),
    disconnected: () => heard.push('gone'),
    track: ({artist, title}) => heard.push(`${artist} / ${title}`),
  })
  onTestFinished(() => port.close())
  return {port: port.port, heard}
}

describe('listenIcecast', () => {
  itWith('oggenc')('hears each track of a chain of streams, however the network cuts it', async () => {
    const folder = temporaryFolder()
    const {port, heard} = await listening()
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'SOURCE /traktor HTTP/1.0\r\nAuthorization: Basic c291cmNlOmhhY2ttZQ==\r\nContent-Type: application/ogg\r\n\r\n',
    )
    const answer = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))))
    expect(answer).toMatch(/^HTTP\/1\.0 200 OK\r\n/)
    const bytes = Buffer.concat([
      oggFile(folder, 'a', 'Kessel & Rohr', 'Schichtwechsel'),
      oggFile(folder, 'b', '青木ハル', '夜明けの線路'),
    ])
    for (let at = 0; at < bytes.length; at += 777) {
      socket.write(bytes.subarray(at, at + 777))
      if (at % 7770 === 0) await wait(1)
    }
    socket.end()
    await wait(200)
    expect(heard).toEqual(['connected', 'Kessel & Rohr / Schichtwechsel', '青木ハル / 夜明けの線路', 'gone'])
  })

  itWith('ffmpeg')(
    'hears ffmpeg, which sends Opus with PUT and asks before it goes on',
    {timeout: 30_000},
    async () => {
      const {port, heard} = await listening()
      const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3']
      const tags = ['-metadata', 'artist=Ines Calder', '-metadata', 'title=Paper Lanterns']
      const target = `icecast://source:pw@127.0.0.1:${port}/live`
      const encoder = spawn('ffmpeg', ['-v', 'error', ...tone, ...tags, '-c:a', 'libopus', '-f', 'ogg', target])
      await new Promise((resolve) => encoder.once('exit', resolve))
      await wait(200)
      expect(heard).toContain('Ines Calder / Paper Lanterns')
    },
  )

  it('takes the old way of telling titles, and refuses what is no broadcast', async () => {
    const {port, heard} = await listening()
    await fetch(`http://127.0.0.1:${port}/admin/metadata?mode=updinfo&song=Odell%20-%20Corner%20-%20Store`)
    expect(heard).toEqual(['Odell / Corner - Store'])
    expect((await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', body: 'x'})).status).toBe(405)
  })

  it('hangs up on a head without an end', async () => {
    const {port} = await listening()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write('SOURCE / HTTP/1.0\r\n')
    for (let count = 0; count < 40; count++) socket.write(`X-${count}: ${'y'.repeat(1000)}\r\n`)
    await closed
  })
})

describe('OggComments', () => {
  itWith('oggenc')('keeps nothing of noise, and finds the stream after it', () => {
    const bytes = oggFile(temporaryFolder(), 'a', 'A', 'B')
    const noise = Buffer.from(
      Array.from({length: 100_000}, (_, index) => (index * 69_069 + (index >> 3) * 40_503) >>> 5),
    )
    const found = [noise, Buffer.from('OggS'), noise, bytes].flatMap((piece) => [...new OggComments().push(piece)])
    expect(found).toEqual([{artist: 'A', title: 'B'}])
    const one = new OggComments()
    expect([...one.push(noise), ...one.push(bytes)]).toEqual([{artist: 'A', title: 'B'}])
  })
})

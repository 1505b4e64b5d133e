// Latency of crate live, from a datagram to the bytes out, beside a plain Node UDP echo in the same run.
//
//   npx tsx bench/live/run.ts [SECONDS]        after a build; 600 for the gate, 20 where left out
//
// Four sensors of 200 Hz; each datagram is a bundle of a frame (which goes through frames, gestures and continuous
// controls) and a probe that turns one note on or off, so that each datagram has exactly one message to wait for. A sync
// runs over and over beside it, and a dashboard is open.
import {type ChildProcess, fork, spawn, spawnSync} from 'node:child_process'
import {createSocket} from 'node:dgram'
import {constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {setImmediate as nextTurn, setTimeout as wait} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import WebSocket from 'ws'
import {keepTakes, trainSet} from '../../src/app/gestures/gesture-sets.js'
import {goFirst} from '../../src/host/live/priority.js'
import {chop, flick, rest, type Sample} from '../../test/support/motion.js'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const SECONDS = Number(process.argv[2] ?? 20)
const RATE_HZ = 200
const FIRST_PORT = 27_100
/** Behind by more than this, the bench itself was kept from the processor. */
const LATE_MS = 20
const LIMITS = {p50: 1, p99: 3, jitter: 2}

// Messages

/** OSC 1.0 bundle of `/accxyz fff` and `/probe f`. */
function datagram([x, y, z]: Sample, isOn: boolean): Buffer {
  const bytes = Buffer.alloc(16 + 4 + 28 + 4 + 16)
  bytes.write('#bundle\0', 0, 'latin1')
  bytes.writeUInt32BE(1, 12)
  bytes.writeUInt32BE(28, 16)
  bytes.write('/accxyz\0,fff\0\0\0\0', 20, 'latin1')
  for (const [index, value] of [x, y, z].entries()) bytes.writeFloatBE(value, 36 + 4 * index)
  bytes.writeUInt32BE(16, 48)
  bytes.write('/probe\0\0,f\0\0', 52, 'latin1')
  bytes.writeFloatBE(isOn ? 1 : 0, 64)
  return bytes
}

/** Sent and heard in the same order: the n-th message answers the n-th datagram. */
class Line {
  readonly name: string
  readonly sentMs: number[] = []
  readonly latenciesMs: number[] = []
  constructor(name: string) {
    this.name = name
  }
  sent() {
    this.sentMs.push(performance.now())
  }
  heard() {
    const sentMs = this.sentMs[this.latenciesMs.length]
    if (sentMs !== undefined) this.latenciesMs.push(performance.now() - sentMs)
  }
  row() {
    const sorted = [...this.latenciesMs].sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
    const [p50, p99, p999, most] = [at(0.5), at(0.99), at(0.999), at(1)]
    return {name: this.name, sent: this.sentMs.length, lost: this.sentMs.length - sorted.length, p50, p99, p999, most}
  }
}

/** A hand that dances: strokes with rests between, so that the recognisers work. */
function* hand(seed: number): Generator<Sample> {
  for (let round = seed; ; round++) {
    yield* rest(120, round)
    yield* round % 2 === 0 ? flick(round) : chop(round)
  }
}

// Outputs that listen

function listenFifo(path: string, heard: (bytes: Buffer) => void): void {
  spawnSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  new Socket({fd, readable: true, writable: false}).on('data', heard)
}

/** Calls back with each whole probe message among controllers. */
function midiNotes(heard: () => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    for (; rest.length >= 3; rest = rest.subarray(3)) {
      const kind = (rest[0] ?? 0) >> 4
      if (kind === 0x9 || kind === 0x8) heard()
    }
  }
}

async function main(): Promise<void> {
  // Of a busy machine, this process shall be measured as little as can be. What it starts is ordinary, as on a stage.
  goFirst()
  const home = mkdtempSync(join(tmpdir(), 'crate-bench-live-'))
  const library = join(home, 'library')
  const takes = (make: (seed: number) => Sample[]) =>
    [1, 2, 3, 4].map((seed) =>
      [...rest(30, seed), ...make(seed), ...rest(30, seed)].map(([x, y, z], index) => ({
        atMs: seed * 10_000 + index * 5,
        acceleration: [x * 9.80665, y * 9.80665, z * 9.80665] as const,
        gravity: null,
        rotation: null,
        orientation: null,
      })),
    )
  await keepTakes(library, 'default', {gesture: 'flick', kind: 'strokes', takes: takes(flick)}, 0)
  await keepTakes(library, 'default', {gesture: 'chop', kind: 'strokes', takes: takes(chop)}, 0)
  await trainSet(library, 'default')

  const lines = ['raw', 'osc', 'rtp-midi', 'raw 2'].map((name) => new Line(name))
  const floor = new Line('node echo')
  const [rawLine, oscLine, rtpLine, rawLine2] = lines as [Line, Line, Line, Line]

  listenFifo(
    join(home, 'raw'),
    midiNotes(() => rawLine.heard()),
  )
  listenFifo(
    join(home, 'raw2'),
    midiNotes(() => rawLine2.heard()),
  )
  const oscPort = createSocket({type: 'udp4', recvBufferSize: 1 << 20})
  oscPort.on('message', (bytes) => {
    if (bytes.subarray(0, 6).toString('latin1') === '/probe') oscLine.heard()
  })
  await new Promise<void>((resolve) => oscPort.bind(FIRST_PORT + 50, '127.0.0.1', resolve))
  const {manager, logger} = createRequire(import.meta.url)('rtpmidi') as {
    logger: {silent: boolean}
    manager: {
      createSession(
        config: object,
        dontSave: boolean,
      ): {on(event: string, heard: (ms: number, bytes: Buffer) => void): void}
    }
  }
  logger.silent = true
  const peer = manager.createSession(
    {port: FIRST_PORT + 60, localName: 'bench', bonjourName: 'bench', published: false, ipVersion: 4},
    true,
  )
  // Two values of one controller: nothing else on this line is sent twice or thinned.
  peer.on('message', (_ms, bytes) => {
    if (bytes[1] === 30) rtpLine.heard()
  })

  const output = ['raw', 'osc', 'rtp', 'raw2']
  writeFileSync(
    join(home, 'show.yaml'),
    JSON.stringify({
      version: 1,
      sensors: Object.fromEntries(
        output.map((name, index) => [name, {type: 'osc', target: `127.0.0.1:${FIRST_PORT + index}`}]),
      ),
      outputs: {
        raw: {type: 'raw', target: join(home, 'raw')},
        osc: {type: 'osc', target: `127.0.0.1:${FIRST_PORT + 50}`},
        rtp: {type: 'rtp-midi', target: `127.0.0.1:${FIRST_PORT + 60}`},
        raw2: {type: 'raw', target: join(home, 'raw2')},
      },
      controls: [
        {from: {sensor: 'raw', axis: 'tilt-x'}, to: {cc: {output: 'raw', number: 20}}},
        {from: {sensor: 'osc', axis: 'shake'}, to: {osc: {output: 'osc', address: '/shake'}}},
        {from: {sensor: 'rtp', axis: 'tilt-y'}, to: {cc: {output: 'rtp', number: 21, bits: 14}}},
        {from: {sensor: 'raw2', axis: 'tilt-x'}, to: {bend: {output: 'raw2'}}},
      ],
      rules: [],
    }),
  )
  // Controls have one name for all sensors: each probe gets its own by its mapping's sensor.
  const mapping = JSON.parse(readFileSync(join(home, 'show.yaml'), 'utf8')) as {rules: object[]}
  for (const [index, name] of output.entries()) {
    const control = `/probe${index}`
    const say = {osc: {output: 'osc', address: '/probe', args: []}}
    if (name === 'osc') for (const is of ['pressed', 'released']) mapping.rules.push({when: {control, is}, do: say})
    else if (name === 'rtp')
      for (const is of ['pressed', 'released'])
        mapping.rules.push({when: {control, is}, do: {cc: {output: name, number: 30, value: is === 'pressed' ? 1 : 0}}})
    else mapping.rules.push({when: {control}, do: {note: {output: name, number: 60}}})
  }
  writeFileSync(join(home, 'show.yaml'), JSON.stringify(mapping))

  const env = {...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, CRATE_LIBRARY: library}
  const crate = (args: string[], stdio: 'ignore' | 'pipe' = 'ignore') =>
    spawn(process.execPath, [join(ROOT, 'bin', 'run.js'), ...args], {env, stdio: ['pipe', stdio, 'pipe']})
  const live = crate(['live', '--mapping', join(home, 'show.yaml'), '--dashboard', '--dashboard-port', '0', '--json'])
  let said = ''
  live.stderr?.on('data', (text) => {
    said += text
  })
  while (!/http:\S+/.test(said)) {
    if (live.exitCode !== null) throw new Error(said)
    await wait(50)
  }
  const page = new WebSocket(`${/http:(\S+)/.exec(said)?.[1]?.replace(/^/, 'ws:')}live`)
  let pictures = 0
  page.on('message', () => pictures++)
  const echo = fork(join(ROOT, 'bench', 'live', 'echo.mjs'))
  const echoPort = await new Promise<number>((resolve) => echo.once('message', (port) => resolve(Number(port))))

  // The network MIDI peer drops what comes before its clock is set.
  await wait(5000)
  let isOver = false
  let syncs = 0
  let syncing: ChildProcess | null = null
  const syncLoop = (async () => {
    while (!isOver) {
      syncing = crate([
        'sync',
        join(ROOT, 'fixtures', 'music'),
        '--library',
        join(home, `sync-${syncs}`),
        '--quiet',
        '--jobs',
        '1',
      ])
      await new Promise((resolve) => syncing?.once('exit', resolve))
      if (!isOver) syncs++
    }
  })()
  const stagePid = Number(
    spawnSync('pgrep', ['-P', String(live.pid), '-f', 'stage-process'], {encoding: 'utf8'}).stdout,
  )
  const memory = () =>
    existsSync(`/proc/${stagePid}/status`)
      ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stagePid}/status`, 'utf8'))?.[1]) / 1024
      : Number.NaN

  /** User and system time in ms; proc(5): fields 14 and 15, in hundredths of a second. */
  const processorMs = () => {
    const fields = existsSync(`/proc/${stagePid}/stat`)
      ? readFileSync(`/proc/${stagePid}/stat`, 'utf8').split(') ')[1]?.split(' ')
      : undefined
    return 10 * (Number(fields?.[11]) + Number(fields?.[12]))
  }

  // The hands
  const socket = createSocket({type: 'udp4', recvBufferSize: 1 << 20})
  socket.on('message', () => floor.heard())
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const hands = output.map((_, index) => hand(index))
  const total = SECONDS * RATE_HZ
  const processorBeforeMs = processorMs()
  let startMs = performance.now()
  let lateMs = 0
  const memories: number[] = []
  for (let tick = 0; tick < total * 5; tick++) {
    const dueMs = startMs + (tick * 1000) / RATE_HZ / 5
    const waitMs = dueMs - performance.now()
    // A hand does not catch up: what a busy machine held back is sent later, and what has come is heard first.
    if (waitMs < -LATE_MS) {
      startMs -= waitMs
      lateMs -= waitMs
    }
    await (waitMs > 0 ? wait(Math.ceil(waitMs)) : nextTurn())
    const index = tick % 5
    const isOn = Math.floor(tick / 5) % 2 === 0
    const sample = hands[index % 4]?.next().value ?? [0, 0, 1]
    const bytes = datagram(sample, isOn)
    if (index === 4) {
      floor.sent()
      socket.send(bytes, echoPort, '127.0.0.1')
    } else {
      bytes.write(`/probe${index}`, 52, 'latin1')
      lines[index]?.sent()
      socket.send(bytes, FIRST_PORT + index, '127.0.0.1')
    }
    if (tick % (RATE_HZ * 5 * Math.max(1, Math.floor(SECONDS / 10))) === 0) memories.push(memory())
  }
  await wait(500)
  isOver = true
  ;(syncing as ChildProcess | null)?.kill('SIGKILL')
  await syncLoop
  memories.push(memory())

  const policy = spawnSync('chrt', ['--pid', String(stagePid)], {encoding: 'utf8'}).stdout ?? ''
  const rows = [...lines, floor].map((line) => line.row())
  const number = (value: number) => value.toFixed(2).padStart(8)
  console.log(
    `four sensors at ${RATE_HZ} Hz for ${SECONDS} s; ${syncs} whole syncs beside it, ${pictures} pictures to a dashboard\n`,
  )
  console.log('out            sent    lost   p50 ms   p99 ms  jitter    99.9 %      max')
  for (const {name, sent, lost, p50, p99, p999, most} of rows)
    console.log(
      `${name.padEnd(10)} ${String(sent).padStart(8)} ${String(lost).padStart(7)} ${[p50, p99, p99 - p50, p999, most].map(number).join(' ')}`,
    )
  const ours = rows.slice(0, 4)
  const base = rows.at(-1)
  const worst = {
    p50: Math.max(...ours.map(({p50}) => p50)),
    p99: Math.max(...ours.map(({p99}) => p99)),
    jitter: Math.max(...ours.map(({p50, p99}) => p99 - p50)),
  }
  if (base)
    console.log(
      `\nratio to the echo: p50 ${(worst.p50 / base.p50).toFixed(2)}, p99 ${(worst.p99 / base.p99).toFixed(2)}`,
    )
  const eachMs = (processorMs() - processorBeforeMs) / (total * 4)
  console.log(
    `processor time of the stage: ${eachMs.toFixed(3)} ms a datagram, ${((eachMs * RATE_HZ * 4) / 10).toFixed(0)} % of a core`,
  )
  console.log(`the bench itself was kept waiting for ${(lateMs / 1000).toFixed(1)} s in all`)
  console.log(`the stage was scheduled as ${/policy: (\S+)/.exec(policy)?.[1] ?? 'the system does'}`)
  console.log(`memory of the stage, MB: ${memories.map((value) => value.toFixed(0)).join(' ')}`)
  const isGood =
    worst.p50 < LIMITS.p50 &&
    worst.p99 < LIMITS.p99 &&
    worst.jitter < LIMITS.jitter &&
    ours.every(({lost}) => lost === 0)
  console.log(
    isGood
      ? 'within p50 < 1 ms, p99 < 3 ms, jitter < 2 ms, none lost'
      : 'NOT within p50 < 1 ms, p99 < 3 ms, jitter < 2 ms, none lost',
  )

  page.terminate()
  echo.disconnect()
  live.kill('SIGINT')
  await new Promise((resolve) => live.once('exit', resolve))
  rmSync(home, {recursive: true, force: true})
  process.exit(isGood ? 0 : 1)
}

await main()

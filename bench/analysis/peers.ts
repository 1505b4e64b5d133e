// The peers that are programs: what each prints, brought to the fields that the scorer reads.
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {keyFromIndex, type MusicalKey} from '../../src/core/key.js'

const here = dirname(fileURLToPath(import.meta.url))

export interface PeerTrack {
  readonly path: string
  readonly tempoBpm: number | null
  readonly beatsMs: readonly number[]
  readonly key: MusicalKey | null
}

export interface PeerRun {
  readonly tracks: readonly PeerTrack[]
  /** User and system time of the whole program, start and decoding included. */
  readonly cpuSeconds: number
  readonly peakMegabytes: number | null
}

export interface Peer {
  readonly name: string
  /** Why it cannot run here; null where it can. */
  missing(): string | null
  run(wavs: readonly string[], work: string): PeerRun
}

const isInstalled = (program: string): boolean => spawnSync('which', [program]).status === 0

/** Runs a shell command with its arguments and tells its output and its processor time. */
function timed(command: string, args: readonly string[]): {readonly stdout: string; readonly cpuSeconds: number} {
  const script = `TIMEFORMAT='cpu %U %S'; time { ${command}; }`
  const {stdout, stderr} = spawnSync('bash', ['-c', script, '_', ...args], {encoding: 'utf8', maxBuffer: 1 << 28})
  const times = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr)
  return {stdout, cpuSeconds: Number(times?.[1] ?? 0) + Number(times?.[2] ?? 0)}
}

function perFile(wavs: readonly string[], command: string, read: (text: string, path: string) => PeerTrack): PeerRun {
  let cpuSeconds = 0
  const tracks = wavs.map((wav) => {
    const result = timed(command, [wav])
    cpuSeconds += result.cpuSeconds
    return read(result.stdout, wav)
  })
  return {tracks, cpuSeconds, peakMegabytes: null}
}

const numbers = (text: string): number[] => text.split(/\s+/).map(Number.parseFloat).filter(Number.isFinite)

function medianTempo(beats: readonly number[]): number | null {
  const periods = beats.slice(1).map((beat, i) => beat - (beats[i] ?? 0))
  const median = periods.sort((a, b) => a - b)[periods.length >> 1]
  return median === undefined ? null : 60 / median
}

const aubiotrack: Peer = {
  name: 'aubiotrack',
  missing: () => (isInstalled('aubiotrack') ? null : 'apt install aubio-tools'),
  run: (wavs) =>
    perFile(wavs, 'aubiotrack -i "$1" 2>/dev/null', (text, path) => {
      const beats = numbers(text)
      return {path, tempoBpm: medianTempo(beats), beatsMs: beats.map((beat) => 1000 * beat), key: null}
    }),
}

const bpmTools: Peer = {
  name: 'bpm-tools',
  missing: () => (isInstalled('bpm') && isInstalled('sox') ? null : 'apt install bpm-tools sox'),
  run: (wavs) =>
    perFile(wavs, 'sox "$1" -t raw -r 44100 -e float -b 32 -c 1 - 2>/dev/null | bpm -m 80 -x 190', (text, path) => ({
      path,
      tempoBpm: numbers(text)[0] ?? null,
      beatsMs: [],
      key: null,
    })),
}

const queenMary: Peer = {
  name: 'Queen Mary',
  missing: () => (isInstalled('g++') && existsSync('/usr/include/qm-dsp') ? null : 'apt install g++ libqm-dsp-dev'),
  run: (wavs, work) => {
    const program = join(work, 'queen-mary')
    mkdirSync(work, {recursive: true})
    const built = spawnSync('g++', [
      '-O2',
      '-I/usr/include/qm-dsp',
      join(here, 'queen-mary.cpp'),
      '-o',
      program,
      '-lqm-dsp',
    ])
    if (built.status !== 0) throw new Error(`queen-mary.cpp does not compile: ${built.stderr.toString()}`)
    return perFile(wavs, `${program} "$1"`, (text, path) => {
      const field = (name: string): number[] =>
        [...text.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map((match) => Number(match[1]))
      const [key] = field('key')
      return {
        path,
        tempoBpm: field('bpm')[0] ?? null,
        beatsMs: field('beat').map((beat) => 1000 * beat),
        key: key === undefined ? null : keyFromIndex(key),
      }
    })
  },
}

function scripted(name: string, missing: () => string | null, command: (list: string) => readonly string[]): Peer {
  return {
    name,
    missing,
    run: (wavs, work) => {
      const list = join(work, 'wavs.json')
      writeFileSync(list, JSON.stringify(wavs))
      const [program = 'node', ...args] = command(list)
      const {stdout, stderr, status} = spawnSync(program, args, {encoding: 'utf8', maxBuffer: 1 << 28})
      if (status !== 0) throw new Error(`${name} failed: ${stderr.slice(-500)}`)
      return JSON.parse(stdout.slice(stdout.indexOf('{"tracks"'))) as PeerRun
    },
  }
}

function fromNpm(name: string): Peer {
  const isThere = (): boolean => existsSync(join(here, 'node_modules', name))
  return scripted(
    name,
    () => (isThere() ? null : 'npm install --prefix bench/analysis'),
    (list) => ['node', join(here, 'js-peers.mjs'), name, list],
  )
}

export const CRATE = scripted(
  'crate',
  () => null,
  (list) => ['node', '--import', 'tsx', join(here, 'ours.ts'), list],
)

export const PEERS: readonly Peer[] = [queenMary, aubiotrack, bpmTools, fromNpm('essentia.js'), fromNpm('aubiojs')]

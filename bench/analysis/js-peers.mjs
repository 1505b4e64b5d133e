// essentia.js and aubiojs over a list of WAV files; they are installed here alone (npm install --prefix bench/analysis).
import {readFileSync} from 'node:fs'

const [peer, listPath] = process.argv.slice(2)
const paths = JSON.parse(readFileSync(listPath, 'utf8'))

function monoOf(path) {
  const bytes = readFileSync(path)
  const at = bytes.indexOf('data') + 8
  const samples = new Int16Array(
    bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + bytes.length - ((bytes.length - at) % 4)),
  )
  return Float32Array.from({length: samples.length / 2}, (_, i) => (samples[2 * i] + samples[2 * i + 1]) / 65_536)
}

async function essentia() {
  const module = await import('essentia.js')
  const {EssentiaWASM, Essentia} = module.default ?? module
  const engine = new Essentia(EssentiaWASM)
  return (mono) => {
    const signal = engine.arrayToVector(mono)
    const rhythm = engine.RhythmExtractor2013(signal, 208, 'degara', 40)
    const key = engine.KeyExtractor(
      signal,
      true,
      4096,
      4096,
      12,
      3500,
      60,
      25,
      0.2,
      'edma',
      44_100,
      0.0001,
      440,
      'cosine',
      'hann',
    )
    const ticks = [...engine.vectorToArray(rhythm.ticks)]
    signal.delete()
    return {tempoBpm: rhythm.bpm, beatsMs: ticks.map((tick) => 1000 * tick), key: {tonic: key.key, mode: key.scale}}
  }
}

async function aubio() {
  const module = await import('aubiojs')
  const {Tempo} = await (module.default ?? module)()
  return (mono) => {
    const tempo = new Tempo(1024, 512, 44_100)
    const beatsMs = []
    for (let at = 0; at + 512 <= mono.length; at += 512)
      if (tempo.do(mono.subarray(at, at + 512))) beatsMs.push(((at + 512) / 44_100) * 1000)
    return {tempoBpm: tempo.getBpm(), beatsMs, key: null}
  }
}

const analyse = await (peer === 'essentia.js' ? essentia() : aubio())
const tracks = paths.map((path) => ({path, ...analyse(monoOf(path))}))
const cpu = process.cpuUsage()
process.stdout.write(
  JSON.stringify({
    tracks,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)

// Machines without a sound system: decoding works by a stand-in for the library that the decoder is bound to.
import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import truth from '../../../fixtures/music/truth.json' with {type: 'json'}
import {withDecodedAudio} from '../../../src/adapters/audio/decode.js'
import {buildSharedObject} from '../../../src/adapters/audio/shared-object.js'
import {loadSoundStandIn} from '../../../src/adapters/audio/web-audio.js'
import {FIXTURE_MUSIC, temporaryFolder} from '../../support/crate.js'
import {itWith} from '../../support/tools.js'

const isLinux = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')

describe.runIf(isLinux)('the stand-in for the sound library', () => {
  it('lets coded music be decoded where the real one is not installed', async () => {
    // Loaded first, it is the one that the decoder's binary gets, as it is where there is no other.
    loadSoundStandIn()
    const coded = truth.filter(({file}) => /\.(?:mp3|flac|ogg|m4a)$/.test(file))
    expect(coded).toHaveLength(6)
    for (const {file, durationSeconds} of coded) {
      const seconds = await withDecodedAudio(join(FIXTURE_MUSIC, file), async ({sampleRateHz, blocks}) => {
        let frames = 0
        for await (const [left] of blocks) frames += left?.length ?? 0
        return frames / sampleRateHz
      })
      expect(seconds, file).toBeCloseTo(durationSeconds, 1)
    }
    const mapped = readFileSync('/proc/self/maps', 'utf8')
      .split('\n')
      .filter((line) => line.includes('libasound'))
    expect(mapped.length).toBeGreaterThan(0)
    expect(mapped.filter((line) => !line.includes('.crate-sound-'))).toEqual([])
  })

  itWith('python3')('is a library to the system’s own loader, and says that there is no device', () => {
    const path = join(temporaryFolder(), 'libstand.so')
    const functions = ['snd_first', 'snd_second']
    const {arch} = process
    writeFileSync(path, buildSharedObject({name: 'libstand.so', functions, versions: ['STAND_1', 'STAND_1.2'], arch}))
    const script = `import ctypes, sys\nlib = ctypes.CDLL(sys.argv[1])\nprint(${functions.map((name) => `lib.${name}()`).join(', ')})`
    const printed = execFileSync('python3', ['-c', script, path], {encoding: 'utf8'})
    // ENODEV is 19 in Linux's errno.h.
    expect(printed.trim()).toBe('-19 -19')
  })

  it('is refused for a processor that it has no code for', () => {
    expect(() => buildSharedObject({name: 'x', functions: [], versions: [], arch: 'mips'})).toThrow(
      expect.objectContaining({code: 'FORMAT_UNSUPPORTED'}),
    )
  })
})

// Loads node-web-audio-api, also on machines without a sound system, for decoding needs none.
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {homedir, constants as osConstants, tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {buildSharedObject} from './shared-object.js'

export type WebAudio = typeof import('node-web-audio-api')

/** ALSA's library. The binary of node-web-audio-api is bound to it for playing, which crate never asks of it. */
const SOUND_LIBRARY = 'libasound.so.2'
/** `RTLD_NODELETE` of Linux: the library stays loaded, whoever closes it. Node names it not. */
const KEEP_LOADED = 0x1000

// Not by `import`, which would remember a failure and never try again.
const require = createRequire(import.meta.url)

/**
 * Where the sound library is not installed, a stand-in of the same name is loaded first, whose functions say that there
 * is no device.
 *
 * @throws TOOL_FAILED
 */
export function loadWebAudio(): WebAudio {
  try {
    return requireWebAudio()
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes(SOUND_LIBRARY)) throw unloadable(error)
  }
  try {
    loadSoundStandIn()
    return requireWebAudio()
  } catch (error) {
    throw unloadable(error)
  }
}

function requireWebAudio(): WebAudio {
  return require('node-web-audio-api') as WebAudio
}

/** @throws what the dynamic linker says, or FORMAT_UNSUPPORTED for a processor that no stand-in can be built for */
export function loadSoundStandIn(): void {
  const bytes = buildSharedObject({name: SOUND_LIBRARY, ...wantedOfSound(), arch: process.arch})
  let failure: unknown
  // A folder for temporary files may forbid what can be run; one's own seldom does.
  for (const parent of [tmpdir(), homedir()])
    try {
      const folder = mkdtempSync(join(parent, '.crate-sound-'))
      try {
        const path = join(folder, SOUND_LIBRARY)
        writeFileSync(path, bytes)
        process.dlopen({exports: {}}, path, osConstants.dlopen.RTLD_NOW | KEEP_LOADED)
        return
      } finally {
        rmSync(folder, {recursive: true, force: true})
      }
    } catch (error) {
      failure = error
    }
  throw failure
}

/** The functions and versions that the binary asks of the sound library, from its table of names. */
function wantedOfSound(): {functions: string[]; versions: string[]} {
  const folder = dirname(require.resolve('node-web-audio-api'))
  const suffix = `.linux-${process.arch}-gnu.node`
  const binary = readdirSync(folder).find((name) => name.endsWith(suffix))
  if (binary === undefined)
    throw new CrateError('FORMAT_UNSUPPORTED', `node-web-audio-api brings no binary for ${process.arch}`)
  const text = readFileSync(join(folder, binary)).toString('latin1')
  const names = (pattern: RegExp) => [...new Set(Array.from(text.matchAll(pattern), ([name]) => name))]
  return {functions: names(/(?<=\0)snd_[a-z0-9_]+(?=\0)/g), versions: names(/(?<=\0)ALSA_[A-Za-z0-9_.]+(?=\0)/g)}
}

function unloadable(cause: unknown): CrateError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return new CrateError('TOOL_FAILED', `the audio decoder cannot be loaded: ${reason}`, {
    hints: reason.includes(SOUND_LIBRARY)
      ? ['Install the sound library: sudo apt-get install libasound2']
      : ['Install crate again with this Node.js', 'Or install ffmpeg, which crate then uses'],
    cause,
  })
}

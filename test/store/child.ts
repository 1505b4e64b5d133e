// What the tests of the store run in a second process: the library used by somebody else, and killed.
// Arguments: what to do, the library's folder. Prints `ready` when it has begun.

import {createRequire} from 'node:module'
import {openLibrary} from '../../src/store/library.js'
import {acquireSyncLock} from '../../src/store/lock.js'
import {audioFile, findings, tags} from './values.js'

const [, , job = '', folder = ''] = process.argv
const ready = () => process.stdout.write('ready\n')

if (job === 'hold-lock') {
  const lock = acquireSyncLock(folder)
  ready()
  // Held on to: the lock of a handle that nobody knows any more goes with the handle, whenever memory is cleared up.
  setInterval(() => lock, 1000)
} else if (job === 'open') {
  // All start together: whoever comes first makes the tables.
  ready()
  const library = openLibrary(folder)
  library.tracks.add({file: audioFile(`/by/${process.pid}`), audioHash: null})
  library.close()
} else if (job === 'write') {
  const library = openLibrary(folder)
  ready()
  for (let round = 0; ; round++) {
    const hash = `${process.pid}-${round}`
    library.transaction(() => {
      const id = library.tracks.add({file: audioFile(`/m/${hash}`), audioHash: hash, tags: tags({title: hash})})
      const embedding = Float32Array.from({length: 8}, (_, at) => Math.sin(round * 7 + at))
      library.analyses.put(hash, findings({embedding}, {tempoBpm: 100 + (round % 50), beatGrid: []}))
      library.playlists.create({name: hash, kind: 'list', tracks: [id, id]})
    })
    if (round % 20 === 19) await library.vectors.refresh()
  }
} else if (job === 'similar') {
  const library = openLibrary(folder)
  const [id] = library.tracks.ids()
  if (id === undefined) throw new Error('no tracks')
  const {tracks} = await library.vectors.similar(id)
  const loaded = Object.keys(createRequire(import.meta.url).cache)
  const isHeavy = loaded.some((path) => /lancedb|apache-arrow/.test(path))
  const hasSqlite = loaded.some((path) => path.includes('better-sqlite3'))
  process.stdout.write(`${JSON.stringify({found: tracks.length, isHeavy, hasSqlite})}\n`)
} else throw new Error(`no job “${job}”`)

// The main job on the music that ships with crate: a library and three exports in out/, for a newcomer to open.
import {spawnSync} from 'node:child_process'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const crate = (...args) => {
  console.log(`\n$ crate ${args.join(' ')}`)
  const {status} = spawnSync(process.execPath, [join(root, 'bin', 'run.js'), ...args], {cwd: root, stdio: 'inherit'})
  if (status !== 0) process.exit(status ?? 1)
}

const library = ['--library', 'out/library']
crate(
  'sync',
  'fixtures/music',
  ...library,
  '--export',
  'rekordbox=out/rekordbox.xml',
  '--export',
  'serato=out/serato',
  '--export',
  'traktor=out/collection.nml',
)
crate('library', 'list', ...library)
crate('doctor', ...library)
console.log(`
Open what was made:
  out/rekordbox.xml    Rekordbox: Preferences › Advanced › rekordbox xml, then drag from the tree
  out/serato           Serato: copy _Serato_ beside your music's drive root, or export straight to it
  out/collection.nml   Traktor: right-click Track Collection › Import another Collection
  out/library          the library itself: crate library list --library out/library`)

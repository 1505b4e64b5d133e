// The one test command: builds, checks style and types, runs every test, and ends with a line that counts them.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'
const bin = (name) => join(root, 'node_modules', '.bin', isWindows ? `${name}.cmd` : name)
const results = join(mkdtempSync(join(tmpdir(), 'crate-test-')), 'results.json')

async function run(command, args) {
  const [status] = await once(spawn(command, args, {cwd: root, stdio: 'inherit', shell: isWindows}), 'close')
  return status === 0
}

const manifestPath = join(root, 'oclif.manifest.json')
const committedManifest = readFileSync(manifestPath, 'utf8')

// Side by side: none of them reads what another makes.
const [build, lint, types] = await Promise.all([
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]),
  run(bin('biome'), ['check', '.']),
  run(bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']),
])
// A stale manifest hides commands from those who install the package; the build has just made it anew.
const manifest = readFileSync(manifestPath, 'utf8') === committedManifest
const checks = {build, manifest, lint, types}
const failedChecks = Object.keys(checks).filter((name) => !checks[name])
const areTestsGreen = await run(bin('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
  ...process.argv.slice(2),
])

/** Debian's package of each program that the fuller tests ask; `.ci/run` installs them. */
const PACKAGES = {
  ffmpeg: 'ffmpeg',
  'yt-dlp': 'yt-dlp',
  xmllint: 'libxml2-utils',
  python3: 'python3 python3-mutagen',
  'kid3-cli': 'kid3-cli',
  sqlite3: 'sqlite3',
  socat: 'socat',
  oscsend: 'liblo-tools',
  lame: 'lame',
  flac: 'flac',
  oggenc: 'vorbis-tools',
  chromium: 'chromium',
  mixxx: 'mixxx xvfb xdotool',
  zsh: 'zsh',
  man: 'man-db',
}
/** Dependencies that these plugins have for themselves. */
const PLUGINS = ['gcs', 'prolink', 'stagelinq', 'essentia']

/** What is not on this machine, a line each with how to get it. */
function missingLines() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const isThere = (program) => folders.some((folder) => existsSync(join(folder, program)))
  const programs = Object.keys(PACKAGES).filter((program) => !isThere(program))
  const plugins = PLUGINS.filter((name) => !existsSync(join(root, 'plugins', name, 'node_modules')))
  const install = programs.map((program) => PACKAGES[program]).join(' ')
  return [
    ...(programs.length === 0 ? [] : [`not here: ${programs.join(', ')} → sudo apt-get install ${install}`]),
    ...plugins.map((name) => `not here: what the plugin ${name} needs → npm ci --prefix plugins/${name}`),
  ]
}

const counts = existsSync(results)
  ? JSON.parse(readFileSync(results, 'utf8'))
  : {numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numFailedTestSuites: 0}
rmSync(dirname(results), {recursive: true, force: true})

const passed = counts.numPassedTests + Object.keys(checks).length - failedChecks.length
// A suite that cannot even be loaded counts no test of its own, and must not look green.
const failed = Math.max(counts.numFailedTests, areTestsGreen ? 0 : 1) + failedChecks.length
for (const name of failedChecks) console.error(`failed: ${name}`)
if (counts.numPendingTests > 0) for (const line of missingLines()) console.log(line)
const skipped = counts.numPendingTests > 0 ? `, ${counts.numPendingTests} skipped` : ''
console.log(`${passed} passed, ${failed} failed${skipped}`)
process.exitCode = failed === 0 ? 0 : 1

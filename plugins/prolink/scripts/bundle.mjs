// Puts prolink-connect into the worker, so that nothing needs compiling on the person's machine, with the licences of
// everything that went in.
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const {metafile} = await build({
  absWorkingDir: root,
  entryPoints: ['dist/worker.js'],
  outfile: 'dist/worker.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  metafile: true,
  logLevel: 'warning',
})
rmSync(join(root, 'dist', 'worker.js'))

const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []),
)
const notices = [...packages].sort().map((name) => {
  const folder = join(root, 'node_modules', name)
  const {version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : ''
  return `${name} ${version} (${typeof license === 'string' ? license : 'see below'})\n\n${text.trim()}\n`
})
writeFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`))

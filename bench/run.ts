// Runs benches by name, or says which there are: npm run bench [-- NAME [ARGUMENTS]]
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const scriptOf = (name: string) => [join(folder, name, 'run.ts'), join(folder, `${name}.ts`)].find(existsSync)
const benches = [
  ...readdirSync(folder, {withFileTypes: true})
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'run.ts')))
    .map(({name}) => name),
  'sync/large',
].sort()

/** The first sentence of a bench's opening comment. */
function purposeOf(name: string): string {
  const [comment = ''] = /^(?:\/\/.*\n)+/.exec(readFileSync(scriptOf(name) ?? '', 'utf8')) ?? []
  const text = comment.replaceAll(/^\/\/ ?/gm, '').replaceAll('\n', ' ')
  return text.split(/(?<=\.) /)[0] ?? ''
}

const [name, ...rest] = process.argv.slice(2)
const script = name === undefined ? undefined : scriptOf(name)
if (script === undefined) {
  if (name !== undefined) console.error(`there is no bench "${name}"\n`)
  console.log('npm run bench -- NAME [ARGUMENTS], after npm run build\n')
  for (const bench of benches) console.log(`${bench.padEnd(12)}${purposeOf(bench)}`)
  process.exitCode = name === undefined ? 0 : 2
} else {
  const {status} = spawnSync(process.execPath, ['--import', 'tsx', script, ...rest], {stdio: 'inherit'})
  process.exitCode = status ?? 1
}

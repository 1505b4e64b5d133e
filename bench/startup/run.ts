// What installed plugins cost at start: crate with twenty of them, beside crate with none and a bare node.
//
//   npm run build && npm run bench -- startup [PLUGINS] [RUNS]
//
// Runs alternate, so that other work on the machine falls on both sides. A plugin of the bench writes a file when it is
// imported: a command that does not need it must leave no such file.
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {measureProgram} from '../support/measure.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const pluginCount = Number(process.argv[2] ?? 20)
const runs = Number(process.argv[3] ?? 25)
const work = mkdtempSync(join(tmpdir(), 'crate-bench-'))
const trace = join(work, 'imported')

/** A home whose crate has so many plugins linked, each with an exporter of its own. */
function homeWithPlugins(name: string, count: number): string {
  const home = join(work, name)
  const dataFolder = join(home, 'data', 'crate')
  mkdirSync(dataFolder, {recursive: true})
  const plugins = Array.from({length: count}, (_, index) => {
    const plugin = `crate-plugin-bench-${index}`
    const folder = join(home, 'plugins', plugin)
    mkdirSync(folder, {recursive: true})
    const pjson = {
      name: plugin,
      version: '1.0.0',
      type: 'module',
      oclif: {},
      crate: {apiVersion: 1, entry: './index.js'},
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(pjson))
    writeFileSync(
      join(folder, 'index.js'),
      `import {appendFileSync} from 'node:fs'
appendFileSync(${JSON.stringify(trace)}, '${plugin}\\n')
export default {exporters: [{id: 'bench-${index}', name: 'Bench', summary: 'A text.', target: 'file', fileName: 'a.txt', loses: [],
  load: async () => ({async *export() { yield {kind: 'file', path: '', chunks: ['a']} }})}]}
`,
    )
    return {name: plugin, type: 'link', root: folder}
  })
  writeFileSync(join(dataFolder, 'package.json'), JSON.stringify({oclif: {schema: 1, plugins}}))
  return home
}

interface Times {
  readonly wallMs: number[]
  readonly cpuMs: number[]
}

async function run(times: Times, args: readonly string[], home: string): Promise<void> {
  const measured = await measureProgram(process.execPath, args, {
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
  })
  if (measured.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${measured.status}`)
  times.wallMs.push(measured.elapsedMs)
  times.cpuMs.push(measured.cpuMs ?? Number.NaN)
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

try {
  const crate = join(root, 'bin', 'run.js')
  const homes = {none: homeWithPlugins('none', 0), many: homeWithPlugins('many', pluginCount)}
  console.log(`median of ${runs} runs each, ms; ${pluginCount} plugins\n`)
  console.log(
    `${'command'.padEnd(22)}${'node'.padStart(8)}${'none'.padStart(8)}${'many'.padStart(8)}   a plugin   × none`,
  )
  for (const command of [['--version'], ['library', 'list', '--json'], ['export', '--help']]) {
    const bare: Times = {wallMs: [], cpuMs: []}
    const none: Times = {wallMs: [], cpuMs: []}
    const many: Times = {wallMs: [], cpuMs: []}
    // The first start of each warms what the system keeps of the files.
    for (let n = 0; n <= runs; n++) {
      const sides = n === 0 ? [0, 1, 2].map(() => ({wallMs: [], cpuMs: []})) : [bare, none, many]
      await run(sides[0] ?? bare, ['-e', ''], homes.none)
      await run(sides[1] ?? none, [crate, ...command], homes.none)
      await run(sides[2] ?? many, [crate, ...command], homes.many)
    }
    for (const kind of ['wallMs', 'cpuMs'] as const) {
      const [b, n, m] = [median(bare[kind]), median(none[kind]), median(many[kind])]
      const label = kind === 'wallMs' ? `crate ${command.join(' ')}` : '  processor'
      const cells = [b, n, m].map((value) => value.toFixed(0).padStart(8)).join('')
      console.log(
        `${label.padEnd(22)}${cells}${((m - n) / pluginCount).toFixed(2).padStart(11)}${(m / n).toFixed(2).padStart(9)}`,
      )
    }
  }
  console.log(`\nplugins imported by these commands: ${existsSync(trace) ? 'some, which is a fault' : 'none'}`)
  if (existsSync(trace)) process.exitCode = 1
} finally {
  rmSync(work, {recursive: true, force: true})
}

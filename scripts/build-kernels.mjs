// Compiles kernels/dsp.ts to WebAssembly and writes it as a module, so that users and tests need no compiler.
import {writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import asc from 'assemblyscript/asc'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const options = ['--optimize', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--use', 'abort=']
const written = new Map()
const {error, stderr} = await asc.main(['kernels/dsp.ts', '--outFile', 'dsp.wasm', '--baseDir', root, ...options], {
  writeFile: (name, contents) => written.set(name, contents),
})
const code = written.get('dsp.wasm')
if (error !== null || code === undefined) {
  process.stderr.write(`${stderr.toString()}${error?.message ?? 'nothing was compiled'}\n`)
  process.exit(1)
}
const lines = Buffer.from(code)
  .toString('base64')
  .match(/.{1,110}/g)
const text = `// Made by \`npm run kernels\` from kernels/dsp.ts: WebAssembly in base64.
export const KERNEL_CODE = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('')
`
const target = process.argv[2] ?? join(root, 'src', 'analysis', 'kernel-code.ts')
writeFileSync(target, text)

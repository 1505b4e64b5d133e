// Every command line in the manual runs: each page in a fresh home with the music that ships with crate.
import {spawnSync} from 'node:child_process'
import {copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {describe, expect, it} from 'vitest'
import {FIXTURE_MUSIC, ROOT, temporaryFolder} from '../support/crate.js'

function* pages(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* pages(path)
    else if (entry.name.endsWith('.md')) yield path
  }
}

/** The ```sh blocks, each run as one script; a block with `skip=REASON` needs what a test machine has not. */
function scriptsOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^```sh *\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
}

/** npm without a network: what a plugin project would be given is here already, and its `prepare` runs as ever. */
const NPM = `#!/bin/sh
if [ "$1" = install ] && [ -f package.json ]; then
  mkdir -p node_modules/@types
  for name in typescript @biomejs .bin @types/node; do ln -sfn "${join(ROOT, 'node_modules')}/$name" node_modules/$name; done
  exec "$REAL_NPM" run --silent prepare
fi
exec "$REAL_NPM" "$@"
`

const withCommands = [...pages(join(ROOT, 'docs'))]
  .map((page) => [relative(ROOT, page), scriptsOf(page)] as const)
  .filter(([, scripts]) => scripts.length > 0)

const realNpm = spawnSync('sh', ['-c', 'command -v npm'], {encoding: 'utf8'}).stdout.trim()

describe('the manual', () => {
  it('has pages with commands', () => {
    expect(withCommands.length).toBeGreaterThan(4)
  })

  it.each(withCommands)(
    '%s runs as it stands',
    (_page, scripts) => {
      const home = temporaryFolder()
      const bin = join(home, 'bin')
      mkdirSync(bin)
      mkdirSync(join(home, 'Music'))
      for (const name of readdirSync(FIXTURE_MUSIC))
        if (!name.endsWith('.json')) copyFileSync(join(FIXTURE_MUSIC, name), join(home, 'Music', name))
      writeFileSync(
        join(bin, 'crate'),
        `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'bin', 'run.js')}" "$@"\n`,
        {mode: 0o755},
      )
      writeFileSync(join(bin, 'npm'), NPM, {mode: 0o755})
      for (const script of scripts) {
        const {status, stdout, stderr} = spawnSync('sh', ['-exc', script], {
          cwd: home,
          encoding: 'utf8',
          env: {
            PATH: `${bin}:${process.env['PATH']}`,
            HOME: home,
            XDG_CONFIG_HOME: join(home, '.config'),
            XDG_DATA_HOME: join(home, '.data'),
            XDG_CACHE_HOME: join(home, '.cache'),
            REAL_NPM: realNpm,
            NO_COLOR: '1',
          },
        })
        expect(status, `${script}\n${stdout}\n${stderr}`).toBe(0)
      }
    },
    300_000,
  )
})

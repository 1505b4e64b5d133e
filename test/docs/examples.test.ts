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

/** Lines of ```sh blocks; a block with `skip=REASON` needs what a test machine has not. */
function commandsOf(page: string): string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh *\n([\s\S]*?)^```/gm)]
  return blocks
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

const withCommands = [...pages(join(ROOT, 'docs'))]
  .map((page) => [relative(ROOT, page), commandsOf(page)] as const)
  .filter(([, commands]) => commands.length > 0)

describe('the manual', () => {
  it('has pages with commands', () => {
    expect(withCommands.length).toBeGreaterThan(4)
  })

  it.each(withCommands)(
    '%s runs as it stands',
    (_page, commands) => {
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
      for (const command of commands) {
        const {status, stderr} = spawnSync('sh', ['-c', command], {
          cwd: home,
          encoding: 'utf8',
          env: {
            PATH: `${bin}:${process.env['PATH']}`,
            HOME: home,
            XDG_CONFIG_HOME: join(home, '.config'),
            XDG_DATA_HOME: join(home, '.data'),
            XDG_CACHE_HOME: join(home, '.cache'),
            NO_COLOR: '1',
          },
        })
        expect(status, `${command}\n${stderr}`).toBe(0)
      }
    },
    120_000,
  )
})

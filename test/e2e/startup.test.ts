// Starting is light: a command loads nothing heavy that it does not use.
import {describe, expect, it} from 'vitest'
import {installCrate} from '../support/crate.js'
import {HEAVY_PACKAGES} from '../support/heavy-packages.js'

describe.each([
  [['--version'], []],
  [['--help'], []],
  [['sync', '--help'], []],
  [['library', 'list', '--help'], []],
  [['library', 'list'], ['better-sqlite3']],
  [['doctor'], ['better-sqlite3', 'node-web-audio-api', 'serialport', 'midi', 'yaml', 'zod']],
])('crate %s', (args, allowed) => {
  it(`loads ${allowed.length === 0 ? 'nothing heavy' : `only ${allowed.join(', ')} of what is heavy`}`, async () => {
    const crate = installCrate()
    const {child, done} = crate.start(args as string[], {NODE_DEBUG: 'esm,module'})
    expect(child.pid).toBeDefined()
    const {stderr} = await done
    const loaded = HEAVY_PACKAGES.filter((name) => stderr.includes(`node_modules/${name}/`))
    expect(stderr, 'the log of loaded modules is there').toContain('run.js')
    const unexpected = loaded.filter((name) => !(allowed as string[]).includes(name))
    expect(unexpected).toEqual([])
  })
})

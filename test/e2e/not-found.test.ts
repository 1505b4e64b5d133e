// A command that there is not: the nearest ones, for people and for scripts, and status 2.
import {describe, expect, it} from 'vitest'
import {nearestCommands} from '../../src/cli/command-not-found.js'
import {installCrate} from '../support/crate.js'

const IDS = ['sync', 'library:list', 'library:relocate', 'playlist:list', 'plugins', 'plugins:list', 'export']

describe('nearestCommands', () => {
  it.each([
    [['synk'], ['sync']],
    [['SYNC', '/music'], ['sync']],
    [['libary', 'list'], ['library list']],
    [['library', 'relocat', '~/Music'], ['library relocate']],
    [['relocate'], ['library relocate']],
    [['list'], ['library list', 'playlist list', 'plugins list']],
    [['qwertz'], []],
    [['plugins', 'zzzzzz'], []],
  ])('%j → %j', (words, expected) => {
    expect(nearestCommands(words, IDS)).toEqual(expected)
  })
})

describe('crate with a command that there is not', () => {
  it('names the nearest, and ends with 2', async () => {
    const crate = installCrate()
    const run = await crate.run('synk', '/music')
    expect(run.status).toBe(2)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain('there is no command "crate synk"')
    expect(run.stderr).toContain('Did you mean: crate sync?')
  })

  it.each([
    ['synk', '--help'],
    ['help', 'synk'],
  ])('says the same when asked for the help of it: crate %s %s', async (...words) => {
    const run = await installCrate().run(...words)
    expect(run.status).toBe(2)
    expect(run.stderr).toContain('Did you mean: crate sync?')
  })

  it('gives scripts one document', async () => {
    const crate = installCrate()
    const run = await crate.run('library', 'lst', '--json')
    expect(run.status).toBe(2)
    expect(run.json()).toMatchObject({
      error: {code: 'USAGE', hints: expect.arrayContaining([expect.stringContaining('crate library list')])},
    })
  })
})

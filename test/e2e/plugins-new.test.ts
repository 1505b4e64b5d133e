// The scaffold of every kind: it builds, keeps to crate's rules, is clean, packs, and what it packs can be installed.
import {execFile} from 'node:child_process'
import {mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, it} from 'vitest'
import {installCrate, ROOT} from '../support/crate.js'
import {bringDevDependencies} from '../support/plugin-packages.js'

const exec = promisify(execFile)
const KINDS = [
  'exporter',
  'importer',
  'analyzer',
  'sensor',
  'gesture',
  'output',
  'action',
  'now-playing',
  'source',
  'uploader',
]

describe('crate plugins new', () => {
  it.each(KINDS)(
    '--kind %s makes a project that builds, passes, is clean, packs and installs',
    async (kind) => {
      const crate = installCrate()
      const made = await crate.run('plugins', 'new', `crate-plugin-my-${kind}`, '--kind', kind)
      expect(made.status, made.stderr).toBe(0)
      const folder = join(crate.home, `crate-plugin-my-${kind}`)
      bringDevDependencies(folder)
      // npm install does this at its end.
      const {scripts} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {scripts: {prepare: string}}
      expect(scripts.prepare).toContain('crate plugins kit')
      expect(await crate.run('plugins', 'kit', folder)).toMatchObject({status: 0})
      const run = (command: string, ...args: string[]) =>
        exec(command, args, {cwd: folder, env: {...process.env, HOME: crate.home}}).catch(
          (error: {stdout: string; stderr: string}) => {
            throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`)
          },
        )
      const tested = await run('npm', 'test')
      expect(Number(/pass (\d+)/.exec(tested.stdout)?.[1])).toBeGreaterThan(4)
      await run('npm', 'run', 'lint')
      const packed = JSON.parse((await run('npm', 'pack', '--json', '--ignore-scripts')).stdout) as [
        {filename: string; files: {path: string}[]},
      ]
      expect(packed[0].files.map(({path}) => path)).toContain('dist/src/index.js')
      const installed = await crate.run('plugins', 'install', join(folder, packed[0].filename), '--json')
      expect(installed.status, installed.stdout).toBe(0)
      const report = (await crate.run('plugins', 'inspect', `crate-plugin-my-${kind}`, '--json')).json<{
        contributions: {id: string}[]
        problems: string[]
      }>()
      expect(report.contributions.map(({id}) => id)).toEqual([`my-${kind}`])
      expect(report.problems).toEqual([])
    },
    240_000,
  )

  it('overwrites nothing, and wants a name that npm takes', async () => {
    const crate = installCrate()
    mkdirSync(join(crate.home, 'taken', 'src'), {recursive: true})
    expect((await crate.run('plugins', 'new', 'taken', '--json')).json()).toMatchObject({error: {code: 'FILE_EXISTS'}})
    const named = await crate.run('plugins', 'new', 'My Plugin')
    expect(named.status).toBe(2)
  })

  it('is offered for every kind that there is', () => {
    const kinds = readFileSync(join(ROOT, 'src/api/plugin.ts'), 'utf8').match(/readonly (\w+)\?/g)
    expect(kinds).toHaveLength(KINDS.length)
  })
})

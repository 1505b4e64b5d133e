// A plugin's life as its user knows it: checked, installed from a folder and a tarball, inspected, updated, removed.
import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {type Crate, installCrate} from '../support/crate.js'
import {dataFolder, exporterModule, writePlugin} from '../support/plugins.js'

const GREET = (text: string) => exporterModule('greet', `yield {kind: 'file', path: '', chunks: ['${text}']}`)
const MANIFEST = {
  apiVersion: 1,
  entry: './index.js',
  contributes: {exporters: ['greet']},
  reach: {network: ['example.org']},
}

async function exported(crate: Crate): Promise<string> {
  const path = join(crate.home, 'greet.txt')
  const run = await crate.run('export', 'greet', '--to', path, '--json')
  return run.status === 0 ? readFileSync(path, 'utf8') : `status ${run.status}: ${run.stdout}`
}

describe('crate plugins', () => {
  it('installs a folder, shows and records its reach, keeps it through a broken update, and leaves nothing behind', async () => {
    const crate = installCrate()
    const root = writePlugin(join(crate.home, 'made'), {name: 'crate-greet', crate: MANIFEST, module: GREET('hello')})
    const installed = await crate.run('plugins', 'install', './made/crate-greet')
    expect(installed.status, installed.stderr).toBe(0)
    expect(installed.stdout).toContain('crate-greet 1.0.0 is installed')
    expect(installed.stdout).toContain('uses the network: example.org')
    expect(await exported(crate)).toBe('hello')

    const inspected = (await crate.run('plugins', 'inspect', 'crate-greet', '--json')).json()
    expect(inspected).toMatchObject({
      name: 'crate-greet',
      reach: {network: ['example.org'], files: false, native: false},
      installed: {version: '1.0.0', reach: {network: ['example.org']}},
      contributions: [{kind: 'exporters', id: 'greet'}],
      problems: [],
    })

    writePlugin(join(crate.home, 'made'), {
      name: 'crate-greet',
      version: '1.1.0',
      crate: MANIFEST,
      module: 'throw new Error("no luck")',
    })
    const broken = await crate.run('plugins', 'install', './made/crate-greet')
    expect(broken.status).toBe(1)
    expect(broken.stderr).toContain('no luck')
    expect(broken.stderr).toContain('Nothing was changed')
    expect(await exported(crate), 'the working copy stays').toBe('hello')

    writePlugin(join(crate.home, 'made'), {
      name: 'crate-greet',
      version: '1.2.0',
      crate: MANIFEST,
      module: GREET('good day'),
    })
    const tarball = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', crate.home], {cwd: root, encoding: 'utf8'}),
    ) as [{filename: string}]
    const newer = await crate.run('plugins', 'install', `file:${join(crate.home, tarball[0].filename)}`, '--json')
    expect(newer.status, newer.stderr + newer.stdout).toBe(0)
    expect(newer.json<{plugins: {version: string; before: {version: string}}[]}>().plugins[0]).toMatchObject({
      version: '1.2.0',
      before: {version: '1.0.0'},
    })
    expect(await exported(crate)).toBe('good day')

    const removed = await crate.run('plugins', 'uninstall', 'crate-greet')
    expect(removed.status, removed.stderr).toBe(0)
    expect(await exported(crate)).toContain('status 2')
    expect(readdirSync(dataFolder(crate)).filter((name) => name !== 'library')).toEqual([])
    expect(readdirSync(join(crate.home, '.local', 'share')), 'no half-made folder').toEqual(['crate'])
  }, 300_000)

  it('installs nothing that was made for another crate, and runs none of its scripts', async () => {
    const crate = installCrate()
    const root = writePlugin(join(crate.home, 'made'), {
      name: 'crate-old',
      crate: {apiVersion: 7, entry: './index.js'},
      module: 'export default {}',
    })
    const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object
    writeFileSync(
      join(root, 'package.json'),
      JSON.stringify({...pjson, scripts: {postinstall: `node -e "fs.writeFileSync('${crate.home}/ran','')"`}}),
    )
    const run = await crate.run('plugins', 'install', './made/crate-old')
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('version 7')
    expect(existsSync(join(crate.home, 'ran'))).toBe(false)
    expect((await crate.run('plugins', 'install', './nowhere')).stderr).toContain('does not exist')
  }, 120_000)

  it('says it in one sentence where the name is unknown or the registry away, and leaves nothing behind', async () => {
    const crate = installCrate()
    const server = createServer((_request, response) => response.writeHead(404).end('{"error": "not found"}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const install = () =>
      crate.start(['plugins', 'install', 'crate-plugin-nobody', '--json'], {npm_config_registry: registry}).done
    const unknown = await install()
    expect(unknown.status).toBe(1)
    expect(unknown.json()).toMatchObject({
      error: {code: 'PLUGIN_INVALID', message: 'npm knows no package "crate-plugin-nobody"'},
    })
    await new Promise((resolve) => server.close(resolve))
    const away = await install()
    expect(away.status).toBe(1)
    expect(away.json()).toMatchObject({error: {code: 'NETWORK_FAILED'}})
    expect(away.json<{error: {message: string}}>().error.message).not.toContain(' at ')
    expect(existsSync(dataFolder(crate)) ? readdirSync(dataFolder(crate)) : []).toEqual([])
  }, 120_000)

  it('verifies a folder, and says which rules it breaks', async () => {
    const crate = installCrate()
    writePlugin(crate.home, {name: 'crate-greet', crate: MANIFEST, module: GREET('hello')})
    const sound = await crate.run('plugins', 'verify', './crate-greet', '--json')
    expect(sound.status, sound.stdout).toBe(0)
    expect(sound.json<{rules: number}>().rules).toBeGreaterThan(15)
    writePlugin(crate.home, {
      name: 'crate-dice',
      module: exporterModule('dice', `yield {kind: 'file', path: '', chunks: [String(Math.random())]}`),
    })
    const dice = await crate.run('plugins', 'verify', './crate-dice', '--json')
    expect(dice.status).toBe(1)
    expect(dice.json<{findings: {rule: string}[]}>().findings.map(({rule}) => rule)).toContain('export-determinism')
    writePlugin(crate.home, {name: 'crate-quit', module: exporterModule('quit', 'process.exit(0); yield')})
    const quit = await crate.run('plugins', 'verify', './crate-quit', '--json')
    expect(quit.status).toBe(1)
    expect(quit.stdout).toContain('it ended the process')
  }, 120_000)
})

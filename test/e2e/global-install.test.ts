// From an empty prefix and an empty home: crate as npm installs it, and a plugin from its first line to its removal.
import {execFile, execFileSync} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {type Crate, FIXTURE_MUSIC, installCrate, ROOT, temporaryFolder} from '../support/crate.js'
import {installGlobally} from '../support/global-install.js'
import {bringDevDependencies} from '../support/plugin-packages.js'
import {dataFolder, exporterModule} from '../support/plugins.js'
import {itWith} from '../support/tools.js'

const exec = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'crate-global-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

let prefix = ''
beforeAll(() => {
  prefix = installGlobally(folder)
})

const program = () => join(prefix, 'bin', 'crate')
const shellEnv = (home: string) => ({
  HOME: home,
  PATH: `${join(prefix, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  LANG: 'C.UTF-8',
  TERM: 'xterm',
  NO_COLOR: '1',
})

describe('crate, installed globally', () => {
  it('runs, helps, and does the main job', async () => {
    const crate = installCrate(temporaryFolder(), program())
    const {version} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {version: string}
    expect((await crate.run('--version')).stdout).toMatch(new RegExp(`^crate-dj/${version} `))
    expect((await crate.run('--help')).stdout).toMatch(/sync +Read what is new/)
    const synced = await crate.run('sync', FIXTURE_MUSIC, '--json')
    expect(synced.status, synced.stderr).toBe(0)
    expect(synced.json<{tracks: unknown[]}>().tracks.length).toBeGreaterThan(7)
  })

  itWith('man')('brings its manual page', () => {
    const page = execFileSync('man', ['-M', join(prefix, 'share', 'man'), 'crate'], {
      encoding: 'utf8',
      env: {...process.env, MANPAGER: 'cat', MANWIDTH: '100'},
    })
    expect(page).toContain('crate sync [SOURCE…]')
  })

  it('completes in bash', async () => {
    const home = temporaryFolder()
    const {stdout} = await exec('bash', ['--norc', '-c', BASH_COMPLETION], {env: shellEnv(home)})
    expect(stdout.trim().split('\n')).toEqual(['sync', 'list', '--dry-run'])
  })

  itWith('zsh')('completes in zsh, each command once', async () => {
    const home = temporaryFolder()
    writeFileSync(join(home, 'complete.zsh'), ZSH_COMPLETION)
    const {stdout} = await exec('zsh', ['-f', join(home, 'complete.zsh')], {env: shellEnv(home)})
    expect(stdout).toContain('crate sync')
    expect(stdout).toMatch(/relocate +-- Find the files of missing tracks/)
    expect(stdout).toMatch(/--with-missing +-- Also tracks/)
    expect(stdout.match(/verify +-- Check a plugin/g)).toHaveLength(1)
    expect(stdout.match(/\buninstall\b/g)).toHaveLength(1)
  })
})

const BASH_COMPLETION = `
crate autocomplete bash >/dev/null 2>&1
eval "$(crate autocomplete script bash)"
complete_line() {
  COMP_WORDS=($1); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMP_LINE="$1"; COMP_POINT=\${#1}; COMPREPLY=()
  "$(complete -p crate | sed 's/.*-F \\([^ ]*\\).*/\\1/')" crate
  echo "\${COMPREPLY[*]}"
}
complete_line 'crate syn'; complete_line 'crate library li'; complete_line 'crate export --dr'`

/** A terminal in which someone types and presses the tab key; what it shows goes to stdout. */
const ZSH_COMPLETION = `
crate autocomplete zsh >/dev/null 2>&1
zmodload zsh/zpty
zpty -b shell zsh -f -i
until_seen() {
  local piece; seen=''
  for turn in {1..600}; do
    while zpty -r -t shell piece 2>/dev/null; do seen+=$piece; done
    [[ $seen == *$1* ]] && return
    sleep 0.1
  done
}
zpty -w shell "PS1='> '; stty cols 120 rows 80; eval \\"\\$(crate autocomplete script zsh)\\"; LISTMAX=1000; unsetopt auto_menu; echo rea''dy"
until_seen ready
press() { zpty -w -n shell "$1"; until_seen "$2"; print -rn -- "$seen"; zpty -w -n shell $'\\x15'; }
press $'crate syn\\t' sync
press $'crate library \\t' stats
press $'crate export --\\t' write-tags
press $'crate plugins \\t' verify`

/** Seven ways to be broken: what the plugin's entry becomes, and what crate says of it. */
const BREAKS: readonly (readonly [how: string, module: string, reason: string])[] = [
  ['throws on load', exporterModule('set-list', 'yield', {atLoad: 'throw new Error("no luck")'}), 'no luck'],
  ['throws on call', exporterModule('set-list', 'throw new Error("bad luck"); yield'), 'bad luck'],
  ['hangs', exporterModule('set-list', 'for (;;) {} yield'), 'did not answer'],
  ['exits the process', exporterModule('set-list', 'process.exit(0); yield'), 'ended its own process'],
  ['has the wrong shape', 'export default {exporters: [{id: "set-list", summary: "S.", load: 1}]}', 'left out'],
  [
    'writes without end',
    exporterModule(
      'set-list',
      'yield {kind: "file", path: "", chunks: (function* () { for (;;) yield new Uint8Array(1 << 22) })()}',
    ),
    'MB',
  ],
]

describe('a plugin of a stranger', () => {
  it('is begun, tested, packed, installed, used, updated, broken in seven ways and removed', async () => {
    const crate = installCrate(temporaryFolder(), program())
    const name = 'crate-plugin-set-list'
    expect((await crate.run('plugins', 'new', name, '--kind', 'exporter')).status).toBe(0)
    const project = join(crate.home, name)
    bringDevDependencies(project)
    const npm = (...args: string[]) => exec('npm', args, {cwd: project, env: {...process.env, ...shellEnv(crate.home)}})
    await npm('run', 'prepare')
    expect(Number(/pass (\d+)/.exec((await npm('test')).stdout)?.[1])).toBeGreaterThan(15)
    await npm('pack', '--silent', '--ignore-scripts')
    const tarball = join(project, `${name}-0.1.0.tgz`)

    const installed = await crate.run('plugins', 'install', `file:${tarball}`)
    expect(installed.status, installed.stderr).toBe(0)
    await crate.run('sync', FIXTURE_MUSIC, '--quiet')
    await crate.run('playlist', 'create', 'Tonight', '--query', 'glasshouse')
    expect(await setList(crate)).toMatch(/^Tonight\n {2}1 {2}Halvorsen & Mei – Glasshouse {2}127\.5 {2}\d+[AB]\n/)

    const source = join(project, 'src', 'exporter.ts')
    writeFileSync(source, readFileSync(source, 'utf8').replace('yield `$', 'yield `# $'))
    await npm('version', 'minor', '--no-git-tag-version')
    await npm('pack', '--silent')
    const newer = await crate.run('plugins', 'install', join(project, `${name}-0.2.0.tgz`))
    expect(newer.status, newer.stderr).toBe(0)
    expect(await setList(crate)).toMatch(/^# Tonight\n/)

    await breakAndMend(crate, join(dataFolder(crate), 'node_modules', name))
    expect(await setList(crate)).toMatch(/^# Tonight\n/)

    expect((await crate.run('plugins', 'uninstall', name)).status).toBe(0)
    expect((await crate.run('export', 'set-list', '--to', join(crate.home, 'gone.txt'))).status).toBe(2)
    expect(readdirSync(dataFolder(crate)).filter((entry) => entry !== 'library')).toEqual([])
  }, 300_000)
})

async function setList(crate: Crate): Promise<string> {
  const path = join(crate.home, 'set-list.txt')
  rmSync(path, {force: true})
  const run = await crate.run('export', 'set-list', '--to', path)
  return run.status === 0 ? readFileSync(path, 'utf8') : run.stderr
}

async function breakAndMend(crate: Crate, root: string): Promise<void> {
  const entry = join(root, 'dist', 'src', 'index.js')
  const pjsonPath = join(root, 'package.json')
  const [sound, pjson] = [readFileSync(entry, 'utf8'), readFileSync(pjsonPath, 'utf8')]
  const expectNamed = async (how: string, reason: string) => {
    const to = join(crate.home, 'broken.txt')
    const run = await crate.start(['export', 'set-list', '--to', to], {CRATE_PLUGIN_LIMIT_MS: '2000'}).done
    expect([1, 2], `${how}: ${run.stderr}`).toContain(run.status)
    for (const part of ['crate-plugin-set-list', reason, 'crate plugins'])
      expect(run.stderr, `a plugin that ${how}`).toContain(part)
    expect(existsSync(to), `a plugin that ${how}`).toBe(false)
  }
  for (const [how, module, reason] of BREAKS) {
    writeFileSync(entry, module)
    await expectNamed(how, reason)
  }
  writeFileSync(entry, sound)
  writeFileSync(pjsonPath, pjson.replace('"apiVersion": 1', '"apiVersion": 9'))
  await expectNamed('has the wrong apiVersion', 'version 9')
  expect((await crate.run('library', 'list')).status, 'crate goes on').toBe(0)
  writeFileSync(pjsonPath, pjson)
}

// The recording of the terminal in README.md: its commands run on the music that ships with crate, and what they print.
//
//   npm run recording
import {spawnSync} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {root} from './manifest.js'

const BLOCK = /(<!-- recording: npm run recording -->\n```console\n)([\s\S]*?)(```\n)/

export function recordingIn(readme: string): string {
  const text = BLOCK.exec(readme)?.[2]
  if (text === undefined) throw new Error('README.md has no recording')
  return text
}

/** Runs the commands of a recording anew, in an empty home that holds ~/Music, and gives it with what they print now. */
export function recordAgain(recording: string): string {
  const commands = [...recording.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command)
  return `${screensOf(commands)
    .map((screen, index) => `$ ${commands[index]}\n${screen}`)
    .join('\n\n')}\n`
}

/**
 * What the commands print, one after another, in an empty home that holds ~/Music.
 *
 * @param columns of a terminal with colours; a pipe without them where left out
 */
export function screensOf(commands: readonly string[], columns: number | null = null): readonly string[] {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'crate-recording-')))
  try {
    cpSync(join(root, 'fixtures', 'music'), join(home, 'Music'), {
      recursive: true,
      filter: (path) => !path.endsWith('.json'),
    })
    return commands.map((command) => printed(command, home, columns))
  } finally {
    rmSync(home, {recursive: true, force: true})
  }
}

function printed(command: string, home: string, columns: number | null): string {
  const crate = `crate() { "${process.execPath}" "${join(root, 'bin', 'run.js')}" "$@"; }`
  // On a terminal, stderr is where progress is drawn.
  const [shell, ...args] =
    columns === null
      ? ['sh', '-c', `${crate}; ${command} 2>&1`]
      : ['script', '-qec', `stty cols ${columns}; ${crate}; ${command} 2>/dev/null`, '/dev/null']
  const {stdout, stderr, status} = spawnSync(shell ?? 'sh', args, {
    cwd: home,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.data'),
      XDG_CACHE_HOME: join(home, '.cache'),
      ...(columns === null ? {NO_COLOR: '1'} : {FORCE_COLOR: '3', SHELL: '/bin/sh', TERM: 'xterm-256color'}),
    },
  })
  if (status !== 0) throw new Error(`${command}: ${stdout}${stderr}`)
  return stdout.replaceAll('\r\n', '\n').replaceAll(home, '/home/dj').replace(/^\n+/, '').trimEnd()
}

/** Without what differs each time: how long it took, and the ids of the tracks. */
export function withoutTimes(recording: string): string {
  return recording
    .replaceAll(/(?<= {2})[a-z0-9]{8}$/gm, '……')
    .replaceAll(/in [\d.]+ (s|min)( [\d]+ s)?, [\d.]+× real time/g, 'in … s, …× real time')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'README.md')
  const readme = readFileSync(path, 'utf8')
  const recording = recordAgain(recordingIn(readme))
  writeFileSync(
    path,
    readme.replace(BLOCK, (_, start: string, _old, end: string) => `${start}${recording}${end}`),
  )
}

// Keys and screen of crate live; lines in and out where there is no terminal, so that scripts can drive it.
import {createInterface, emitKeypressEvents} from 'node:readline'
import {type LivePicture, liveScreen, logLine} from './live-screen.js'
import {theme} from './theme.js'

export interface TerminalSession {
  readonly phoneUrl: string | null
  readonly dashboardUrl: string | null
  view(): LivePicture
  command(text: string): void
}

export interface LiveTerminal {
  log(entry: LivePicture['log'][number]): void
  /** Until the person ends it. */
  run(session: TerminalSession): Promise<void>
  close(): void
}

const DRAW_MS = 150

export function runLiveScreen({
  isPlain,
  signal,
}: {
  readonly isPlain: boolean
  readonly signal: AbortSignal
}): LiveTerminal {
  const {stdin, stdout, stderr} = process
  const isScreen = stdin.isTTY && stdout.isTTY && !isPlain
  let timer: NodeJS.Timeout | null = null
  let typed: string | null = null
  return {
    log: (entry) => {
      if (!isScreen) stderr.write(`${logLine(entry)}\n`)
    },
    async run(session) {
      await announce(session, isScreen)
      const ended = new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), {once: true})
        if (isScreen) onKeys(session, resolve, (text) => (typed = text))
        else if (!stdin.isTTY) onLines(session, resolve, signal)
      })
      if (isScreen) {
        stdout.write('\x1b[?1049h\x1b[?25l')
        const urls = [session.dashboardUrl].filter((url) => url !== null)
        const draw = () => {
          const [columns, rows] = [stdout.columns ?? 80, stdout.rows ?? 24]
          const prompt = typed === null ? '' : `\n${theme.accent('what plays? ')}${typed}`
          stdout.write(`\x1b[H${liveScreen(session.view(), urls, columns, rows - 1)}\x1b[K${prompt}\x1b[J`)
        }
        timer = setInterval(draw, DRAW_MS)
        draw()
      }
      await ended
    },
    close() {
      if (timer !== null) clearInterval(timer)
      timer = null
      if (!isScreen) return
      stdout.write('\x1b[?25h\x1b[?1049l')
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

/** The address of the phone page as a picture to be photographed; on a screen it waits for a key, to be seen at all. */
async function announce({phoneUrl, dashboardUrl}: TerminalSession, isScreen: boolean): Promise<void> {
  const {stderr, stdin} = process
  if (dashboardUrl !== null) stderr.write(`dashboard  ${theme.accent(dashboardUrl)}\n`)
  if (phoneUrl === null) return
  const {default: qrcode} = await import('qrcode')
  stderr.write(await qrcode.toString(phoneUrl, {type: 'utf8', margin: 2}))
  stderr.write(
    `\nphone      ${theme.accent(phoneUrl)}\nThe phone asks once whether it may trust this computer: the certificate was made here.\n`,
  )
  if (!isScreen) return
  stderr.write(theme.dim('Any key goes on.\n'))
  stdin.setRawMode(true)
  await new Promise<void>((resolve) => stdin.once('data', () => resolve()))
}

const COMMANDS: Readonly<Record<string, string>> = {
  x: 'reject',
  up: 'energy-up',
  down: 'energy-down',
  a: 'toggle-arm',
  f: 'toggle-freeze',
  w: 'set-forward',
  m: 'mark',
  s: 'suggest',
  c: 'cue-to-playlist',
  l: 'learn-range',
  k: 'keep-range',
  return: 'accept 1',
}

function onKeys(session: TerminalSession, end: () => void, show: (typed: string | null) => void): void {
  const {stdin} = process
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  stdin.resume()
  let typed: string | null = null
  stdin.on('keypress', (text: string | undefined, key: {name?: string; ctrl?: boolean}) => {
    if (key.ctrl && key.name === 'c') return end()
    if (typed !== null) {
      if (key.name === 'return') session.command(`play ${typed}`)
      if (key.name === 'return' || key.name === 'escape') typed = null
      else if (key.name === 'backspace') typed = typed.slice(0, -1)
      else if (text !== undefined && text >= ' ') typed += text
      return show(typed)
    }
    if (key.name === 'q') return end()
    if (text === '/') {
      typed = ''
      return show(typed)
    }
    if (text !== undefined && /^[1-6]$/.test(text)) return session.command(`accept ${text}`)
    const command = COMMANDS[key.name ?? '']
    if (command !== undefined) session.command(command)
  })
}

/** One command a line; the end of the input is not the end of the show. */
function onLines(session: TerminalSession, end: () => void, signal: AbortSignal): void {
  const lines = createInterface({input: process.stdin})
  // A pipe that stays open would keep the process alive after its work is done.
  signal.addEventListener('abort', () => process.stdin.destroy(), {once: true})
  lines.on('line', (line) => {
    if (line.trim() === 'quit') {
      process.stdin.destroy()
      end()
    } else if (line.trim() !== '') session.command(line)
  })
}

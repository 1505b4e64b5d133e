// Starts yt-dlp without a shell, reads its lines while they come, and knows how it ended.
//
// yt-dlp-wrap is not used: it reads progress by regular expressions on chunks that may end inside a line, and emits
// `close` without an error for a child that a signal ended. What is left of it, locating and spawning, is this file.
import {spawn} from 'node:child_process'
import {delimiter, resolve as resolvePath} from 'node:path'
import {CrateError} from '../../core/errors.js'
import {PRINT_ARGUMENTS, type ProtocolLine, parseProtocolLine} from './protocol.js'

export interface YtDlpRun {
  /** Path of the program. */
  readonly program: string
  /** Options of this run; every value that came from outside is joined to its option by `=` or stands after `--`. */
  readonly options: readonly string[]
  /** Links and searches. */
  readonly targets: readonly string[]
  /** Where it works and writes; file names in `options` are relative to it. */
  readonly folder: string
  readonly signal: AbortSignal
  onStart?(pid: number): void
  /** Called in order; throwing ends the program, and the error comes out of `runYtDlp`. */
  onLine(line: ProtocolLine): void
  /** Nothing heard for so long means that it hangs. */
  readonly silenceMs?: number
}

export interface YtDlpEnd {
  readonly status: number
  /** What it called an error, in order. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** For every run: nothing of the person's own yt-dlp set-up, no programs of others, lines for us. */
const ALWAYS: readonly string[] = [
  '--ignore-config',
  '--no-exec',
  '--no-colors',
  '--newline',
  '--progress',
  '--no-simulate',
  '--no-playlist',
  '--flat-playlist',
  '--abort-on-error',
  '--encoding=utf-8',
  '--socket-timeout=20',
  '--extractor-retries=1',
  ...PRINT_ARGUMENTS,
]
const SILENCE_MS = 120_000
const LONGEST_LINE = 1 << 22
/** Between asking it to end and ending it. */
const GRACE_MS = 2_000

/**
 * Runs to the end. That the items failed is in the result; thrown is only what ended the program itself.
 *
 * @throws ABORTED, TOOL_MISSING, TOOL_FAILED (killed from outside), NETWORK_FAILED (silent for too long), and what `onLine` throws
 */
export function runYtDlp({
  program,
  options,
  targets,
  folder,
  signal,
  onStart,
  onLine,
  silenceMs = SILENCE_MS,
}: YtDlpRun): Promise<YtDlpEnd> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    // The folder is never an option: yt-dlp takes `$HOME` and `~` in names of folders for the shell's.
    const child = spawn(resolvePath(program), [...ALWAYS, ...options, '--', ...targets], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      env: {...process.env, ...pythonPath(), PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8'},
    })
    if (child.pid !== undefined) onStart?.(child.pid)
    const errors: string[] = []
    const warnings: string[] = []
    let stoppedBy: unknown = null
    let silence: NodeJS.Timeout | null = null
    let grace: NodeJS.Timeout | null = null

    const stop = (reason: unknown) => {
      if (stoppedBy !== null) return
      stoppedBy = reason
      child.kill('SIGTERM')
      grace = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    }
    const hear = () => {
      if (silence !== null) clearTimeout(silence)
      silence = setTimeout(
        () =>
          stop(
            new CrateError('NETWORK_FAILED', `nothing came for ${Math.round(silenceMs / 1000)} s`, {
              hints: ['Run the command again; it goes on where it was.'],
              details: {complaint: 'network'},
            }),
          ),
        silenceMs,
      )
    }
    const abort = () => stop(signal.reason)
    signal.addEventListener('abort', abort, {once: true})
    hear()

    child.stdout.setEncoding('utf8').on(
      'data',
      byLines((line) => {
        hear()
        if (stoppedBy !== null) return
        try {
          onLine(parseProtocolLine(line))
        } catch (error) {
          stop(error)
        }
      }),
    )
    child.stderr.setEncoding('utf8').on(
      'data',
      byLines((line) => {
        hear()
        const text = line.replace(/\p{Cc}\[[0-9;]*m/gu, '')
        if (text.startsWith('ERROR:')) errors.push(text)
        else if (text.startsWith('WARNING:')) warnings.push(text)
        else if (errors.length > 0 && text.trim() !== '') errors[errors.length - 1] += ` ${text.trim()}`
        else if (text.trim() !== '') warnings.push(text)
      }),
    )
    const end = () => {
      if (silence !== null) clearTimeout(silence)
      if (grace !== null) clearTimeout(grace)
      signal.removeEventListener('abort', abort)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      end()
      reject(
        new CrateError('TOOL_MISSING', `yt-dlp cannot be started: ${error.message}`, {
          hints: ['crate doctor says what is wrong and how to mend it.'],
          details: {tool: 'yt-dlp', program},
          cause: error,
        }),
      )
    })
    child.once('close', (status, killedBy) => {
      end()
      if (stoppedBy !== null) reject(stoppedBy)
      else if (status === null)
        reject(
          new CrateError('TOOL_FAILED', `yt-dlp was ended by ${killedBy ?? 'a signal'}`, {
            hints: ['Run the command again; it goes on where it was.'],
            details: {complaint: 'killed'},
          }),
        )
      else resolve({status, errors, warnings: [...warnings]})
    })
  })
}

/** Relative entries mean the person's folder, not the one that yt-dlp is started in. */
function pythonPath(): {PYTHONPATH?: string} {
  const entries = (process.env['PYTHONPATH'] ?? '').split(delimiter).filter((entry) => entry !== '')
  return entries.length === 0 ? {} : {PYTHONPATH: entries.map((entry) => resolvePath(entry)).join(delimiter)}
}

/** Gathers chunks into lines; a line without end is cut off, so that memory stays bounded. */
function byLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/)
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
    for (const line of lines) onLine(line)
  }
}

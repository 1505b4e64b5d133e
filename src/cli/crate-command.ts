// What all commands share: global flags, stopping on Ctrl-C, errors to people and scripts, JSON on stdout.
import {join} from 'node:path'
import {Command, Flags} from '@oclif/core'
import type {Environment} from '../core/environment.js'
import type {ItemFailure} from '../core/errors.js'
import {EXIT, failureFrom, renderFailure} from './failure.js'
import {writeJson} from './json.js'
import {createReporter} from './reporter.js'
import {type Column, renderTable} from './table.js'
import {harmless, printable, theme} from './theme.js'

export interface GlobalFlags {
  readonly library?: string | undefined
  readonly quiet?: boolean | undefined
  readonly 'no-progress'?: boolean | undefined
}

/** A failure list longer than this is shown in part; --json has all. */
const SHOWN_FAILURES = 20

export abstract class CrateCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    library: Flags.string({
      env: 'CRATE_LIBRARY',
      helpGroup: 'GLOBAL',
      helpValue: 'DIR',
      summary: 'The library folder.',
    }),
    quiet: Flags.boolean({helpGroup: 'GLOBAL', summary: 'Print only results and errors.'}),
    'no-progress': Flags.boolean({helpGroup: 'GLOBAL', summary: 'Draw no progress bars.'}),
  }

  readonly #stopper = new AbortController()
  readonly #ender = new AbortController()

  protected override async init(): Promise<void> {
    await super.init()
    process.stdout.on('error', stopQuietlyOnClosedPipe)
    process.on('SIGINT', this.#stop)
    process.on('SIGTERM', this.#stop)
  }

  /** The first Ctrl-C asks the work to end well, the second ends the process. */
  readonly #stop = () => {
    if (this.#stopper.signal.aborted) process.exit(EXIT.interrupted)
    this.#stopper.abort()
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    process.off('SIGINT', this.#stop)
    process.off('SIGTERM', this.#stop)
    await super.finally(error)
    this.#ender.abort()
  }

  protected environment(flags: GlobalFlags): Environment {
    return {
      libraryFolder: flags.library ?? join(this.config.dataDir, 'library'),
      configFile: process.env['CRATE_CONFIG'] ?? join(this.config.configDir, 'config.yaml'),
      dataFolder: this.config.dataDir,
      installedPlugins: [...this.config.plugins.values()]
        .filter(({pjson}) => 'crate' in pjson && pjson.name !== this.config.pjson.name)
        .map(({name, version, root, pjson}) => ({name, version, root, manifest: (pjson as {crate?: unknown}).crate})),
      signal: this.#stopper.signal,
      over: this.#ender.signal,
      reporter: createReporter({
        stream: process.stderr,
        isQuiet: flags.quiet === true,
        hasProgress: flags['no-progress'] !== true,
        isDebug: isDebugging(),
        nowMs: Date.now,
      }),
      nowMs: Date.now,
    }
  }

  /** Also what is not printed as a table holds names that come from elsewhere. */
  override log(message = '', ...args: unknown[]): void {
    super.log(harmless(message), ...args)
  }

  protected logLines(lines: readonly string[]): void {
    for (const line of lines) this.log(line)
  }

  protected printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    if (!this.jsonEnabled())
      this.log(renderTable(columns, rows, process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY))
  }

  /** Lists what failed on stderr and sets the exit status 3; does nothing for an empty list. */
  protected reportFailures(failures: readonly ItemFailure[]): void {
    if (failures.length === 0) return
    process.exitCode = EXIT.partly
    if (this.jsonEnabled()) return
    for (const {path, message, hints} of failures.slice(0, SHOWN_FAILURES)) {
      const hint = hints[0] === undefined ? '' : theme.dim(` → ${hints[0]}`)
      const text = printable(message.startsWith(path) ? message : `${path}: ${message}`)
      process.stderr.write(`${theme.bad('✗')} ${text}${hint}\n`)
    }
    if (failures.length > SHOWN_FAILURES)
      process.stderr.write(theme.dim(`  and ${failures.length - SHOWN_FAILURES} more; --json lists all\n`))
  }

  protected override async catch(error: Error & {code?: string}): Promise<void> {
    if (error.code === 'EEXIT') throw error
    const failure = failureFrom(error)
    process.exitCode = failure.exitStatus
    const {code, message, hints} = failure
    if (this.jsonEnabled()) await writeJson(process.stdout, {error: {code, message, hints}})
    else process.stderr.write(`${renderFailure(failure)}\n`)
    if (isDebugging()) process.stderr.write(`${error.stack ?? ''}\n`)
  }

  /** The answer with --json: written in pieces, while what it is read from is still open. */
  protected async answer(document: unknown): Promise<void> {
    if (this.jsonEnabled()) await writeJson(process.stdout, document)
  }

  /** oclif would print what `run` returns as one coloured string; `answer` is the way here. */
  protected override logJson(): void {}
}

function stopQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}

function isDebugging(): boolean {
  return (process.env['DEBUG'] ?? '') !== ''
}

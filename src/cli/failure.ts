// Errors → what the person reads and the exit status that scripts rely on.
import {type ErrorCode, isCrateError} from '../core/errors.js'
import {harmless, theme} from './theme.js'

/** As CLI.md promises: 1 the job failed, 2 wrong usage, 3 some items failed; 130 stopped by Ctrl-C, as shells have it. */
export const EXIT = {failed: 1, usage: 2, partly: 3, interrupted: 130} as const

export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly hints: readonly string[]
  readonly exitStatus: number
}

interface OclifError {
  readonly oclif?: {readonly exit?: number}
  readonly suggestions?: readonly string[]
}

export function failureFrom(error: unknown): Failure {
  if (isCrateError(error)) {
    const {code, message, hints} = error
    const exitStatus =
      code === 'USAGE' || code === 'QUERY_INVALID' ? EXIT.usage : code === 'ABORTED' ? EXIT.interrupted : EXIT.failed
    return {code, message, hints, exitStatus}
  }
  if (!(error instanceof Error)) return {code: 'INTERNAL', message: String(error), hints: [], exitStatus: EXIT.failed}
  const {oclif, suggestions} = error as OclifError
  if (error.name === 'AbortError') return {code: 'ABORTED', message: 'stopped', hints: [], exitStatus: EXIT.interrupted}
  if (oclif !== undefined) {
    const message = error.message.replace(/\s*See more help with --help\s*$/, '')
    return {
      code: 'USAGE',
      message,
      hints: suggestions ?? ['--help lists the flags of a command'],
      exitStatus: oclif.exit ?? EXIT.usage,
    }
  }
  return {
    code: 'INTERNAL',
    message: error.message,
    hints: ['This is a fault of crate. Run the command again with DEBUG=* and report what it prints.'],
    exitStatus: EXIT.failed,
  }
}

export function renderFailure({message, hints}: Failure): string {
  return harmless([`${theme.bad('✗')} ${message}`, ...hints.map((hint) => `  ${theme.dim('→')} ${hint}`)].join('\n'))
}

// What SQLite says when it fails, as what the person can do about it.
import {CrateError, isCrateError} from '../core/errors.js'

/** @param path the database file, for the message */
export function crateErrorFromSqlite(error: unknown, path: string): unknown {
  if (isCrateError(error) || !(error instanceof Error)) return error
  const {code} = error as {code?: unknown}
  if (code === 'ERR_DLOPEN_FAILED' || /NODE_MODULE_VERSION|Could not locate the bindings file/.test(error.message))
    return nativeModuleError(error)
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error
  const details = {path, sqlite: code}
  const because = (kind: ConstructorParameters<typeof CrateError>[0], message: string, hints: string[]) =>
    new CrateError(kind, message, {hints, details, cause: error})
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE')
    return because('DISK_FULL', `the disk that holds ${path} is full`, [
      'Free some space and run the command again: everything saved so far is kept',
    ])
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return because('LIBRARY_BUSY', `another program keeps ${path} locked`, [
      'Wait until the other crate has finished, or stop it, and try again',
    ])
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return because('LIBRARY_DAMAGED', `${path} is damaged: ${error.message}`, [
      'Restore the last backup: crate library restore',
      `Or rescue what is readable: sqlite3 "${path}" .recover | sqlite3 recovered.db`,
    ])
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM')
    return because('FILE_UNWRITABLE', `${path} cannot be written: ${error.message}`, [
      'Check who owns the library folder and that the disk is not write-protected',
    ])
  if (code.startsWith('SQLITE_CANTOPEN'))
    return because('FILE_UNREADABLE', `${path} cannot be opened: ${error.message}`, [
      'Check that the library folder exists and that you may read and write it',
    ])
  if (code.startsWith('SQLITE_IOERR'))
    return because('FILE_UNREADABLE', `reading or writing ${path} failed: ${error.message}`, [
      'Check the disk and its free space, then run the command again',
    ])
  return error
}

function nativeModuleError(error: Error): CrateError {
  return new CrateError('TOOL_FAILED', `SQLite was installed for another Node.js than ${process.version}`, {
    hints: ['Install it for this one, in the folder of crate: npm rebuild better-sqlite3'],
    details: {node: process.version, modules: process.versions.modules},
    cause: error,
  })
}

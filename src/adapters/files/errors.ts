// What the file system says, told to a person.
import {CrateError, isCrateError} from '../../core/errors.js'

/** A file system error as a CrateError that names the path and what to do. */
export function fileError(error: unknown, path: string, action: 'read' | 'write'): CrateError {
  if (isCrateError(error)) return error
  const {code = ''} = error as NodeJS.ErrnoException
  const details = {path, errno: code}
  const options = (hint: string) => ({hints: [hint], details, cause: error})
  switch (code) {
    case 'ENOENT':
      return new CrateError(
        'FILE_NOT_FOUND',
        `${path} does not exist`,
        options('Check the path; a drive may not be plugged in.'),
      )
    case 'EACCES':
    case 'EPERM':
      return action === 'read'
        ? new CrateError('FILE_UNREADABLE', `${path} may not be read`, options('Give yourself permission to read it.'))
        : new CrateError(
            'FILE_UNWRITABLE',
            `${path} may not be written`,
            options('Choose another place or give yourself permission to write.'),
          )
    case 'EROFS':
      return new CrateError(
        'FILE_UNWRITABLE',
        `${path} is on a disk that is read-only`,
        options('Choose another place.'),
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return new CrateError(
        'DISK_FULL',
        `the disk is full: ${path} could not be written`,
        options('Free some space and run the command again; what was there before is unchanged.'),
      )
    case 'ELOOP':
      return new CrateError(
        'FILE_UNREADABLE',
        `${path} is a link that leads back to itself`,
        options('Remove the link.'),
      )
    case 'EISDIR':
      return new CrateError(
        'FILE_UNREADABLE',
        `${path} is a folder, not a file`,
        options('Rename the folder, or give the path of a file.'),
      )
    case 'ENOTDIR':
      return new CrateError(
        'FILE_UNWRITABLE',
        `a part of ${path} is a file where a folder is needed`,
        options('Choose another place.'),
      )
    case 'ENAMETOOLONG':
      return new CrateError(
        'FILE_UNWRITABLE',
        `${path} is longer than the system allows`,
        options('Choose a shorter name.'),
      )
    default:
      return new CrateError(
        action === 'read' ? 'FILE_UNREADABLE' : 'FILE_UNWRITABLE',
        `${path}: ${(error as Error).message}`,
        {details, cause: error},
      )
  }
}

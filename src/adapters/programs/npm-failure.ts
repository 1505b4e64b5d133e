// What npm says when it fails, as one sentence for a person: it explains at length, with stacks and the paths of its logs.
import {CrateError} from '../../core/errors.js'

const NETWORK =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/

/** @param stderr of `npm ARGS…`, which ended with the status @see https://docs.npmjs.com/cli/v10/using-npm/logging */
export function npmFailure(args: readonly string[], stderr: string, status: number | null): CrateError {
  const lines = stderr.split('\n').flatMap((line) => {
    const [, text] = /^npm (?:error|ERR!)(?: (.*))?$/.exec(line) ?? []
    return text === undefined ? [] : [text.trim()]
  })
  const code = lines.map((line) => /^code (\S+)$/.exec(line)?.[1]).find((found) => found !== undefined) ?? ''
  const wanted = args.find((arg, index) => index > 0 && !arg.startsWith('-')) ?? ''
  const [network] = NETWORK.exec(stderr) ?? []
  if (network !== undefined)
    return new CrateError('NETWORK_FAILED', `npm cannot reach its registry to fetch "${wanted}" (${network})`, {
      hints: [
        'Check the connection, and npm config get registry.',
        'A tarball or a folder can be installed without one.',
      ],
    })
  if (code === 'E404')
    return new CrateError('PLUGIN_INVALID', `npm knows no package "${wanted}"`, {
      hints: ['Check its name. A tarball or a folder is named by its path: ./crate-plugin-x.tgz'],
    })
  if (code === 'ETARGET')
    return new CrateError('PLUGIN_INVALID', `"${wanted}" has no such version`, {
      hints: ['Name the package without a version to get the newest.'],
    })
  const said = lines.find((line) => line !== '' && !/^(code|path|errno|syscall|command|A complete log)\b/.test(line))
  return new CrateError('PLUGIN_INVALID', `npm ${args[0]} "${wanted}" failed: ${said ?? `exit ${status}`}`, {
    hints: ['Check the name, path or version.'],
  })
}

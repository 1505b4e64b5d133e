// `crate upload`: music into an archive, each file once and whole, and back again.
import {resolve} from 'node:path'
import {expandHome, readConfig} from '../../adapters/config/config-file.js'
import type {Environment} from '../../core/environment.js'
import {CrateError} from '../../core/errors.js'
import {createContext} from '../../host/context.js'
import {createRegistry} from '../../host/registry.js'
import type {UploadRequest, UploadResult} from './request.js'
import {restoreFiles} from './restore-files.js'
import {storeFiles} from './store-files.js'

/** @throws USAGE where no plugin knows the target or there is nothing to upload; what befalls single files is in the result */
export async function upload(environment: Environment, request: UploadRequest): Promise<UploadResult> {
  if (request.restoreTo !== null && request.paths.length > 0)
    throw new CrateError('USAGE', '--restore brings back the whole archive, and takes no PATH', {
      hints: ['A part of it is a prefix: --to gs://BUCKET/PREFIX'],
    })
  const config = await readConfig(environment.configFile)
  const uploaders = (await createRegistry(environment).list('uploaders')).map(({contribution}) => contribution)
  const uploader = uploaders.find(({scheme}) => request.target.startsWith(scheme))
  if (uploader === undefined) {
    const known = uploaders.map(({scheme, name}) => `${scheme}… (${name})`).join(', ')
    throw new CrateError('USAGE', `nothing here can upload to "${request.target}"`, {
      hints: [
        known === '' ? 'For Google Cloud Storage: crate plugins install crate-plugin-gcs' : `There is: ${known}.`,
      ],
    })
  }
  const context = createContext(environment, uploader.name, config.plugins[uploader.id] ?? {})
  const session = await (await uploader.load()).open(request.target, context)
  try {
    return request.restoreTo === null
      ? await storeFiles(environment, session, request, request.paths.length > 0 ? request.paths : config.music)
      : await restoreFiles(environment, session, request, resolve(expandHome(request.restoreTo)))
  } finally {
    await session.close()
  }
}

// A manifest whose files were not copied along: what it says they were fetched from is fetched again.
import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import type {Source, SourceItem} from '../../api/source.js'
import {canonicalLink} from '../../core/download/link.js'
import {parseManifest} from '../../core/manifest.js'
import {readListFile} from './read-file.js'

export const manifests: Source = {
  async *list(target): AsyncIterable<SourceItem> {
    const manifest = parseManifest(new TextDecoder().decode(await readListFile(target)), target)
    for (const {path, code, message} of manifest.failures) yield {kind: 'failure', subject: path, code, message}
    for (const {file, tags, source} of manifest.tracks) {
      if (existsSync(join(dirname(expandHome(target)), ...file.split('/')))) continue
      const link = source === null ? null : canonicalLink(source)
      const {artist = null, title = null} = tags
      if (link !== null)
        yield {
          kind: 'link',
          link,
          about: {...(artist === null ? {} : {artist}), ...(title === null ? {} : {title}), tags},
        }
      else if (title !== null) yield {kind: 'wanted', wanted: {artist, title, durationMs: null}, service: null}
      else
        yield {
          kind: 'failure',
          subject: file,
          code: 'FILE_NOT_FOUND',
          message: 'the file is not here, and the manifest names no link for it',
        }
    }
  },
}

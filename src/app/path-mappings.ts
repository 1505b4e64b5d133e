// Mappings of paths as flags give them: FROM=TO.
import {CrateError} from '../core/errors.js'
import {type PathMapping, parsePathMapping} from '../core/music-path.js'

/** @throws USAGE for a text that is not FROM=TO */
export function parsePathMappings(texts: readonly string[]): PathMapping[] {
  return texts.map((text) => {
    const mapping = parsePathMapping(text)
    if (mapping !== null) return mapping
    throw new CrateError('USAGE', `"${text}" is not of the form FROM=TO`, {
      hints: ['For example --map "/Volumes/USB=E:/Music"'],
    })
  })
}

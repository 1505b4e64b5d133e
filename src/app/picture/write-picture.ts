// Writes a drawing to a file: PNG or SVG by what the person asked for.
import {resolve} from 'node:path'
import {expandHome} from '../../adapters/config/config-file.js'
import {writeFileAtomically} from '../../adapters/files/staged-write.js'

export interface PictureTargets {
  readonly png: string | null
  readonly svg: string | null
}

/** Returns the paths that were written. */
export async function writePictures(svg: string, {png, svg: svgPath}: PictureTargets): Promise<string[]> {
  const written: string[] = []
  if (svgPath !== null) {
    const path = resolve(expandHome(svgPath))
    await writeFileAtomically(path, svg)
    written.push(path)
  }
  if (png !== null) {
    const {pngFromSvg} = await import('../../adapters/picture/png.js')
    const path = resolve(expandHome(png))
    await writeFileAtomically(path, await pngFromSvg(svg))
    written.push(path)
  }
  return written
}

// Writes the picture of a built set where the person wants it.
import type {BuiltSet} from '../../mixing/set-builder.js'
import {drawSet} from '../../mixing/set-picture.js'
import {type PictureTargets, writePictures} from '../picture/write-picture.js'

/** @returns the paths that were written; none where no target is named */
export function writeSetPictures(set: BuiltSet, title: string, targets: PictureTargets): Promise<string[]> {
  return targets.png === null && targets.svg === null
    ? Promise.resolve([])
    : writePictures(drawSet(set, title), targets)
}

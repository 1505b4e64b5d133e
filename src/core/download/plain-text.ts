// Text reduced to what makes it the same to a person: letters and digits of every script, without case and accents.
import {fold} from '../query/fold.js'

export function plainText(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

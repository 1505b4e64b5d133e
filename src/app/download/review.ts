// The review list: titles for which several results may be right, until the person has chosen.
import {CrateError} from '../../core/errors.js'
import type {Library} from '../../store/library.js'
import {reviewItemFrom} from './archive.js'
import type {Choice, ReviewItem} from './request.js'

/** In the order in which they came; numbers that people use count from 1. */
export function listReview({downloads}: Library): ReviewItem[] {
  return downloads.list('review').flatMap((download) => reviewItemFrom(download) ?? [])
}

/**
 * `3=1`: of item 3 the first candidate. `3=none`: item 3 is not wanted any more.
 *
 * @throws USAGE where there is no such item or candidate
 */
export function parseChoices(
  texts: readonly string[],
  items: readonly ReviewItem[],
): {choices: Choice[]; dropped: ReviewItem[]} {
  const choices: Choice[] = []
  const dropped: ReviewItem[] = []
  for (const text of texts) {
    const match = /^(\d+)=(\d+|none)$/i.exec(text.trim())
    const item = items[Number(match?.[1]) - 1]
    if (match === null || item === undefined)
      throw new CrateError('USAGE', `"${text}" names no item of the review list`, {
        hints: ['Write ITEM=CANDIDATE by their numbers: --choose 3=1, or --choose 3=none.'],
      })
    if (match[2]?.toLowerCase() === 'none') {
      dropped.push(item)
      continue
    }
    const candidate = item.candidates[Number(match[2]) - 1]
    if (candidate === undefined)
      throw new CrateError('USAGE', `item ${match[1]} has ${item.candidates.length} candidates, not ${match[2]}`)
    choices.push({key: item.key, wanted: item.wanted, link: candidate.link})
  }
  return {choices, dropped}
}

/** They are settled as not to be had, and `crate download --retry` asks again. */
export function dropFromReview({downloads}: Library, items: readonly ReviewItem[]): void {
  for (const {key, wanted} of items)
    downloads.put({
      link: key,
      state: 'gone',
      audioHash: null,
      path: null,
      details: {reason: 'not wanted', wanted: {...wanted}},
    })
}

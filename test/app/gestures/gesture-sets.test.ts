import {describe, expect, it} from 'vitest'
import {keepTakes, readSet} from '../../../src/app/gestures/gesture-sets.js'
import {play, rest, twist} from '../../live/motions.js'
import {temporaryFolder} from '../../support/crate.js'

const takes = (seed: number, count = 3) =>
  Array.from({length: count}, (_, index) => play([rest(200), twist(), rest(200)], {seed: seed + index}))

/** The file knows one zero only. */
const text = (value: unknown) => JSON.stringify(value)

describe('keepTakes', () => {
  it('keeps the takes of several people beside each other, and replaces those of the same', async () => {
    const folder = temporaryFolder()
    const keep = (performer: string | null, seed: number, count?: number) =>
      keepTakes(folder, 'default', {gesture: 'twist', kind: 'strokes', takes: takes(seed, count), performer}, 0)
    await keep('one', 10)
    await keep('two', 20, 4)
    await keep('one', 30, 5)
    const [gesture] = (await readSet(folder, 'default')).gestures
    expect(gesture?.performers).toEqual(['two', 'two', 'two', 'two', 'one', 'one', 'one', 'one', 'one'])
    expect(text(gesture?.takes[0])).toBe(text(takes(20)[0]))
    expect(text(gesture?.takes[4])).toBe(text(takes(30)[0]))
  })

  it('without names a new lesson takes the place of the old one', async () => {
    const folder = temporaryFolder()
    for (const seed of [10, 20])
      await keepTakes(folder, 'default', {gesture: 'twist', kind: 'strokes', takes: takes(seed)}, 0)
    const [gesture] = (await readSet(folder, 'default')).gestures
    expect(text(gesture?.takes)).toBe(text(takes(20)))
    expect(gesture?.performers).toEqual([null, null, null])
  })
})

import {describe, expect, it} from 'vitest'
import {type LabelledTrack, leaveOneOut, prepareVoters, suggestGenre} from '../../src/mixing/genre.js'

/** Points around a centre on a circle, so that the right neighbours are known. */
function cloud(genre: string, x: number, y: number, count: number): LabelledTrack[] {
  return Array.from({length: count}, (_, n) => ({
    id: `${genre}-${n}`,
    genre,
    vector: Float32Array.of(x + Math.cos((n * 2 * Math.PI) / count), y + Math.sin((n * 2 * Math.PI) / count)),
  }))
}

const techno = cloud('Techno', 0, 0, 12)
const house = cloud('House', 20, 0, 12)

describe('suggestGenre', () => {
  it('has no answer where nobody can vote', () => {
    expect(suggestGenre(prepareVoters([]), Float32Array.of(0, 0))).toBeNull()
    expect(suggestGenre(prepareVoters(cloud('Rare', 0, 0, 2)), Float32Array.of(0, 0))).toBeNull()
  })

  it('names the genre of the neighbours, and who they are', () => {
    const voters = prepareVoters([...techno, ...house])
    const suggestion = suggestGenre(voters, Float32Array.of(19, 1))
    expect(suggestion?.genre).toBe('House')
    expect(suggestion?.confidence).toBe(1)
    expect(suggestion?.because.every((id) => id.startsWith('House'))).toBe(true)
  })

  it('takes spellings that differ in case and signs for one genre, and answers in the most common', () => {
    const spelt = techno.map((track, n) => ({
      ...track,
      genre: n < 2 ? 'DRUM & BASS' : n < 4 ? 'Drum and Bass' : 'Drum & Bass',
    }))
    const suggestion = suggestGenre(prepareVoters([...spelt, ...house]), Float32Array.of(0, 0))
    expect(suggestion?.genre).toBe('Drum & Bass')
  })

  it('is less sure between two genres', () => {
    const voters = prepareVoters([...techno, ...cloud('House', 2, 0, 12)])
    expect(suggestGenre(voters, Float32Array.of(1, 0))?.confidence).toBeLessThan(0.9)
  })
})

describe('leaveOneOut', () => {
  it('is right everywhere on genres that lie apart, and near chance on labels that mean nothing', () => {
    expect(leaveOneOut(prepareVoters([...techno, ...house]))).toEqual({tried: 24, accuracy: 1, baseline: 0.5})
    const shuffled = [...techno, ...house].map((track, n) => ({
      ...track,
      genre: (n * 7) % 3 === 0 ? 'A' : (n * 7) % 3 === 1 ? 'B' : 'C',
    }))
    const {accuracy} = leaveOneOut(prepareVoters(shuffled))
    expect(accuracy).toBeLessThan(0.6)
  })

  it('asks about an even share where there are many', () => {
    expect(leaveOneOut(prepareVoters([...techno, ...house]), 6).tried).toBe(6)
  })
})

import {describe, expect, it} from 'vitest'
import {mainArtist, songKey} from '../../src/mixing/song.js'

const key = (artist: string | null, title: string | null) => songKey({artist, title})

describe('songKey', () => {
  it.each([
    ['New Order', 'Blue Monday', 'New Order', 'Blue Monday (2011 Remaster)'],
    ['New Order', 'Blue Monday', 'new order', 'Blue Monday - Extended Mix'],
    ['Björk', 'Jóga', 'Bjork', 'Joga [Alec Empire Remix]'],
    ['Daft Punk', 'One More Time (feat. Romanthony)', 'Daft Punk', 'One More Time'],
    ['Fisher', 'Losing It (Original Mix)', 'FISHER', 'Losing It (Clean)'],
    ['A Guy Called Gerald', 'Voodoo Ray', 'A Guy Called Gerald feat. X', 'Voodoo Ray (Club Version)'],
  ])('%s – %s is one song with %s – %s', (artistA, titleA, artistB, titleB) => {
    expect(key(artistA, titleA)).toBe(key(artistB, titleB))
  })

  it.each([
    ['New Order', 'Blue Monday', 'New Order', 'Confusion'],
    ['New Order', 'Blue Monday', 'Health', 'Blue Monday'],
    ['Prince', '1999', 'Prince', '1984'],
    ['Ladytron', 'Destroy Everything You Touch', 'Ladytron', 'Destroy'],
    ['Queen', 'Radio Ga Ga', 'Queen', 'Under Pressure'],
  ])('%s – %s is not %s – %s', (artistA, titleA, artistB, titleB) => {
    expect(key(artistA, titleA)).not.toBe(key(artistB, titleB))
  })

  it('keeps what is only a bracket or a dash and no version', () => {
    expect(key('Blur', "(I Can't Get No) Song")).toContain('i can t get no')
    expect(key('X', 'Part One - The Beginning')).toContain('beginning')
    expect(key('Alphabeat', '(Remix)')).toContain('remix')
  })

  it.each([
    [null, 'Track 1'],
    ['Rrose', 'Untitled'],
    ['Skudge', 'Untitled 3 (Original Mix)'],
    [null, null],
    ['Someone', null],
    ['Someone', '???'],
  ])('tells nothing of %s – %s', (artist, title) => {
    expect(key(artist, title)).toBeNull()
  })

  it('reads every script', () => {
    expect(key('Перемен', 'Группа крови')).not.toBe(key('Перемен', 'Звезда'))
    expect(key('坂本龍一', '戦場のメリークリスマス')).not.toBeNull()
  })

  it('does not hang on hostile titles', () => {
    const startedMs = performance.now()
    for (const text of ['('.repeat(50_000), ' - '.repeat(50_000), 'feat '.repeat(50_000)]) key(text, text)
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })
})

describe('mainArtist', () => {
  it.each([
    ['Above & Beyond', 'above'],
    ['Underworld feat. Iggy Pop', 'underworld'],
    ['Artist A, Artist B', 'artist a'],
    ['deadmau5', 'deadmau5'],
    ['', ''],
    [null, ''],
  ])('%s → %s', (artist, main) => {
    expect(mainArtist(artist)).toBe(main)
  })
})

// Places, dates, numbers, keys and marks: each between NML's form and crate's.
import {describe, expect, it} from 'vitest'
import {decodeValue, encodeValue} from '../../../exporters/traktor/byte-text.js'
import {countHiddenPads, cuesFromMarks, markFromCue} from '../../../exporters/traktor/cue.js'
import {isoFromHistory, isoFromNmlDate, nmlDateFromIso} from '../../../exporters/traktor/date.js'
import {gridForTraktor, gridFromMarks} from '../../../exporters/traktor/grid.js'
import {keyFromFields, keyTagFromFields} from '../../../exporters/traktor/key.js'
import {locationFromKey, locationFromPath, pathFromLocation, primaryKey} from '../../../exporters/traktor/location.js'
import type {Mark} from '../../../exporters/traktor/mark.js'
import {formatFloat, numberFrom} from '../../../exporters/traktor/number.js'
import {camelotFromKey} from '../../../src/core/key.js'

describe('pathFromLocation', () => {
  it.each([
    ['', '/:Music/:', 'no file at all'],
    ['x.mp3', '/:..\u002f:etc/:', 'a way up'],
    ['..', '/:Music/:', 'a way up as the file'],
    ['a\0b.mp3', '/:Music/:', 'NUL'],
  ])('refuses %j in %j: %s', (file, dir) => {
    expect(pathFromLocation({volume: 'D:', dir, file})).toBeNull()
  })

  it('refuses a volume that leads elsewhere', () => {
    expect(pathFromLocation({volume: '../../etc', dir: '/:x/:', file: 'y.mp3'})).toBeNull()
    expect(pathFromLocation({volume: '..', dir: '/:x/:', file: 'y.mp3'})).toBeNull()
  })

  const PLACES: readonly (readonly [string, string, string, string])[] = [
    ['D:', '/:Music/:Ä & B/:', 'x.mp3', 'D:/Music/Ä & B/x.mp3'],
    ['C:', '/:', 'x.mp3', 'C:/x.mp3'],
    ['Macintosh HD', '/:Users/:dj/:', 'Shudder//King of Snake.m4a', '/Users/dj/Shudder:King of Snake.m4a'],
    ['USB 1', '/:House/:', 'x.mp3', '/Volumes/USB 1/House/x.mp3'],
    ['', '/:home/:dj/:', 'a//b: c.mp3', '/home/dj/a//b: c.mp3'],
  ]
  it.each(PLACES)('%s %s %s is %s', (volume, dir, file, path) => {
    expect(pathFromLocation({volume, dir, file})).toBe(path)
    expect(locationFromKey(volume + dir + file)).toEqual({volume, dir, file})
  })

  it.each(PLACES.slice(0, 4))('%s %s %s is how that path is written', (volume, dir, file, path) => {
    expect(locationFromPath(path, 'Macintosh HD')).toEqual({volume, dir, file})
  })

  it('knows the disk of a Mac by its folders, whatever its name', () => {
    expect(pathFromLocation({volume: 'osx', dir: '/:Library/:Sounds/:', file: 'x.mp3'})).toBe('/Library/Sounds/x.mp3')
  })
})

describe('locationFromPath', () => {
  it('leaves VOLUME blank on Linux, and everywhere outside of /Volumes where no boot volume is named', () => {
    expect(locationFromPath('/home/dj/a:b.mp3', 'Macintosh HD')).toEqual({
      volume: '',
      dir: '/:home/:dj/:',
      file: 'a:b.mp3',
    })
    expect(primaryKey(locationFromPath('/Users/dj/x.mp3', '') ?? {volume: '?', dir: '', file: ''})).toBe(
      '/:Users/:dj/:x.mp3',
    )
  })

  it('takes both slashes of Windows, and shares', () => {
    expect(locationFromPath('d:\\Music\\x.mp3', '')).toEqual({volume: 'D:', dir: '/:Music/:', file: 'x.mp3'})
    const share = locationFromPath('\\\\nas\\music\\x.mp3', '')
    expect(share === null ? null : pathFromLocation(share)).toBe('//nas/music/x.mp3')
  })

  it('has none for a path that is not whole', () => {
    expect(locationFromPath('music/x.mp3', '')).toBeNull()
    expect(locationFromPath('', '')).toBeNull()
  })
})

describe('dates', () => {
  it.each([
    ['2019/3/7', '2019-03-07'],
    ['2012/12/31', '2012-12-31'],
    ['2019/2/30', null],
    ['2019-03-07', null],
    ['', null],
  ])('%j is %j', (text, iso) => expect(isoFromNmlDate(text)).toBe(iso))

  it.each([
    ['2019-03-07', '2019/3/7'],
    ['2019-03-07T23:10:00Z', '2019/3/7'],
    ['2019', '2019/1/1'],
    ['2019-11', '2019/11/1'],
    ['yesterday', null],
    ['2019-13-01', null],
  ])('%j is written %j', (iso, text) => expect(nmlDateFromIso(iso)).toBe(text))

  it.each([
    // FORMATS §4.4, and the name of the file that holds it.
    [131_925_528, 0, '2013-06-24T00:00:00'],
    [131_793_950, 57_476, '2011-04-30T15:57:56'],
    [131_793_950, 86_400, null],
    [0, 0, null],
  ])('history day %d, second %d is %j', (day, second, iso) => expect(isoFromHistory(day, second)).toBe(iso))
})

describe('numbers', () => {
  it.each([
    ['1.03544e-06', 1.03544e-6],
    ['-1', -1],
    ['', null],
    ['0x10', null],
    ['1e999', null],
    ['NaN', null],
    ['12 px', null],
  ])('%j reads as %j', (text, value) => expect(numberFrom(text)).toBe(value))

  it.each([
    [0, '0.000000'],
    [53.484213, '53.484213'],
    [248.39037271232456, '248.39037271232456'],
    [1e-9, '0.000000'],
  ])('%d is written %s', (value, text) => expect(formatFloat(value)).toBe(text))
})

describe('attribute values', () => {
  it.each(['a & b', '<Live> "Dub" \'n\' >', 'Ж 東京 🔥', 'one\r\ntwo\tthree', '&amp; &#x41;'])(
    '%j comes back',
    (text) => expect(decodeValue(encodeValue(text))).toBe(text),
  )

  it('writes what Traktor writes', () => {
    expect(encodeValue(`a > b 'c' & "d"\r\n`)).toBe(`a > b 'c' &amp; &quot;d&quot;&#xD;&#xA;`)
  })

  it('leaves out what XML forbids, and entities of others as they are', () => {
    expect(encodeValue('a\u0000b\u001fc\uffff')).toBe('abc')
    expect(decodeValue('&lol9; &#x110000; &#65;')).toBe('&lol9; &#x110000; A')
  })
})

describe('keys', () => {
  // Traktor's number, Open Key and Camelot from the table in FORMATS §6.
  it.each([
    ['0', '1d', '8B'],
    ['6', '7d', '2B'],
    ['11', '6d', '1B'],
    ['12', '10m', '5A'],
    ['14', '12m', '7A'],
    ['21', '1m', '8A'],
    ['23', '3m', '10A'],
  ])('%s is %s is %s', (value, openKey, camelot) => {
    const key = keyFromFields({value, text: null, lyrics: null})
    expect(key === null ? null : camelotFromKey(key)).toBe(camelot)
    expect(keyFromFields({value: null, text: openKey, lyrics: null})).toEqual(key)
    expect(keyTagFromFields({value, text: openKey, lyrics: null})).toBeNull()
  })

  it('lets the number win, then the text, then the lyrics field', () => {
    expect(keyFromFields({value: '21', text: 'C', lyrics: null})).toEqual({tonic: 'A', mode: 'minor'})
    expect(keyFromFields({value: null, text: 'd', lyrics: '8A'})).toEqual({tonic: 'D', mode: 'minor'})
    expect(keyFromFields({value: '24', text: 'off', lyrics: '7A'})).toEqual({tonic: 'D', mode: 'minor'})
    expect(keyFromFields({value: null, text: 'o', lyrics: null})).toBeNull()
  })
})

function mark(type: number, startMs: number, rest: Partial<Mark> = {}): Mark {
  return {name: 'n.n.', type, startMs, lengthMs: 0, hotcue: -1, colorRgb: null, gridTempoBpm: null, ...rest}
}

describe('cuesFromMarks', () => {
  it('keeps the last of two marks on one pad', () => {
    const marks = [mark(0, 1000, {hotcue: 3}), mark(5, 2000, {hotcue: 3, lengthMs: 500}), mark(0, 10)]
    expect(cuesFromMarks(marks, 0).map(({slot, positionMs}) => [slot, positionMs])).toEqual([
      [null, 10],
      [3, 2000],
    ])
    expect(countHiddenPads(marks)).toBe(1)
  })

  it.each([
    [0, 0, 'memory', null],
    [1, 0, 'fade-in', null],
    [2, 0, 'fade-out', null],
    [3, 0, 'load', null],
    [5, 250, 'memory', 250],
  ])('reads TYPE %d with LEN %d as %s', (type, lengthMs, kind, length) => {
    const [cue] = cuesFromMarks([mark(type, 5, {lengthMs})], 0)
    expect(cue).toMatchObject({kind, slot: null, lengthMs: length})
    expect(cue === undefined ? null : markFromCue(cue, 0)).toMatchObject({type, lengthMs, hotcue: -1})
  })

  it('takes a grid marker on a pad for a cue there, and one on none for none', () => {
    expect(cuesFromMarks([mark(4, 53, {hotcue: 0, name: 'AutoGrid'}), mark(4, 99)], 0)).toMatchObject([
      {kind: 'hot', slot: 0, positionMs: 53, name: ''},
    ])
  })

  it('leaves out a mark of a type that it does not know', () => {
    expect(cuesFromMarks([mark(9, 53)], 0)).toEqual([])
  })

  it('puts the ninth pad and those after it on none', () => {
    const [cue] = cuesFromMarks([mark(0, 5, {hotcue: 7})], 0)
    expect(cue === undefined ? null : markFromCue({...cue, slot: 8}, 0).hotcue).toBe(-1)
  })
})

describe('grids', () => {
  it('share the tempo of the track unless each has its own', () => {
    const marks = [mark(4, 900, {gridTempoBpm: 121}), mark(4, 100)]
    expect(gridFromMarks(marks, 120, 0)).toEqual([
      {positionMs: 100, tempoBpm: 120, beatInBar: 1},
      {positionMs: 900, tempoBpm: 121, beatInBar: 1},
    ])
    expect(gridFromMarks([mark(4, 100)], null, 0)).toEqual([])
  })

  // At 120 bpm a beat is 500 ms and a bar 2000 ms.
  it.each([
    [3, 1500, 500],
    [3, 500, 1500],
    [1, 40, 40],
    [4, 0, 500],
  ])('moves beat %d at %d ms to the downbeat at %d ms', (beatInBar, positionMs, downbeatMs) => {
    expect(gridForTraktor([{positionMs, tempoBpm: 120, beatInBar}], 0)[0]?.positionMs).toBe(downbeatMs)
  })
})

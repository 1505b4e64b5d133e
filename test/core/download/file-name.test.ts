// Names that every system takes.
import {describe, expect, it} from 'vitest'
import {checkTemplate, type NameFields, pathFromTemplate, safeName} from '../../../src/core/download/file-name.js'

const fields: NameFields = {
  artist: 'Bicep',
  title: 'Glue',
  mix: null,
  album: null,
  label: null,
  genre: null,
  year: null,
  channel: null,
  list: null,
}

describe('safeName', () => {
  it.each([
    ['AC/DC', 'AC-DC'],
    ['CON', '_CON'],
    ['nul.wav', '_nul.wav'],
    ['COM7', '_COM7'],
    ['Console', 'Console'],
    ['What? "Really" <now>: *', "What 'Really' (now) -"],
    ['...hidden', 'hidden'],
    ['--option', 'option'],
    ['ends in dots...  ', 'ends in dots'],
    ['a\u0000b\u202Ec\nd', 'a b c d'],
    ['e\u0301', '\u00e9'],
    ['\ud800 lone', 'lone'],
    ['夜明けの線路', '夜明けの線路'],
    ['..', ''],
  ])('%j → %j', (text, name) => {
    expect(safeName(text)).toBe(name)
  })

  it('cuts between whole letters at 200 bytes', () => {
    expect(Buffer.byteLength(safeName('ö'.repeat(300)))).toBe(200)
    const family = '👨‍👩‍👧‍👦'
    expect(safeName(family.repeat(50))).toBe(family.repeat(Math.floor(200 / Buffer.byteLength(family))))
  })
})

describe('pathFromTemplate', () => {
  it.each([
    ['{artist} - {title}', {}, 'Bicep - Glue'],
    ['{artist} - {title}', {artist: null}, 'Glue'],
    ['{artist} - {title}', {mix: 'Hammer Remix'}, 'Bicep - Glue (Hammer Remix)'],
    ['{genre}/{artist}/{title}', {genre: null, artist: '../..'}, 'Glue'],
    ['{list}/{title}', {list: 'My/Likes', title: '../../x'}, 'My-Likes/x'],
  ])('%s with %j', (template, change, path) => {
    expect(pathFromTemplate(template, {...fields, ...change})).toBe(path)
  })
})

describe('checkTemplate', () => {
  it.each(['{artist}', '/abs/{title}', '../{title}', 'a/../{title}', 'C:/{title}', '{title} {nonsense}'])(
    'refuses %s',
    (template) => {
      expect(() => checkTemplate(template)).toThrow(expect.objectContaining({code: 'CONFIG_INVALID'}))
    },
  )
})

// Rekordbox's file addresses: its own table of raw and escaped characters (FORMATS §1.3), and any path there and back.
import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {locationFromPath, parseLocation} from '../../../exporters/rekordbox/location.js'
import {pathKey} from '../../../src/core/music-path.js'

describe('locationFromPath', () => {
  it.each([
    ['/Users/dj/Music/x.mp3', 'file://localhost/Users/dj/Music/x.mp3'],
    ['D:\\Music\\x.mp3', 'file://localhost/D:/Music/x.mp3'],
    ['D:/Music/x y.mp3', 'file://localhost/D:/Music/x%20y.mp3'],
    ['/Volumes/USB/R&B/x.mp3', 'file://localhost/Volumes/USB/R%26B/x.mp3'],
    ["/m/Don't [VIP].mp3", 'file://localhost/m/Don%27t%20%5bVIP%5d.mp3'],
    ['/m/a_b-c.(d);e,f+g$h!i@j#k.mp3', 'file://localhost/m/a_b-c.(d);e,f+g$h!i@j#k.mp3'],
    ['/m/100%.mp3', 'file://localhost/m/100%25.mp3'],
    ['/m/why?.mp3', 'file://localhost/m/why%3f.mp3'],
    ['/m/é.mp3', 'file://localhost/m/%c3%a9.mp3'],
    ['/m/🔥.mp3', 'file://localhost/m/%f0%9f%94%a5.mp3'],
    ['/Users/dj/e\u0301.mp3', 'file://localhost/Users/dj/%c3%a9.mp3'],
    ['/home/dj/e\u0301.mp3', 'file://localhost/home/dj/e%cc%81.mp3'],
    ['/home/dj/AC\\DC.mp3', 'file://localhost/home/dj/AC%5cDC.mp3'],
    ['\\\\nas\\music\\x.mp3', 'file://localhost//nas/music/x.mp3'],
  ])('%s → %s', (path, location) => expect(locationFromPath(path)).toBe(location))
})

describe('parseLocation', () => {
  it.each([
    ['file://localhost/D:/Music/x%20y.mp3', 'D:/Music/x y.mp3'],
    ['file:///D:/Music/x.mp3', 'D:/Music/x.mp3'],
    ['file:///Users/dj/%C3%A9.mp3', '/Users/dj/é.mp3'],
    ['FILE://LOCALHOST/m/a#b?c.mp3', '/m/a#b?c.mp3'],
    ['file://localhost/m/100%.mp3', '/m/100%.mp3'],
    ['file://localhost/m/%zz%e9.mp3', '/m/%zz%e9.mp3'],
    ['file://localhost//nas/music/x.mp3', '//nas/music/x.mp3'],
    ['file://nas/music/x.mp3', '//nas/music/x.mp3'],
    ['/plain/100%25.mp3', '/plain/100%25.mp3'],
    ['D:\\plain\\x.mp3', 'D:\\plain\\x.mp3'],
  ])('%s → %s', (location, path) => expect(parseLocation(location)).toEqual({kind: 'path', path}))

  it.each([
    ['file://localhosttidal:tracks:12345', 'tidal'],
    ['soundcloud:tracks:1', 'soundcloud'],
    ['file://localhost/soundcloud:tracks:1', 'soundcloud'],
  ])('%s streams from %s', (location, service) => expect(parseLocation(location)).toEqual({kind: 'streaming', service}))

  it.each(['', '  ', 'x.mp3', '../x.mp3', 'http://example.org/x.mp3', 'file://localhost/m/%00.mp3'])(
    'refuses “%s”',
    (location) => expect(parseLocation(location).kind).toBe('invalid'),
  )

  const name = fc
    .string({unit: 'grapheme', minLength: 1})
    .filter((text) => !/[/\\\0]/.test(text) && text.trim() === text)
  const root = fc.constantFrom('/Users/dj', '/Volumes/A B', '/home/dj', 'D:', 'C:/Users/x')

  it('gives any path back', () => {
    fc.assert(
      fc.property(root, fc.array(name, {minLength: 1, maxLength: 4}), (folder, names) => {
        const path = [folder, ...names].join('/')
        const location = parseLocation(locationFromPath(path))
        expect(location.kind).toBe('path')
        if (location.kind === 'path') expect(pathKey(location.path)).toBe(pathKey(path))
      }),
      {numRuns: 500},
    )
  })

  it('escapes so that python3 reads the path that went in', () => {
    const paths = fc.sample(
      fc.array(name, {minLength: 1, maxLength: 3}).map((names) => `/home/${names.join('/')}`),
      {numRuns: 200, seed: 7},
    )
    const script =
      'import sys,json,urllib.parse as u;print(json.dumps([u.unquote(x[16:]) for x in json.load(sys.stdin)]))'
    const input = JSON.stringify(paths.map(locationFromPath))
    expect(JSON.parse(execFileSync('python3', ['-c', script], {input}).toString())).toEqual(paths)
  })
})

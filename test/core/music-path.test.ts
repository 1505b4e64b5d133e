// Paths of Windows, macOS and Linux, handled on whichever system runs the test; node's own path module is the judge.
import {posix, win32} from 'node:path'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  audioFormatOf,
  extensionOf,
  fileNameOf,
  folderOf,
  isAbsolutePath,
  isWindowsPath,
  mapPath,
  parsePathMapping,
  pathKey,
  relativePath,
  resolvePath,
  stemOf,
  systemOfPath,
} from '../../src/core/music-path.js'

describe('systemOfPath', () => {
  it.each([
    ['C:\\Music\\x.mp3', 'windows'],
    ['D:/Music/x.mp3', 'windows'],
    ['\\\\server\\share\\x.mp3', 'windows'],
    ['//server/share/x.mp3', 'windows'],
    ['/Users/dj/Music/x.mp3', 'macos'],
    ['/Volumes/USB/x.mp3', 'macos'],
    ['/home/dj/x.mp3', 'posix'],
    ['/home/dj/C:\\x.mp3', 'posix'],
    ['x.mp3', 'posix'],
  ])('%s is of %s', (path, system) => expect(systemOfPath(path)).toBe(system))
})

describe('file names', () => {
  const name = fc
    .string({unit: 'grapheme', minLength: 1, maxLength: 12})
    .filter((text) => !/[/\\:\0]/.test(text) && text !== '.' && text !== '..' && text.trim() !== '')

  it('agree with node on posix paths', () => {
    fc.assert(
      fc.property(fc.array(name, {minLength: 1, maxLength: 5}), (names) => {
        const path = `/${names.join('/')}`
        expect(fileNameOf(path)).toBe(posix.basename(path))
        expect(folderOf(path)).toBe(posix.dirname(path))
      }),
    )
  })

  it('agree with node on Windows paths', () => {
    fc.assert(
      fc.property(fc.array(name, {minLength: 2, maxLength: 5}), (names) => {
        const path = `C:\\${names.join('\\')}`
        expect(fileNameOf(path)).toBe(win32.basename(path))
        expect(folderOf(path)).toBe(win32.dirname(path))
      }),
    )
  })

  it.each([
    ['/m/a.b.MP3', 'mp3', 'a.b'],
    ['/m/.hidden', '', '.hidden'],
    ['/m/You Got Me (S.P..mp3', 'mp3', 'You Got Me (S.P.'],
    ['/m/a\nb.wav', 'wav', 'a\nb'],
    ['/m/none', '', 'none'],
    ['C:\\m.x\\none', '', 'none'],
    ['/m/end.', '', 'end.'],
  ])('%s has the extension "%s" and the stem %s', (path, extension, stem) => {
    expect(extensionOf(path)).toBe(extension)
    expect(stemOf(path)).toBe(stem)
  })

  it('keeps a backslash in a name of macOS or Linux', () => {
    expect(fileNameOf('/home/dj/AC\\DC.mp3')).toBe('AC\\DC.mp3')
  })
})

describe('audioFormatOf', () => {
  it.each([
    ['/x/a.MP3', 'mp3'],
    ['/x/a.aif', 'aiff'],
    ['/x/a.mp4', 'video'],
    ['/x/a.txt', null],
    ['/x/a', null],
  ])('%s is %s', (path, format) => expect(audioFormatOf(path)).toBe(format))
})

describe('pathKey', () => {
  it.each([
    ['/Users/dj/Caf\u00e9.mp3', '/Users/dj/Cafe\u0301.mp3'],
    ['/Users/dj/MUSIC/x.mp3', '/users/DJ/music/X.mp3'.replace('/users', '/Users')],
    ['D:\\Music\\x.mp3', 'd:/music/X.mp3'],
    ['//server/Share/x.mp3', '\\\\SERVER\\share\\x.mp3'],
    ['/home/dj//x.mp3', '/home/dj/x.mp3'],
  ])('%s and %s are one file', (a, b) => expect(pathKey(a)).toBe(pathKey(b)))

  it('tells upper from lower case on Linux', () => {
    expect(pathKey('/home/dj/X.mp3')).not.toBe(pathKey('/home/dj/x.mp3'))
  })
})

describe('resolvePath', () => {
  it.each([
    ['/lists', '../music/x.mp3'],
    ['/lists/a', './x.mp3'],
    ['/lists', '../../../../etc/x.mp3'],
    ['/lists', '/music/x.mp3'],
  ])('from %s to %s, as posix says', (folder, path) =>
    expect(resolvePath(folder, path)).toBe(posix.resolve(folder, path)),
  )

  it.each([
    ['C:\\lists', '..\\music\\x.mp3'],
    ['C:\\lists', 'D:\\music\\x.mp3'],
    ['C:\\lists', '..\\..\\..\\x.mp3'],
    ['C:\\lists', '\\music\\x.mp3'],
  ])('from %s to %s, as Windows says', (folder, path) =>
    expect(resolvePath(folder, path).replace(/\//g, '\\')).toBe(win32.resolve(folder, path)),
  )
})

describe('relativePath', () => {
  it.each([
    ['/lists/a', '/music/x.mp3', '../../music/x.mp3'],
    ['/music', '/music/a/x.mp3', 'a/x.mp3'],
    ['C:\\lists', 'c:\\music\\x.mp3', '../music/x.mp3'],
    ['C:\\lists', 'D:\\x.mp3', null],
    ['/lists', 'D:\\x.mp3', null],
  ])('from %s to %s is %s', (folder, path, expected) => {
    expect(relativePath(folder, path)).toBe(expected)
    if (expected !== null) expect(pathKey(resolvePath(folder, expected))).toBe(pathKey(path))
  })
})

describe('path mappings', () => {
  it.each([
    ['/Volumes/USB=E:/Music', {from: '/Volumes/USB', to: 'E:/Music'}],
    ['E:\\Music\\=/mnt/usb/', {from: 'E:\\Music', to: '/mnt/usb'}],
    ['/a=b/c=/d', {from: '/a=b/c', to: '/d'}],
    ['/=/mnt', {from: '/', to: '/mnt'}],
    ['relative=/x', null],
    ['/x', null],
    ['', null],
  ])('%s reads as %o', (text, expected) => expect(parsePathMapping(text)).toEqual(expected))

  const mappings = [
    {from: '/Volumes/USB', to: 'E:/Music'},
    {from: '/Volumes/USB/Old', to: 'F:\\Archive'},
    {from: 'D:\\Tracks', to: '/mnt/tracks'},
    {from: '/home', to: '/srv'},
  ]
  it.each([
    ['/Volumes/USB/a/x.mp3', 'E:/Music/a/x.mp3'],
    ['/Volumes/usb/a/x.mp3', 'E:/Music/a/x.mp3'],
    ['/Volumes/USB/Old/x.mp3', 'F:\\Archive\\x.mp3'],
    ['/Volumes/USBX/x.mp3', '/Volumes/USBX/x.mp3'],
    ['d:/tracks/AC&DC/x.mp3', '/mnt/tracks/AC&DC/x.mp3'],
    ['/Home/x.mp3', '/Home/x.mp3'],
    ['/home/x.mp3', '/srv/x.mp3'],
  ])('%s becomes %s', (path, expected) => expect(mapPath(path, mappings)).toBe(expected))
})

describe('absolute paths', () => {
  it.each(['/x', 'C:\\x', 'C:/x', '\\\\s\\x'])('%s', (path) => expect(isAbsolutePath(path)).toBe(true))
  it.each(['x', './x', '..\\x', 'C:x', ''])('not %s', (path) => {
    expect(isAbsolutePath(path)).toBe(false)
    expect(isWindowsPath(path)).toBe(false)
  })
})

// Files that Rekordbox wrote: read, written again byte for byte, and compared with what python3's XML reader finds.
import {execFileSync, spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {createRekordboxExporter} from '../../../exporters/rekordbox/exporter.js'
import {importer} from '../../../exporters/rekordbox/importer.js'
import {encodeNode} from '../../../exporters/rekordbox/playlists.js'
import {readRekordbox} from '../../../exporters/rekordbox/reader.js'
import {encodeElement, encodeEnd, encodeStart, type Layout, REKORDBOX_LAYOUT} from '../../../exporters/rekordbox/xml.js'
import {walkPlaylists} from '../../../src/core/playlist.js'
import {filesInMemory, libraryOfImport, runExport, runImport} from '../harness.js'
import {readShared, sharedFormats} from '../shared-files.js'

const FILES = ['conrad-rb6.6.1-2018tracks.xml', 'ddc-rb5.6.1-windows.xml', 'pyrekordbox-rb5.8.6.xml']
const folder = sharedFormats('rekordbox-xml')

/** Two of the files went through an editor or git: line ends and, in one, indents are not Rekordbox's own. */
function layoutOf(text: string): Layout {
  return {
    newLine: text.includes('\r\n') ? '\r\n' : '\n',
    indent: /\n( +)<PRODUCT/.exec(text)?.[1]?.length ?? REKORDBOX_LAYOUT.indent,
    wrapBytes: /\n +[A-Za-z]+="/.test(text) ? REKORDBOX_LAYOUT.wrapBytes : null,
    hasBlankLineAfterDeclaration: /\?>\r?\n\r?\n/.test(text),
    endsWithNewLine: text.endsWith('\n'),
  }
}

/** Decodes a file and encodes what came out, nothing else. */
async function encodeAgain(bytes: Buffer): Promise<string> {
  const layout = layoutOf(bytes.toString())
  const {newLine} = layout
  let text = `<?xml version="1.0" encoding="UTF-8"?>${newLine}${layout.hasBlankLineAfterDeclaration ? newLine : ''}`
  text += encodeStart('DJ_PLAYLISTS', {Version: '1.0.0'}, 0, layout)
  let hasPlaylists = false
  for await (const items of readRekordbox(filesInMemory({'': bytes}, {pieceBytes: 1000}).stream('')))
    for (const item of items) {
      if (item.kind === 'product')
        text += encodeElement({name: 'PRODUCT', attributes: item.attributes, children: []}, 1, layout)
      if (item.kind === 'collection') text += encodeStart('COLLECTION', item.attributes, 1, layout)
      if (item.kind === 'track') text += encodeElement(item.element, 2, layout)
      if (item.kind === 'warning') throw new Error(item.message)
      if (item.kind === 'playlists') {
        hasPlaylists = true
        text += encodeEnd('COLLECTION', 1, layout) + encodeStart('PLAYLISTS', {}, 1, layout)
        text += [...encodeNode(item.root, 2, layout)].join('') + encodeEnd('PLAYLISTS', 1, layout)
      }
    }
  if (!hasPlaylists) text += encodeEnd('COLLECTION', 1, layout)
  text += encodeEnd('DJ_PLAYLISTS', 0, layout)
  return layout.endsWithNewLine ? text : text.slice(0, -newLine.length)
}

describe.skipIf(folder === null)('files that Rekordbox wrote (shared/formats/rekordbox-xml)', () => {
  const bytesOf = (file: string) => readShared(folder ?? '', file)
  let encoded = 0

  it.each(FILES)('%s: encode(decode(bytes)) = bytes', async (file) => {
    const bytes = bytesOf(file)
    expect(await encodeAgain(bytes)).toBe(bytes.toString())
    encoded++
  })

  it('ran all three', () => expect(encoded).toBe(3))

  it.each([['conrad-rb6.6.1-2018tracks.xml'], ['pyrekordbox-rb5.8.6.xml']])(
    '%s: comes back from the library as Rekordbox wrote it, but for PRODUCT',
    async (file) => {
      const bytes = bytesOf(file)
      const imported = await runImport(importer, {'': bytes})
      const exported = await runExport(
        createRekordboxExporter(() => true),
        libraryOfImport(imported),
      )
      const withoutProduct = (text: string) => text.replaceAll('\r\n', '\n').replace(/ {2}<PRODUCT .*\n/, '')
      expect(withoutProduct(exported.files.get('') ?? '')).toBe(withoutProduct(bytes.toString()))
    },
  )

  it.each(FILES)('%s: import → export → import gives the same library', async (file) => {
    const first = await runImport(importer, {'': bytesOf(file)})
    const exported = await runExport(
      createRekordboxExporter(() => true),
      libraryOfImport(first),
    )
    const second = await runImport(importer, {'': exported.files.get('') ?? ''})
    expect(second.tracks).toEqual(first.tracks)
    expect(second.playlists).toEqual(first.playlists)
    expect(first.warnings).toEqual([])
  })

  const hasPython = spawnSync('python3', ['--version']).error === undefined
  it.skipIf(!hasPython).each(FILES)('%s: has the same tracks, marks and lists as python3 reads', async (file) => {
    const script = `
import json, sys, urllib.parse
import xml.etree.ElementTree as ET
root = ET.parse(sys.argv[1]).getroot()
tracks = []
for t in root.find('COLLECTION'):
    marks = [(m.get('Type'), round(float(m.get('Start')) * 1000), int(m.get('Num')), m.get('Name'),
              round((float(m.get('End')) - float(m.get('Start'))) * 1000) if m.get('End') else None,
              int(m.get('Red')) * 65536 + int(m.get('Green')) * 256 + int(m.get('Blue')) if m.get('Red') else None)
             for m in t.findall('POSITION_MARK')]
    grid = [(round(float(g.get('Inizio')) * 1000), float(g.get('Bpm'))) for g in t.findall('TEMPO')]
    path = urllib.parse.unquote(t.get('Location')[len('file://localhost'):])
    tracks.append([t.get('TrackID'), t.get('Name'), t.get('Artist'), path, float(t.get('AverageBpm')),
                   int(t.get('PlayCount')), int(t.get('Rating')), t.get('DateAdded'), marks, grid])
lists = [[n.get('Name'), [k.get('Key') for k in n.findall('TRACK')]] for n in root.iter('NODE') if n.get('Type') == '1']
print(json.dumps([tracks, lists]))`
    const read = execFileSync('python3', ['-c', script, join(folder ?? '', file)], {maxBuffer: 1 << 28})
    const [tracks, lists] = JSON.parse(read.toString()) as [unknown[], unknown[]]
    const imported = await runImport(importer, {'': bytesOf(file)})
    const asPython = imported.tracks.map((track) => [
      track.ref,
      track.tags.title ?? '',
      track.tags.artist ?? '',
      track.file.path.startsWith('/') ? track.file.path : `/${track.file.path}`,
      track.tempoBpm ?? 0,
      track.playCount,
      (track.ratingStars ?? 0) * 51,
      track.addedAt,
      track.cues.map((cue) => [
        cue.lengthMs === null ? '0' : '4',
        cue.positionMs,
        cue.slot ?? -1,
        cue.name,
        cue.lengthMs,
        cue.colorRgb,
      ]),
      track.beatGrid.map((marker) => [marker.positionMs, marker.tempoBpm]),
    ])
    expect(asPython).toEqual(tracks)
    const nodes = [...walkPlaylists(imported.playlists)].flatMap(({node}) => (node.kind === 'list' ? [node] : []))
    expect(nodes.map((node) => [node.name, node.tracks])).toEqual(lists)
  })
})

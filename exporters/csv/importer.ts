// CSV → library: crate's own tables, and those of others that have a path and headings one can tell.
import type {ImportedTrack, Importer} from '../../src/api/format.js'
import {CrateError} from '../../src/core/errors.js'
import {folderOf, resolvePath} from '../../src/core/music-path.js'
import {bareTrack} from '../shared/imported-track.js'
import {decodeTextStream} from '../shared/text-file.js'
import {parseCsv} from './codec.js'
import {type Column, columnFor} from './columns.js'

export const importer: Importer = {
  async *import({source}, context) {
    const folder = folderOf(source.resolve(''))
    let columns: readonly (Column | null)[] | null = null
    let row = 0
    for await (const cells of parseCsv(decodeTextStream(source.stream('')))) {
      row++
      if (columns === null) {
        columns = columnsFrom(cells)
        continue
      }
      const {track, faults} = trackFromCells(cells, columns, folder, row)
      for (const message of faults) yield {kind: 'warning', subject: track?.file.path ?? `row ${row}`, message}
      if (track !== null) yield {kind: 'track', track}
      if (row % 512 !== 0) continue
      context.signal.throwIfAborted()
      context.progress.update(row, null)
    }
    yield {kind: 'playlists', nodes: []}
  },
}

function columnsFrom(headings: readonly string[]): readonly (Column | null)[] {
  const columns = headings.map(columnFor)
  if (columns.some((column) => column?.name === 'path')) return columns
  const found = headings.slice(0, 12).map((heading) => heading.trim().slice(0, 20))
  throw new CrateError('FORMAT_INVALID', `the table has no column for the path, but: ${found.join(', ')}`, {
    hints: ['Name a column “path” (or “Location”) that holds the path of each file.'],
    details: {headings: found},
  })
}

function trackFromCells(
  cells: readonly string[],
  columns: readonly (Column | null)[],
  folder: string,
  row: number,
): {track: ImportedTrack | null; faults: string[]} {
  const path = cells[columns.findIndex((column) => column?.name === 'path')]?.trim() ?? ''
  if (path === '' || path.includes('\0')) return {track: null, faults: ['has no path and was left out']}
  const faults: string[] = []
  let track = bareTrack(`row ${row}`, resolvePath(folder, path))
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? ''
    if (cell.trim() === '' || column?.read === undefined) continue
    const patch = column.read(cell)
    if (patch === null) faults.push(`${column.name} “${cell.slice(0, 40)}” cannot be read and was left out`)
    else track = {...track, ...patch, file: {...track.file, ...patch.file}, tags: {...track.tags, ...patch.tags}}
  }
  return {track: withTempoInGrid(track), faults}
}

/** The first beat makes a grid only together with a tempo. */
function withTempoInGrid(track: ImportedTrack): ImportedTrack {
  const {tempoBpm, beatGrid} = track
  if (beatGrid.length === 0) return track
  return tempoBpm === null
    ? {...track, beatGrid: [], gridOrigin: null}
    : {...track, beatGrid: beatGrid.map((marker) => ({...marker, tempoBpm}))}
}

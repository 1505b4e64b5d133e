// Library → CSV: a row of names, then a row a track.
import type {Exporter} from '../../src/api/format.js'
import {chooseOption} from '../shared/options.js'
import {inPieces} from '../shared/pieces.js'
import {encodeCsvRow} from './codec.js'
import {COLUMNS} from './columns.js'

export const exporter: Exporter = {
  async *export({library, options}, context) {
    const separators = {comma: ',', semicolon: ';', tab: '\t'} as const
    const separator = separators[chooseOption(options, 'separator', ['comma', 'semicolon', 'tab'], 'comma')]
    // Excel takes a file without the mark for text of the system's 8-bit kind.
    const mark = chooseOption(options, 'bom', ['no', 'yes'], 'no') === 'yes' ? '\uFEFF' : ''
    async function* rows(): AsyncGenerator<string> {
      yield mark +
        encodeCsvRow(
          COLUMNS.map(({name}) => name),
          separator,
        )
      let done = 0
      for await (const track of library.tracks()) {
        yield encodeCsvRow(
          COLUMNS.map((column) => column.text(track) ?? ''),
          separator,
        )
        if (++done % 512 !== 0) continue
        context.signal.throwIfAborted()
        context.progress.update(done, library.trackCount)
      }
    }
    yield {kind: 'file', path: '', chunks: inPieces(rows())}
  },
}

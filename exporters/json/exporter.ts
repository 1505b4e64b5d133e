// Library → crate's JSON, one track a line, so that diffs and line tools work on it.
import type {Exporter} from '../../src/api/format.js'
import {inPieces} from '../shared/pieces.js'
import {FORMAT, VERSION} from './schema.js'

export const exporter: Exporter = {
  async *export({library}, context) {
    async function* lines(): AsyncGenerator<string> {
      yield `{"format": ${JSON.stringify(FORMAT)}, "version": ${VERSION},\n"tracks": [`
      let done = 0
      for await (const track of library.tracks()) {
        yield `${done === 0 ? '' : ','}\n${JSON.stringify(track)}`
        if (++done % 512 !== 0) continue
        context.signal.throwIfAborted()
        context.progress.update(done, library.trackCount)
      }
      yield '\n],\n"playlists": ['
      for (const [index, node] of library.playlists().entries())
        yield `${index === 0 ? '' : ','}\n${JSON.stringify(node)}`
      yield '\n]}\n'
    }
    yield {kind: 'file', path: '', chunks: inPieces(lines())}
  },
}

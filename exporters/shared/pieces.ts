// Text on its way to a file, gathered to pieces worth writing.

const PIECE_LENGTH = 64 * 1024

/** Texts joined to larger ones: a write per line would cost more than making it. */
export async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = ''
  for await (const text of texts) {
    piece += text
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

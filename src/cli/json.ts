// One JSON document on stdout, written piece by piece: a library of 100,000 tracks is longer than a string may be.

/** Yields the text of a value; the items of arrays and generators at the top level come one at a time. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield JSON.stringify(value)
    return
  }
  let separator = '{'
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    yield `${separator}\n  ${JSON.stringify(key)}: `
    separator = ','
    if (isList(member)) {
      let isFirst = true
      for (const item of member) {
        yield `${isFirst ? '[' : ','}\n    ${JSON.stringify(item)}`
        isFirst = false
      }
      yield isFirst ? '[]' : '\n  ]'
    } else yield JSON.stringify(member)
  }
  yield separator === '{' ? '{}' : '\n}'
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

const PIECE_CHARACTERS = 65_536

/** Writes and waits where the reader is slower. */
export async function writeJson(stream: NodeJS.WritableStream, value: unknown): Promise<void> {
  let buffered = ''
  const flush = async () => {
    const text = buffered
    buffered = ''
    await new Promise<void>((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())))
  }
  for (const piece of jsonPieces(value)) {
    buffered += piece
    if (buffered.length > PIECE_CHARACTERS) await flush()
  }
  buffered += '\n'
  await flush()
}

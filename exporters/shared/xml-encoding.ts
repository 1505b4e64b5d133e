// In which encoding an XML file is: DJ programs write UTF-8, editors and converters write others.

/**
 * By byte order mark, else by the declaration, else UTF-8.
 *
 * @param head the first 256 bytes or more, or the whole file where it is shorter
 */
export function decoderOfXml(head: Uint8Array): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le')
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be')
  const declaration = Buffer.from(head.subarray(0, 256)).toString('latin1')
  const encoding = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(declaration)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(/^utf-?16/i.test(encoding) ? 'utf-8' : encoding)
  } catch {
    return new TextDecoder()
  }
}

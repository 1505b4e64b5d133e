// Lines of a file → links; crate fetches, tags and files what is behind them.
import {createReadStream} from 'node:fs'
import {createInterface} from 'node:readline'
import type {Source} from 'crate-dj/plugin'

export const source: Source = {
  async *list(target, context) {
    const input = createReadStream(target)
    const opened = new Promise<void>((settle, reject) => {
      input.once('open', () => settle())
      input.once('error', (error) => reject(context.error('FILE_NOT_FOUND', `${target}: ${error.message}`)))
    })
    await opened
    let number = 0
    for await (const line of createInterface({input, crlfDelay: Number.POSITIVE_INFINITY})) {
      context.signal.throwIfAborted()
      number++
      const link = line.trim()
      if (link === '' || link.startsWith('#')) continue
      if (/^https?:\/\//i.test(link)) yield {kind: 'link', link, about: {}}
      else
        yield {
          kind: 'failure',
          subject: `line ${number}`,
          code: 'FORMAT_INVALID',
          message: 'is no http or https address',
        }
    }
  },
}

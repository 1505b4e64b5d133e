// Looks at a text file and tells when it changes.
import {readFile} from 'node:fs/promises'
import type {NowPlaying} from 'crate-dj/plugin'

const LOOK_EVERY_MS = 500

export const nowPlaying: NowPlaying = {
  async open(target, sink, context) {
    const look = async () => (await readFile(target ?? '', 'utf8')).trim()
    let shown = ''
    const show = (text: string) => {
      if (text === shown) return
      shown = text
      const [artist, ...title] = text.split(' - ')
      sink.emit({
        source: '__ID__',
        deck: null,
        state: 'on-air',
        atMs: context.nowMs(),
        artist: title.length === 0 ? null : (artist ?? null),
        title: title.length === 0 ? text : title.join(' - '),
        path: null,
      })
    }
    try {
      show(await look())
    } catch (error) {
      throw context.error('FILE_NOT_FOUND', `${JSON.stringify(target)} cannot be read: ${(error as Error).message}`)
    }
    let isClosed = false
    const timer = setInterval(() => {
      look().then(
        (text) => !isClosed && show(text),
        (error: Error) => !isClosed && sink.lost(error),
      )
    }, LOOK_EVERY_MS)
    return {
      close: async () => {
        isClosed = true
        clearInterval(timer)
      },
    }
  },
}

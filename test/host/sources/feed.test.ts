// Feeds as servers send them: in the encoding that they declare.
import {describe, expect, it} from 'vitest'
import {decodeFeed} from '../../../src/host/sources/feed.js'

describe('decodeFeed', () => {
  const feed = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><rss><title>Röyksopp</title></rss>`

  it('reads Latin-1, UTF-8 and UTF-16', () => {
    expect(decodeFeed(Buffer.from(feed('ISO-8859-1'), 'latin1'))).toContain('Röyksopp')
    expect(decodeFeed(Buffer.from(feed('utf-8'), 'utf8'))).toContain('Röyksopp')
    expect(decodeFeed(Buffer.from(`\ufeff${feed('utf-16')}`, 'utf16le'))).toContain('Röyksopp')
  })

  it('takes an encoding that nobody knows for UTF-8', () => {
    expect(decodeFeed(Buffer.from(feed('x-made-up'), 'utf8'))).toContain('Röyksopp')
  })
})

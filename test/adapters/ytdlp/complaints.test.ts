// What yt-dlp and the services behind it say, as users have posted it.
import {describe, expect, it} from 'vitest'
import {complaintError, complaintFrom, plainWords} from '../../../src/adapters/ytdlp/complaints.js'
import {parseProtocolLine} from '../../../src/adapters/ytdlp/protocol.js'

describe('complaintFrom', () => {
  it.each([
    ["ERROR: [youtube] abc: Private video. Sign in if you've been granted access to this video", 'private'],
    ['ERROR: [youtube] abc: Video unavailable. This video has been removed by the uploader', 'removed'],
    ['ERROR: [youtube] abc: The uploader has not made this video available in your country', 'region'],
    [
      'ERROR: [youtube] abc: Video unavailable. This video contains content from SME, who has blocked it in your country on copyright grounds',
      'region',
    ],
    ['ERROR: [youtube] abc: Sign in to confirm your age. This video may be inappropriate for some users.', 'login'],
    ['ERROR: [youtube] abc: Sign in to confirm you’re not a bot. Use --cookies-from-browser', 'rate'],
    ['ERROR: [soundcloud] 12: Unable to download JSON metadata: HTTP Error 429: Too Many Requests', 'rate'],
    [
      'ERROR: [soundcloud] a/b: Unable to download JSON metadata: HTTP Error 404: Not Found (caused by <HTTPError 404>)',
      'removed',
    ],
    ['ERROR: [generic] Unable to download webpage: HTTP Error 503: Service Unavailable', 'server'],
    ['ERROR: [generic] Unable to download webpage: <urlopen error [Errno -2] Name or service not known>', 'network'],
    ['ERROR: Unsupported URL: https://example.org', 'unsupported'],
    ['ERROR: unable to write data: [Errno 28] No space left on device', 'disk-full'],
    ['ERROR: [spotify] x: This video is DRM protected', 'protected'],
    [
      'ERROR: [youtube] abc: Unable to extract nsig function code; please report this issue on https://github.com',
      'outdated',
    ],
    ['ERROR: something never seen', 'other'],
  ])('%s', (text, complaint) => {
    expect(complaintFrom(text)).toBe(complaint)
  })
})

describe('plainWords', () => {
  it('drops the calls to report bugs', () => {
    expect(
      plainWords('ERROR: [youtube] abc: Unable to extract x; please report this issue on https://github.com/yt-dlp'),
    ).toBe('Unable to extract x')
    expect(complaintError('rate', 'https://a', 'ERROR: [x] y: HTTP Error 429')).toMatchObject({
      code: 'NETWORK_FAILED',
      details: {complaint: 'rate'},
    })
  })
})

describe('parseProtocolLine', () => {
  it.each([
    '',
    '{"crate":',
    '{"crate":"piece"}',
    '{"crate":"piece","value":null}',
    '[download] 100%',
    '{"crate":"file","value":{}}',
    '{"crate":"nonsense","value":{}}',
  ])('takes %j for text', (line) => {
    expect(parseProtocolLine(line)).toEqual({kind: 'text', text: line})
  })
})

// yt-dlp is installed when it is asked for, from a release whose checksum fits, and used from then on.
import {createHash} from 'node:crypto'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {releaseFile} from '../../src/adapters/ytdlp/install.js'
import {installCrate} from '../support/crate.js'
import {send, startMusicService} from '../support/music-service.js'

const isWindows = process.platform === 'win32'
const script = (version: string) => `#!/bin/sh\necho ${version}\n`

async function releaseOf(program: string, sum = createHash('sha256').update(program).digest('hex')) {
  const service = await startMusicService()
  const name = releaseFile(process.platform, process.arch)
  service.pages.set('/SHA2-256SUMS', (_request, response) =>
    send(response, 200, 'text/plain', `${'0'.repeat(64)}  other\n${sum}  ${name}\n`),
  )
  service.pages.set(`/${name}`, (_request, response) => send(response, 200, 'application/octet-stream', program))
  return {CRATE_YT_DLP_RELEASES: service.url}
}

describe.skipIf(isWindows)('crate doctor --install yt-dlp', () => {
  const setUp = () => {
    const crate = installCrate()
    return {crate, path: join(crate.home, '.local', 'share', 'crate', 'bin', 'yt-dlp')}
  }

  it('installs, updates, and shows it from then on', async () => {
    const {crate, path} = setUp()
    for (const version of ['2020.01.01', '2026.11.01']) {
      const run = await crate.start(['doctor', '--install', 'yt-dlp', '--json'], await releaseOf(script(version))).done
      const checks = run.json<{checks: {id: string; text: string}[]}>().checks
      expect(checks.find(({id}) => id === 'yt-dlp')?.text).toContain(version)
      expect(readFileSync(path, 'utf8')).toContain(version)
    }
  })

  it.each([
    ['its checksum differs', script('2026.11.01'), '1'.repeat(64)],
    ['it does not run', 'no program', undefined],
  ])('leaves all as it was where %s', async (_why, program, sum) => {
    const {crate, path} = setUp()
    const run = await crate.start(['doctor', '--install', 'yt-dlp', '--json'], await releaseOf(program, sum)).done
    expect(run.status).toBe(1)
    expect(run.json()).toMatchObject({error: {code: 'TOOL_FAILED'}})
    expect(existsSync(path)).toBe(false)
  })

  it('says in one line that yt-dlp is missing, and what to do', async () => {
    const {crate} = setUp()
    const run = await crate.start(['download', 'https://example.org/a'], {PATH: '/nonexistent'}).done
    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(
      /^✗ yt-dlp is not installed\n {2}→ Install it: .+\n {2}→ Or let crate do it: crate doctor --install yt-dlp\n$/,
    )
  })
})

// Two programs never write into one half file.
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {claimFolder, isAbandoned, markFolder, releaseFolder} from '../../../src/adapters/ytdlp/claim.js'
import {temporaryFolder} from '../../support/crate.js'

function stagedFolder(): {staging: string; folder: string} {
  const staging = temporaryFolder()
  const folder = join(staging, 'piece')
  mkdirSync(folder)
  writeFileSync(join(folder, 'audio.wav.part'), 'half')
  return {staging, folder}
}

describe('claimFolder', () => {
  it('goes on with what a program left that has ended', async () => {
    const {folder} = stagedFolder()
    const ended = spawn(process.execPath, ['-e', '0'])
    await new Promise((resolve) => ended.once('exit', resolve))
    await markFolder(folder, ended.pid ?? 0)
    await claimFolder(folder, new AbortController().signal)
    expect(readFileSync(join(folder, 'audio.wav.part'), 'utf8')).toBe('half')
  })

  it('moves aside what another program still writes, and gives it up when that has ended', async () => {
    const {staging, folder} = stagedFolder()
    const writer = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
    onTestFinished(() => void writer.kill('SIGKILL'))
    await markFolder(folder, writer.pid ?? 0)
    await claimFolder(folder, new AbortController().signal)
    expect(readdirSync(folder)).toEqual([])
    const [aside = ''] = readdirSync(staging).filter((name) => name !== 'piece')
    expect(existsSync(join(staging, aside, 'audio.wav.part'))).toBe(true)
    expect(isAbandoned(aside)).toBe(false)
    writer.kill('SIGKILL')
    await new Promise((resolve) => writer.once('exit', resolve))
    expect(isAbandoned(aside)).toBe(true)
  })

  it('takes a released folder as it is', async () => {
    const {folder} = stagedFolder()
    await markFolder(folder, process.pid)
    await releaseFolder(folder)
    await claimFolder(folder, new AbortController().signal)
    expect(readdirSync(folder)).toEqual(['audio.wav.part'])
  })
})

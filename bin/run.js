#!/usr/bin/env node
import {writeSync} from 'node:fs'
import {execute} from '@oclif/core'

// oclif ends with 127 for a command that it does not know; crate promises 2, and one document, for every wrong usage.
process.on('exit', (status) => {
  if (status !== 127) return
  process.exitCode = 2
  if (!process.argv.includes('--json')) return
  const message = `${process.argv.slice(2).find((word) => !word.startsWith('-'))} is not a crate command`
  writeSync(1, `${JSON.stringify({error: {code: 'USAGE', message, hints: ['crate help lists them']}}, null, 2)}\n`)
})
await execute({dir: import.meta.url})

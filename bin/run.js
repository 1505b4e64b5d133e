#!/usr/bin/env node
import {execute} from '@oclif/core'

// oclif ends with 127 for a command that it does not know; crate promises 2 for every wrong usage.
process.on('exit', (status) => {
  if (status === 127) process.exitCode = 2
})
await execute({dir: import.meta.url})

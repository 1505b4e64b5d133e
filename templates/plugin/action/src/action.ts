// One line in a file for each time that a gesture sets it off; the mapping's argument is the file.
import {appendFile} from 'node:fs/promises'
import type {Action} from 'crate-dj/plugin'

export const action: Action = {
  async perform(argument, {atMs, heard}, context) {
    if (argument === '') throw context.error('USAGE', 'the mapping names no file', {hints: ['argument: notes.txt']})
    const what = heard === null ? 'nothing known' : JSON.stringify(heard)
    await appendFile(argument, `${new Date(atMs).toISOString()}  ${what}\n`)
  },
}

// README shows what crate prints today, and its links lead somewhere.
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, it} from 'vitest'
import {recordAgain, recordingIn, withoutTimes} from '../../scripts/recording.js'
import {ROOT} from '../support/crate.js'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

it('records what the commands print (npm run recording)', () => {
  const recording = recordingIn(readme)
  expect(withoutTimes(recordAgain(recording))).toBe(withoutTimes(recording))
}, 180_000)

it('links to what is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

it('shows every picture of the manual somewhere, and no other', () => {
  const pages = readdirSync(join(ROOT, 'docs'), {recursive: true, encoding: 'utf8'}).filter((path) =>
    path.endsWith('.md'),
  )
  const shown = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path = '']) =>
      join(dirname(page), path),
    ),
  )
  const pictures = readdirSync(join(ROOT, 'docs', 'images')).map((name) => join('images', name))
  expect([...new Set(shown)].sort()).toEqual(pictures.sort())
})

// The reference is what the code is: commands, flags, query fields, config keys.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {referenceDocs} from '../../scripts/reference-docs.js'
import {parseConfig} from '../../src/adapters/config/config-file.js'
import {DEFAULT_CONFIG} from '../../src/core/config.js'
import {ROOT} from '../support/crate.js'

describe('docs/reference', () => {
  it.each([...referenceDocs()])('%s is fresh (npm run docs)', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text)
  })

  it('names every config key, and its example is a valid config', async () => {
    const page = readFileSync(join(ROOT, 'docs/reference/config.md'), 'utf8')
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const config = await parseConfig(example, 'config.md')
    expect(Object.keys(config).sort()).toEqual(Object.keys(DEFAULT_CONFIG).sort())
    for (const key of [
      ...Object.keys(DEFAULT_CONFIG),
      ...Object.keys(DEFAULT_CONFIG.downloads),
      ...Object.keys(DEFAULT_CONFIG.tools),
    ])
      expect(example, `config key ${key}`).toContain(`${key}:`)
  })
})

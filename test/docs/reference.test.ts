// The reference is what the code is: commands, flags, query fields, config keys.
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import {referenceDocs} from '../../scripts/reference-docs.js'
import {parseConfig} from '../../src/adapters/config/config-file.js'
import {EXIT} from '../../src/cli/failure.js'
import {DEFAULT_CONFIG} from '../../src/core/config.js'
import {mappingSchema} from '../../src/live/mapping/schema.js'
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
      ...propertyNames(JSON.parse(readFileSync(join(ROOT, 'docs/schemas/config.schema.json'), 'utf8'))),
    ])
      expect(example, `config key ${key}`).toContain(`${key}:`)
  })

  it('names every key of a mapping', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/mapping.md'), 'utf8')
    const keys = propertyNames(z.toJSONSchema(mappingSchema, {io: 'input', unrepresentable: 'any'}))
    expect(keys.size).toBeGreaterThan(25)
    expect([...keys].filter((key) => !new RegExp(`(?<!\\w)${key.replace('$', '\\$')}\\b`).test(page))).toEqual([])
  })

  it('names every variable of the environment, and every exit status', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/config.md'), 'utf8')
    const sources = readdirSync(join(ROOT, 'src'), {recursive: true, encoding: 'utf8'})
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(ROOT, 'src', path), 'utf8'))
    const variables = sources.flatMap((text) => text.match(/\b(CRATE_[A-Z_]+[A-Z])\b(?!__)/g) ?? [])
    expect(variables).toContain('CRATE_LIBRARY')
    for (const name of new Set(variables.filter((one) => !one.startsWith('CRATE_VERSION'))))
      expect(page).toContain(`\`${name}\``)
    const statuses = page.slice(page.indexOf('## Exit status'))
    for (const status of Object.values(EXIT)) expect(statuses).toMatch(new RegExp(`\\b${status} `))
  })
})

function propertyNames(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const {properties} = value as {properties?: object}
    for (const name of Object.keys(properties ?? {})) names.add(name)
    for (const item of Object.values(value)) walk(item)
  }
  walk(schema)
  return names
}

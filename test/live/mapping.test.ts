import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {mappingFrom, parseMapping} from '../../src/live/mapping/parse.js'
import {mappingJsonSchema} from '../../src/live/mapping/schema.js'

const GOOD = `version: 1
sensors:
  right: {type: osc, profile: zigsim}
outputs:
  deck: {type: midi, target: virtual:crate}
rules:
  - when: {gesture: throw, confidence: 0.7}
    do:
      - note: {number: 36}
      - suggest
controls:
  - from: {sensor: right, axis: tilt-x}
    to: {cc: {number: 20, bits: 14}}
`

function faultsOf(text: string) {
  const parsed = parseMapping(text)
  return 'faults' in parsed ? parsed.faults : []
}

describe('parseMapping', () => {
  it('reads YAML and fills in what was left out', () => {
    const mapping = mappingFrom(GOOD, 'stage.yaml')
    expect(mapping).toMatchObject({
      armed: true,
      rules: [
        {when: {gesture: 'throw', confidence: 0.7}, do: [{note: {number: 36, channel: 1, velocity: 100}}, 'suggest']},
      ],
      controls: [{curve: 'linear', deadBand: 0, smoothing: {minCutoffHz: 1.5}}],
    })
  })

  it('reads JSON too', () => {
    expect(faultsOf('{"version": 1, "rules": [{"when": {"control": "button/1"}, "do": "accept"}]}')).toEqual([])
  })

  it.each([
    ['a note beyond 127', GOOD.replace('number: 36', 'number: 136'), 9, 'rules[0].do[0].note.number'],
    ['a channel 0', GOOD.replace('{number: 36}', '{number: 36, channel: 0}'), 9, 'rules[0].do[0].note.channel'],
    ['an axis that is none', GOOD.replace('tilt-x', 'tilt-q'), 12, 'controls[0].from.axis'],
    ['a sensor that is not declared', GOOD.replace('sensor: right', 'sensor: left'), 12, 'controls[0].from.sensor'],
    [
      'an output that is not declared',
      GOOD.replace('{number: 36}', '{number: 36, output: desk}'),
      9,
      'rules[0].do[0].note.output',
    ],
    ['14 bits above controller 31', GOOD.replace('number: 20', 'number: 70'), 13, 'controls[0].to.cc.number'],
    ['a misspelt key', GOOD.replace('confidence: 0.7', 'confidense: 0.7'), 7, 'rules[0].when'],
    ['a version of later', GOOD.replace('version: 1', 'version: 2'), 1, 'version'],
  ])('names the line of %s', (_what, text, line, path) => {
    expect(faultsOf(text)).toContainEqual(expect.objectContaining({line, path}))
  })

  it('says which names there are', () => {
    expect(faultsOf(GOOD.replace('sensor: right', 'sensor: left'))[0]?.reason).toContain('right')
  })

  it('names the line of text that is no YAML', () => {
    expect(faultsOf('version: 1\nrules: [\n  a: b: c\n')[0]?.line).toBeGreaterThanOrEqual(2)
  })

  it('refuses aliases that multiply', () => {
    const bomb = [
      'version: 1',
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map(
          (name, index) => `${name}: &${name} [${Array.from({length: 9}, () => `*${'abcdefgh'[index]}`).join(',')}]`,
        ),
    ].join('\n')
    expect(faultsOf(bomb)).toHaveLength(1)
  })

  it('throws one error with all faults for the command line', () => {
    const text = GOOD.replace('number: 36', 'number: 136').replace('tilt-x', 'up')
    expect(() => mappingFrom(text, 'stage.yaml')).toThrowError(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^stage\.yaml:9: .*and 1 more/),
        hints: [expect.stringMatching(/^stage\.yaml:12: /)],
      }),
    )
  })

  it('never throws, whatever the file holds while it is being edited', () => {
    fc.assert(fc.property(fc.string(), (text) => 'faults' in parseMapping(text)))
    fc.assert(
      fc.property(fc.nat(GOOD.length), fc.nat(40), fc.string({maxLength: 5}), (at, count, patch) => {
        parseMapping(GOOD.slice(0, at) + patch + GOOD.slice(at + count))
      }),
    )
  })
})

describe('mappingJsonSchema', () => {
  it('is a schema of what a person writes: only the version must be there', () => {
    expect(mappingJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['version'],
      additionalProperties: false,
    })
  })
})

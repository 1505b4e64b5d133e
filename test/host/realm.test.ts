// A realm that was noted is put back, whatever code did to it, and named.
import {afterEach, describe, expect, it} from 'vitest'
import {noteRealm} from '../../src/host/realm.js'

const realm = noteRealm()
afterEach(() => void realm.restore())

const define = (target: object, key: PropertyKey, descriptor: PropertyDescriptor) =>
  void Object.defineProperty(target, key, {configurable: true, ...descriptor})

describe('noteRealm', () => {
  it.each<[string, () => void, string[]]>([
    ['nothing', () => {}, []],
    ['a key on every object', () => void Object.assign(Object.prototype, {evil: 1}), ['Object.prototype.evil']],
    ['a hidden key on every object', () => define(Object.prototype, 'evil', {value: 1}), ['Object.prototype.evil']],
    ['an accessor on every descriptor', () => void Object.assign(Object.prototype, {get: 1}), ['Object.prototype.get']],
    ['a method replaced', () => define(Array.prototype, 'map', {value: () => []}), ['Array.prototype.map']],
    ['a method removed', () => void Reflect.deleteProperty(String.prototype, 'trim'), ['String.prototype.trim']],
    ['a getter replaced', () => define(Map.prototype, 'size', {get: () => 0}), ['Map.prototype.size']],
    ['a namespace changed', () => define(Math, 'sqrt', {value: () => 0}), ['Math.sqrt']],
    ['then on numbers', () => define(Number.prototype, 'then', {value: () => {}}), ['Number.prototype.then']],
    [
      'iteration',
      () => define(Array.prototype, Symbol.iterator, {value: null}),
      ['Array.prototype.Symbol(Symbol.iterator)'],
    ],
    [
      'typed arrays',
      () => define(Object.getPrototypeOf(Float32Array.prototype), 'set', {value: 1}),
      ['TypedArray.prototype.set'],
    ],
    ['timers', () => define(globalThis, 'setTimeout', {value: () => {}}), ['globalThis.setTimeout']],
  ])('%s is put back and named', (_what, change, names) => {
    change()
    expect(realm.restore()).toEqual(names)
    expect(realm.restore(), 'all is as it was').toEqual([])
  })

  it('puts back a variable of the environment that was changed or removed, and leaves new ones', () => {
    const {HOME, PATH} = process.env
    delete process.env['HOME']
    process.env['PATH'] = 'nowhere'
    process.env['OF_A_PLUGIN'] = 'its own'
    expect([...realm.restore()].sort()).toEqual(['process.env.HOME', 'process.env.PATH'])
    expect(process.env).toMatchObject({HOME, PATH, OF_A_PLUGIN: 'its own'})
    delete process.env['OF_A_PLUGIN']
  })

  it('leaves what newer languages bring to older ones: methods that nobody meets unasked', () => {
    define(Set.prototype, 'unionForTheTest', {value: () => 1})
    expect(realm.restore()).toEqual([])
    Reflect.deleteProperty(Set.prototype, 'unionForTheTest')
  })

  it('takes nothing that Node itself brings on first use for a change', () => {
    void [globalThis.crypto, globalThis.navigator, process.stdout, structuredClone({})]
    expect(realm.restore()).toEqual([])
  })
})

// The kit's rules for archives and for what plays, and those of descriptors that are hard to break: one fault planted for each.
import {readFile, writeFile} from 'node:fs/promises'
import {describe, expect, it} from 'vitest'
import type {CratePlugin, DeckState, NowPlaying, StoredObject, Uploader, UploadSession} from '../../src/api/index.js'
import {CrateError} from '../../src/core/errors.js'
import {findingsOf, rulesFor} from '../../src/testing/index.js'

const samples = {uploaders: {shelf: 'shelf://here'}, nowPlaying: {deck: 'here'}}

/** An archive in memory that keeps to every rule, with some of its functions replaced. */
function uploader(
  change: (sound: UploadSession, files: Map<string, Buffer>) => Partial<UploadSession> = () => ({}),
  {scheme = 'shelf://', open = null}: {scheme?: string; open?: Uploader['open'] | null} = {},
): CratePlugin {
  const files = new Map<string, Buffer>()
  const sound: UploadSession = {
    async *list() {
      for (const name of [...files.keys()].sort())
        yield {name, sizeBytes: files.get(name)?.length ?? 0, crc32c: null} satisfies StoredObject
    },
    async store({name, path}, {overwrite}) {
      if (name.split('/').includes('..')) throw new CrateError('USAGE', 'leads out')
      if (files.has(name) && !overwrite) throw new CrateError('FILE_EXISTS', 'taken')
      files.set(name, await readFile(path))
    },
    async restore({name}, toPath) {
      const bytes = files.get(name)
      if (bytes === undefined) throw new CrateError('NOT_AVAILABLE', 'not there')
      await writeFile(toPath, bytes)
    },
    async close() {},
  }
  const openSoundly: Uploader['open'] = async (target) => {
    if (!target.startsWith('shelf://')) throw new CrateError('USAGE', 'another target')
    return {...sound, ...change(sound, files)}
  }
  return {
    uploaders: [
      {id: 'shelf', name: 'Shelf', summary: 'In memory.', scheme, load: async () => ({open: open ?? openSoundly})},
    ],
  }
}

const STATE: DeckState = {
  deck: '1',
  track: null,
  phase: 'stopped',
  positionMs: null,
  tempoBpm: null,
} as unknown as DeckState

function nowPlaying(open: NowPlaying['open']): CratePlugin {
  return {nowPlaying: [{id: 'deck', name: 'Deck', summary: 'What plays.', load: async () => ({open})}]}
}

const openDeck: NowPlaying['open'] = async (target) => {
  if (target !== 'here') throw new CrateError('FILE_NOT_FOUND', 'nothing there')
  return {close: async () => undefined}
}

const nothing = async () => undefined

const MUTANTS: readonly (readonly [rule: string, fault: string, plugin: CratePlugin])[] = [
  [
    'upload-wrong-target',
    'takes any target',
    uploader(undefined, {
      open: async () => ({list: async function* () {}, store: nothing, restore: nothing, close: nothing}),
    }),
  ],
  ['upload-scheme', 'does not say how its targets begin', uploader(undefined, {scheme: 'shelf'})],
  [
    'upload-round-trip',
    'loses the last byte',
    uploader((_sound, files) => ({
      restore: async ({name}, toPath) => writeFile(toPath, files.get(name)?.subarray(1) ?? ''),
    })),
  ],
  [
    'upload-list',
    'lists in no order',
    uploader((sound) => ({
      list: async function* () {
        const all: StoredObject[] = []
        for await (const object of sound.list()) all.unshift(object)
        yield* all
      },
    })),
  ],
  [
    'upload-list',
    'changes names',
    uploader((sound) => ({
      list: async function* () {
        for await (const object of sound.list()) yield {...object, name: encodeURIComponent(object.name)}
      },
    })),
  ],
  [
    'upload-exists',
    'stores over what is there',
    uploader((sound) => ({store: (item, options) => sound.store(item, {...options, overwrite: true})})),
  ],
  [
    'upload-exists',
    'fails with an error of its own',
    uploader((sound) => ({
      store: (item, options) =>
        sound.store(item, options).catch(() => {
          throw new Error('taken')
        }),
    })),
  ],
  [
    'upload-overwrite',
    'keeps the old one',
    uploader((sound, files) => ({
      store: async (item, options) =>
        files.has(item.name) && options.overwrite ? undefined : sound.store(item, options),
    })),
  ],
  [
    'upload-escape',
    'follows names out of the archive',
    uploader((sound) => ({
      store: (item, options) => sound.store({...item, name: item.name.replace('../', '')}, options),
    })),
  ],
  [
    'upload-missing',
    'makes empty files of what is not there',
    uploader((_sound, files) => ({restore: async ({name}, toPath) => writeFile(toPath, files.get(name) ?? '')})),
  ],
  [
    'upload-close',
    'cannot be closed twice',
    uploader(() => {
      let isClosed = false
      return {
        close: async () => {
          if (isClosed) throw new TypeError('closed')
          isClosed = true
        },
      }
    }),
  ],
  ['now-playing-missing', 'watches nothing', nowPlaying(async () => ({close: async () => undefined}))],
  [
    'now-playing-close',
    'goes on after it was closed',
    nowPlaying(async (target, sink, context) => {
      await openDeck(target, sink, context)
      const timer = setInterval(() => sink.emit(STATE), 5)
      setTimeout(() => clearInterval(timer), 5000).unref()
      return {close: async () => undefined}
    }),
  ],
  [
    'output-carries',
    'carries what there is not',
    {
      outputs: [
        {
          id: 'smoke',
          summary: 'Smoke.',
          carries: ['smoke'] as never,
          maxMessagesPerSecond: null,
          load: async () => ({
            targets: async () => [],
            open: async () => Promise.reject(new CrateError('USAGE', 'no')),
          }),
        },
      ],
    },
  ],
  [
    'decode-profiles',
    'has a profile that it cannot decode',
    {
      sensors: [
        {
          id: 'board',
          summary: 'A board.',
          transport: 'udp',
          profiles: [{id: 'one', name: 'One'}],
          load: async () => ({
            createDecoder: () => {
              throw new TypeError('no such profile')
            },
          }),
        },
      ],
    },
  ],
  [
    'plain',
    'lists more than can be listed',
    {
      sensors: [
        {
          id: 'board',
          summary: 'A board.',
          transport: 'udp',
          profiles: Array.from({length: 900}, (_, index) => ({id: `p${index}`, name: 'x'.repeat(2000)})),
          load: async () => ({createDecoder: () => ({decode: () => [], reset: () => {}, counts: () => ({}) as never})}),
        },
      ],
    },
  ],
]

describe('the kit at the rim', () => {
  it('finds nothing in a sound archive and a sound deck', async () => {
    expect(await findingsOf(uploader(), samples)).toEqual([])
    expect(await findingsOf(nowPlaying(openDeck), samples)).toEqual([])
  })

  it('has a planted fault for each of its rules', () => {
    const own = [uploader(), nowPlaying(openDeck)]
      .flatMap((plugin) => rulesFor(plugin, samples))
      .flatMap(({rules}) => rules.map(({id}) => id))
      .filter((id) => /^(upload|now-playing)-/.test(id))
    const planted = new Set(MUTANTS.map(([rule]) => rule))
    expect(own.filter((id) => !planted.has(id))).toEqual([])
  })

  it.each(MUTANTS)('%s: one that %s', async (rule, _fault, plugin) => {
    expect((await findingsOf(plugin, samples)).map((finding) => finding.rule)).toContain(rule)
  })
})

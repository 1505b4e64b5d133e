// What every archive keeps to.
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {
  StoredObject,
  StoreOptions,
  Uploader,
  UploaderContribution,
  UploadItem,
  UploadSession,
} from '../api/uploader.js'
import {nameOf, type Rule, rule, withinMs} from './finding.js'
import {kitContext, noise} from './stage.js'

const LIMIT_MS = 10_000
const LENGTH = 70_001
/** Small enough to try, odd enough to show what an archive does to names. */
const NAMES = ['kit/b/Zoë – ノクターン #1 (100%).flac', 'kit/a.mp3', 'kit/b/a.mp3']

/** @param target one that can be opened where the rules run, and may be written into; null checks what needs none */
export function uploaderRules(contribution: UploaderContribution, target: string | null): readonly Rule[] {
  const body = () => contribution.load()
  const context = () => kitContext(contribution.settings)
  const free: Rule[] = [
    rule('upload-wrong-target', 'refuses a target that is not its own by a CrateError', async () => {
      const said = await withinMs(
        LIMIT_MS,
        refusal(async () => (await (await body()).open('no such target', context())).close()),
      )
      return said === '' ? [] : [said ?? `does not answer within ${LIMIT_MS / 1000} s`]
    }),
    rule('upload-scheme', 'says how its targets begin, like "gs://"', () =>
      /^[a-z][a-z0-9+.-]*:\/\/$/.test(contribution.scheme) ? [] : [`scheme is "${contribution.scheme}"`],
    ),
  ]
  if (target === null) return free
  const withFiles = (
    check: (session: UploadSession, items: readonly UploadItem[], folder: string) => Promise<readonly string[]>,
  ) => inArchive(body, context, target, check)
  return [
    ...free,
    rule('upload-round-trip', 'gives back byte by byte what was stored', () =>
      withFiles(async (session, items, folder) => {
        const faults: string[] = []
        for (const item of items) {
          const back = join(folder, 'back')
          await session.restore(storedOf(item), back, {onProgress: () => undefined})
          if (!(await readFile(back)).equals(await readFile(item.path)))
            faults.push(`"${item.name}" comes back different`)
          await rm(back)
        }
        return faults
      }),
    ),
    rule('upload-list', 'lists what was stored under its own names, with sizes, in the order of names', () =>
      withFiles(async (session, items) => {
        const listed: StoredObject[] = []
        for await (const object of session.list()) listed.push(object)
        const names = listed.map(({name}) => name)
        const faults = items
          .filter(
            ({name, sizeBytes}) => !listed.some((object) => object.name === name && object.sizeBytes === sizeBytes),
          )
          .map(({name}) => `"${name}" is not listed with its size`)
        const isOrdered = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name)
        return isOrdered ? faults : [...faults, 'the names are in no order']
      }),
    ),
    rule('upload-exists', 'refuses a name that is taken with FILE_EXISTS, and keeps what is there', () =>
      withFiles(async (session, [first, second], folder) => {
        if (first === undefined || second === undefined) return []
        const code = await codeOf(() => session.store({...second, name: first.name}, storing(false)))
        const back = join(folder, 'back')
        await session.restore(storedOf(first), back, {onProgress: () => undefined})
        const isKept = (await readFile(back)).equals(await readFile(first.path))
        return [
          ...(code === 'FILE_EXISTS' ? [] : [code === null ? 'stores over it' : `fails with ${code}`]),
          ...(isKept ? [] : ['what was there is gone']),
        ]
      }),
    ),
    rule('upload-overwrite', 'replaces what is there where the person said so', () =>
      withFiles(async (session, [first, second], folder) => {
        if (first === undefined || second === undefined) return []
        await session.store({...second, name: first.name}, storing(true))
        const back = join(folder, 'back')
        await session.restore({...storedOf(second), name: first.name}, back, {onProgress: () => undefined})
        return (await readFile(back)).equals(await readFile(second.path)) ? [] : ['the old one is still there']
      }),
    ),
    rule('upload-escape', 'stores nothing outside of the archive', () =>
      withFiles(async (session, [first]) => {
        if (first === undefined) return []
        const code = await codeOf(() => session.store({...first, name: '../outside.mp3'}, storing(true)))
        if (code !== null) return []
        for await (const {name} of session.list()) if (name === '../outside.mp3') return []
        return ['takes the name "../outside.mp3"']
      }),
    ),
    rule('upload-missing', 'refuses to bring back what is not there by a CrateError', () =>
      withFiles(async (session, [first], folder) => {
        if (first === undefined) return []
        const said = await refusal(() =>
          session.restore({...storedOf(first), name: 'kit/none.mp3'}, join(folder, 'none'), {
            onProgress: () => undefined,
          }),
        )
        return said === '' ? [] : [said]
      }),
    ),
    rule('upload-close', 'can be closed twice, and opened again', async () => {
      for (let round = 0; round < 2; round++) {
        const session = await (await body()).open(target, context())
        await session.close()
        await session.close()
      }
      return []
    }),
  ]
}

/** A session with three files stored in it; the local files are gone afterwards, the archive is the author's to empty. */
async function inArchive(
  body: () => Promise<Uploader>,
  context: () => ReturnType<typeof kitContext>,
  target: string,
  check: (session: UploadSession, items: readonly UploadItem[], folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'crate-kit-'))
  try {
    const session = await (await body()).open(target, context())
    try {
      const items: UploadItem[] = []
      for (const [index, name] of NAMES.entries()) {
        const bytes = noise(index + 1, LENGTH + index)
        const path = join(folder, `${index}.bin`)
        await writeFile(path, bytes)
        const item = {path, name, sizeBytes: bytes.length, crc32c: crc32c(bytes), contentType: 'audio/mpeg'}
        await session.store(item, storing(true))
        items.push(item)
      }
      return await check(session, items, folder)
    } finally {
      await session.close()
    }
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

function storing(overwrite: boolean): StoreOptions {
  return {overwrite, resumeToken: null, keepToken: () => undefined, onProgress: () => undefined}
}

function storedOf({name, sizeBytes, crc32c: checksum}: UploadItem): StoredObject {
  return {name, sizeBytes, crc32c: checksum}
}

/** Empty where the work was refused by a CrateError; else what happened instead. */
async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'does not refuse it'
  } catch (error) {
    return error instanceof Error && error.name === 'CrateError' ? '' : `throws ${nameOf(error)}`
  }
}

/** Code of the CrateError that the work threw, the name of another error; null where it went well. */
async function codeOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    const {code} = error as {code?: unknown}
    return typeof code === 'string' ? code : nameOf(error)
  }
}

/** CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), base64 of four bytes big-endian. @see RFC 3720, §B.4 */
function crc32c(bytes: Uint8Array): string {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  const out = Buffer.alloc(4)
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0)
  return out.toString('base64')
}

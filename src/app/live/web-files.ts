// The pages: plain files beside this module, read once.
import {readdir, readFile} from 'node:fs/promises'
import type {WebFile} from '../../adapters/ports/web-server.js'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** By their path on the server; `PAGE.html` is `/`. */
export async function webFiles(page: 'phone' | 'dashboard'): Promise<Map<string, WebFile>> {
  const folder = new URL('./web/', import.meta.url)
  const files = new Map<string, WebFile>()
  for (const name of await readdir(folder)) {
    const type = TYPES[name.split('.').at(-1) ?? '']
    const isOurs = name.startsWith(`${page}.`) || name.startsWith('common.')
    if (type === undefined || !isOurs) continue
    const bytes = await readFile(new URL(name, folder))
    files.set(name === `${page}.html` ? '/' : `/${name}`, {type, bytes})
  }
  return files
}

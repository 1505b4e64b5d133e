// A real browser, driven over its own debugging protocol: pages are opened, asked, clicked and photographed.
import {spawn} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {onTestFinished} from 'vitest'
import WebSocket from 'ws'

export interface Page {
  /** The value of an expression in the page; promises are waited for. */
  ask<T>(expression: string): Promise<T>
  until(expression: string, withinMs?: number): Promise<void>
  photograph(path: string): Promise<void>
}

export interface Browser {
  open(url: string, size: {readonly width: number; readonly height: number; readonly isPhone?: boolean}): Promise<Page>
}

/** Debian's chromium without a window; gone when the test is. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'crate-browser-'))
  const child = spawn(
    'chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--ignore-certificate-errors',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    {stdio: 'ignore'},
  )
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  onTestFinished(async () => {
    child.kill()
    await gone
    rmSync(profile, {recursive: true, force: true, maxRetries: 5})
  })
  const portFile = join(profile, 'DevToolsActivePort')
  let port = ''
  for (let attempt = 0; port === '' && attempt < 200; attempt++) {
    await wait(100)
    try {
      port = readFileSync(portFile, 'utf8').split('\n')[0] ?? ''
    } catch {
      // It is still starting.
    }
  }
  return {
    async open(url, {width, height, isPhone = false}) {
      const answer = await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, {method: 'PUT'})
      const {webSocketDebuggerUrl} = (await answer.json()) as {webSocketDebuggerUrl: string}
      const call = await connect(webSocketDebuggerUrl)
      await call('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: isPhone ? 2 : 1,
        mobile: isPhone,
      })
      await call('Page.enable')
      await call('Page.navigate', {url})
      const ask = async <T>(expression: string): Promise<T> => {
        const {result, exceptionDetails} = (await call('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
        })) as {result: {value: T}; exceptionDetails?: {text: string; exception?: {description?: string}}}
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
        return result.value
      }
      return {
        ask,
        async until(expression, withinMs = 20_000) {
          const endMs = performance.now() + withinMs
          while (!(await ask<boolean>(`!!(${expression})`).catch(() => false))) {
            if (performance.now() > endMs) throw new Error(`never came true in the page: ${expression}`)
            await wait(50)
          }
        },
        async photograph(path) {
          const {data} = (await call('Page.captureScreenshot', {format: 'png'})) as {data: string}
          writeFileSync(path, Buffer.from(data, 'base64'))
        },
      }
    },
  }
}

async function connect(url: string) {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  onTestFinished(() => socket.close())
  const waiting = new Map<number, (answer: {result?: object; error?: {message: string}}) => void>()
  socket.on('message', (data) => {
    const answer = JSON.parse(String(data)) as {id?: number; result?: object; error?: {message: string}}
    waiting.get(answer.id ?? -1)?.(answer)
  })
  let last = 0
  return (method: string, params: object = {}): Promise<object> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({result, error}) => {
        waiting.delete(id)
        if (error) reject(new Error(error.message))
        else resolve(result ?? {})
      })
      socket.send(JSON.stringify({id, method, params}))
    })
}

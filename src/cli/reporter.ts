// Progress, notes and warnings on stderr, so that stdout holds only the answer.
import type {ProgressPart, ProgressTask, Reporter} from '../core/environment.js'
import {formatElapsed} from './format.js'
import {truncate} from './table.js'
import {harmless, printable, theme} from './theme.js'

export interface ReporterOptions {
  readonly stream: NodeJS.WriteStream
  readonly isQuiet: boolean
  readonly hasProgress: boolean
  readonly isDebug: boolean
  nowMs(): number
}

const REDRAW_MS = 100
/** Work that ends sooner shows no bar: it would only flicker. */
const FIRST_DRAW_MS = 400
/** Rate and time left are taken over this window, so that they follow what happens now. */
const RATE_WINDOW_MS = 15_000

export function createReporter(options: ReporterOptions): Reporter {
  const {stream} = options
  const seen = new Set<string>()
  const bars = new Set<Bar>()

  const line = (text: string) => {
    for (const bar of bars) bar.clear()
    stream.write(`${harmless(text)}\n`)
    for (const bar of bars) bar.draw()
  }
  return {
    debug: (message) => options.isDebug && line(theme.dim(message)),
    info: (message) => !options.isQuiet && line(message),
    warn: (message) => {
      if (seen.has(message)) return
      seen.add(message)
      line(`${theme.warn('!')} ${message}`)
    },
    task: (label, total) => {
      if (!options.hasProgress || options.isQuiet || !stream.isTTY) return SILENT_TASK
      const bar = new Bar(label, total, options)
      bars.add(bar)
      return {
        update: (done, note) => bar.update(done, note),
        setParts: (parts) => bar.setParts(parts),
        setTotal: (value) => bar.setTotal(value),
        finish: () => {
          bar.finish()
          bars.delete(bar)
        },
      }
    },
  }
}

const SILENT_TASK: ProgressTask = {update: () => {}, setTotal: () => {}, finish: () => {}}

/** More at once than a person follows; the whole counts them anyway. */
const MOST_PARTS = 6

/** One line: label, bar, count, rate, time left, what is being worked on; below it one for each part under way. */
class Bar {
  readonly #label: string
  readonly #options: ReporterOptions
  readonly #startedMs: number
  readonly #samples: {atMs: number; done: number}[] = []
  #total: number | null
  #done = 0
  #note = ''
  #drawnMs = 0
  #isShown = false
  /** Draws also while nothing is finished: one file may take minutes. */
  readonly #timer: NodeJS.Timeout
  #parts: readonly ProgressPart[] = []
  /** Lines below the first that are on the screen now. */
  #linesBelow = 0

  constructor(label: string, total: number | null, options: ReporterOptions) {
    this.#label = label
    this.#total = total
    this.#options = options
    this.#startedMs = options.nowMs()
    this.#timer = setInterval(() => this.#drawWhenDue(), REDRAW_MS).unref()
  }

  setParts(parts: readonly ProgressPart[]): void {
    this.#parts = parts
  }

  setTotal(total: number): void {
    this.#total = total
  }

  update(done: number, note?: string): void {
    this.#done = done
    if (note !== undefined) this.#note = note
    const nowMs = this.#options.nowMs()
    this.#samples.push({atMs: nowMs, done})
    while ((this.#samples[0]?.atMs ?? nowMs) < nowMs - RATE_WINDOW_MS) this.#samples.shift()
    this.#drawWhenDue()
  }

  #drawWhenDue(): void {
    // A contribution's own bar that was never used would flicker over the one that is.
    if (this.#total === null && this.#samples.length === 0) return
    const nowMs = this.#options.nowMs()
    if (nowMs - this.#startedMs >= FIRST_DRAW_MS && nowMs - this.#drawnMs >= REDRAW_MS) {
      this.#drawnMs = nowMs
      this.#isShown = true
      this.draw()
    }
  }

  draw(): void {
    if (!this.#isShown) return
    const {stream} = this.#options
    const room = Math.max(0, Math.min(MOST_PARTS, (stream.rows ?? 24) - 2))
    const width = (stream.columns ?? 80) - 1
    const parts = this.#parts.slice(0, room).map((part) => truncate(partText(part), width))
    stream.write(`${this.#toStart()}${[truncate(this.#text(), width), ...parts].join('\n')}`)
    this.#linesBelow = parts.length
  }

  clear(): void {
    if (this.#isShown) this.#options.stream.write(this.#toStart())
    this.#linesBelow = 0
  }

  /** Back to the first line, everything from there on cleared. */
  #toStart(): string {
    return `${this.#linesBelow > 0 ? `\x1b[${this.#linesBelow}A` : ''}\r\x1b[J`
  }

  finish(): void {
    clearInterval(this.#timer)
    this.clear()
    this.#isShown = false
  }

  #text(): string {
    const rate = this.#ratePerSecond()
    const parts = [this.#label]
    if (this.#total === null) parts.push(`${this.#done}`)
    else {
      const share = this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total)
      parts.push(barText(share, 24), `${this.#done}/${this.#total}`)
    }
    if (rate > 0) {
      parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`)
      if (this.#total !== null && this.#done < this.#total)
        parts.push(`${formatElapsed(((this.#total - this.#done) / rate) * 1000)} left`)
    }
    if (this.#note !== '') parts.push(printable(this.#note))
    return parts.join('  ')
  }

  #ratePerSecond(): number {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0
    return ((last.done - first.done) * 1000) / (last.atMs - first.atMs)
  }
}

function barText(share: number, width: number): string {
  const full = Math.round(share * width)
  return '━'.repeat(full) + '╌'.repeat(width - full)
}

function partText({label, share, note}: ProgressPart): string {
  const percent = share === null ? '' : `${Math.floor(share * 100)} %`
  return `  ${share === null ? ' '.repeat(12) : barText(share, 12)}  ${percent.padStart(5)}  ${note.padEnd(8)}  ${label}`
}

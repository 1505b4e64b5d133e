// Warnings of one export, kept within bounds.
import type {ExportWarning} from '../../src/api/format.js'

/** Kept up to a limit, so that a lost drive gives no million lines. */
export class WarningList {
  readonly #limit: number
  readonly #kept: ExportWarning[] = []
  #count = 0

  constructor(limit = 2000) {
    this.#limit = limit
  }

  add(subject: string, message: string): void {
    if (this.#count++ < this.#limit) this.#kept.push({kind: 'warning', subject, message})
  }

  /** All that were kept, and one line for the rest. */
  *take(): Generator<ExportWarning> {
    yield* this.#kept
    const more = this.#count - this.#kept.length
    if (more > 0) yield {kind: 'warning', subject: '', message: `${more} more warnings of this export are not shown`}
  }
}

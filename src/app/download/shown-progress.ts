// What a download shows while it runs: a bar for the whole, and one for each piece that is under way.
import type {ProgressPart, ProgressTask} from '../../core/environment.js'

export interface ShownProgress {
  /** @param subject link or name; it is shown until its title is known */
  show(subject: string, part: Partial<ProgressPart>): void
  hide(subject: string): void
  update(done: number, total: number): void
  finish(): void
}

export function createShownProgress(task: ProgressTask): ShownProgress {
  const parts = new Map<string, ProgressPart>()
  let done = 0
  const draw = () => {
    const shown = [...parts.values()]
    task.setParts?.(shown)
    task.update(done)
  }
  return {
    show(subject, part) {
      const bare: ProgressPart = {label: subject.replace(/^https?:\/\/(?:www\.)?/, ''), share: null, note: ''}
      parts.set(subject, {...(parts.get(subject) ?? bare), ...part})
      draw()
    },
    hide(subject) {
      parts.delete(subject)
      draw()
    },
    update(count, total) {
      done = count
      task.setTotal(Math.max(total, 1))
      draw()
    },
    finish: () => task.finish(),
  }
}

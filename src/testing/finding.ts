// What the kit hands back: rules, each of which can be run on its own, and what they found.
import type {KindName} from '../core/plugin/kinds.js'

export interface Finding {
  readonly kind: KindName
  /** Id of the contribution. */
  readonly contribution: string
  /** Id of the rule that it breaks. */
  readonly rule: string
  /** What happened, for the author. */
  readonly message: string
}

export interface Rule {
  readonly id: string
  /** A sentence about the contribution: `gives the same files for the same library`. */
  readonly title: string
  /** What is wrong, one sentence each; empty where the rule holds. Never throws. */
  check(): Promise<readonly string[]>
}

/** A rule whose check may throw: what it throws is a finding. */
export function rule(id: string, title: string, check: () => Promise<readonly string[]> | readonly string[]): Rule {
  return {
    id,
    title,
    check: async () => {
      try {
        return (await check()).slice(0, MOST_PER_RULE)
      } catch (error) {
        return [`throws ${nameOf(error)}`]
      }
    },
  }
}

const MOST_PER_RULE = 5

export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]?.slice(0, 300)}` : String(error)
}

/** @returns null where the work did not end in time; it goes on unheard */
export async function withinMs<T>(limitMs: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

// What every source keeps to.
import type {SourceContribution, SourceItem} from '../api/source.js'
import {nameOf, type Rule, rule, withinMs} from './finding.js'
import {HARD_TEXTS, kitContext} from './stage.js'

/** @param target one whose list can be read in the test; null where none can */
export function sourceRules(contribution: SourceContribution, target: string | null): readonly Rule[] {
  const list = async (what: string, signal?: AbortSignal): Promise<SourceItem[]> => {
    const items: SourceItem[] = []
    for await (const item of (await contribution.load()).list(what, kitContext(contribution.settings, signal))) {
      items.push(item)
      if (items.length > 100_000) throw new Error('it lists without end')
    }
    return items
  }
  const free = [
    rule('source-takes', 'says of any text, by the text alone, whether it takes it', () =>
      ['', ' ', '/music', 'C:\\Music', 'https://example.org/a', 'javascript:alert(1)', ...HARD_TEXTS].flatMap(
        (text) => {
          const [first, second] = [contribution.takes(text), contribution.takes(text)]
          if (typeof first !== 'boolean')
            return [`takes(${JSON.stringify(text.slice(0, 20))}) is ${String(first)}, not true or false`]
          return first === second ? [] : [`takes(${JSON.stringify(text.slice(0, 20))}) is once true and once false`]
        },
      ),
    ),
    rule('source-modest', 'leaves folders and files of music to crate', () =>
      ['/music', 'C:\\Music', '.', '/music/a.flac']
        .filter((text) => contribution.takes(text))
        .map((text) => `takes "${text}"`),
    ),
  ]
  if (target === null) return free
  return [
    ...free,
    rule('source-items', 'lists links of http and https, wanted pieces and failures', async () =>
      (await list(target)).flatMap(itemFaults),
    ),
    rule('source-something', 'lists something in its sample', async () =>
      (await list(target)).length > 0 ? [] : ['lists nothing'],
    ),
    rule('source-determinism', 'lists the same for the same target', async () => {
      const first = JSON.stringify(await list(target))
      return JSON.stringify(await list(target)) === first ? [] : ['two runs differ']
    }),
    rule('source-abort', 'ends within a second of being stopped', async () => {
      const ended = list(target, AbortSignal.abort()).then(
        () => '',
        (error: unknown) =>
          error instanceof Error && ['AbortError', 'CrateError'].includes(error.name) ? '' : `throws ${nameOf(error)}`,
      )
      const said = await withinMs(1000, ended)
      return said === '' ? [] : [said ?? 'goes on for more than a second']
    }),
  ]
}

function itemFaults(item: SourceItem): string[] {
  if (item.kind === 'failure')
    return typeof item.subject === 'string' && typeof item.message === 'string'
      ? []
      : ['a failure has no subject or message']
  if (item.kind === 'wanted')
    return typeof item.wanted?.title === 'string' && item.wanted.title !== '' ? [] : ['a wanted piece has no title']
  if (item.kind !== 'link') return [`an item is of kind ${String((item as {kind?: unknown}).kind)}`]
  return /^https?:\/\//.test(item.link) ? [] : [`links to "${String(item.link).slice(0, 60)}", not http or https`]
}

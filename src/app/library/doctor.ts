// Whether a library is sound in itself: the database, what it knows of files, and the similarity index.
import {existsSync} from 'node:fs'
import type {Library} from '../../store/library.js'

export interface LibraryFinding {
  readonly id: 'database' | 'files' | 'analysis' | 'failures' | 'leftovers' | 'vectors'
  readonly state: 'ok' | 'note' | 'broken'
  readonly text: string
  readonly hint: string | null
}

/** @param repair removes leftovers and brings the index in agreement; tracks and what was made of them are never removed */
export async function examineLibrary(
  library: Library,
  {repair}: {readonly repair: boolean},
): Promise<LibraryFinding[]> {
  const damage = library.findDamage()
  if (damage.length > 0)
    return [
      {
        id: 'database',
        state: 'broken',
        text: damage[0] ?? 'damaged',
        hint: 'Put the newest copy of library.db from backups/ in its place, or sync into a new library.',
      },
    ]
  const states = library.scan.states()
  const missing = states.filter(({isMissing, path}) => isMissing || !existsSync(path)).length
  const unanalyzed = states.filter(({isMissing, analysisVersion}) => !isMissing && analysisVersion === null).length
  const failures = library.scan.failures().length
  const findings: LibraryFinding[] = [
    {id: 'database', state: 'ok', text: `sound, ${states.length} tracks`, hint: null},
    finding('files', missing, 'file is missing', 'files are missing', 'crate library relocate FOLDER'),
    finding('analysis', unanalyzed, 'track is not analysed', 'tracks are not analysed', 'crate analyze'),
    finding('failures', failures, 'file could not be read', 'files could not be read', 'crate sync lists them'),
  ]
  if (repair) {
    const removed = library.analyses.prune()
    const {put, removed: dropped, total, rebuiltBecause} = await library.vectors.refresh()
    findings.push(
      {id: 'leftovers', state: 'ok', text: `${removed} analyses of audio that no track has were removed`, hint: null},
      {
        id: 'vectors',
        state: 'ok',
        text: `${total} in the index, ${put} put, ${dropped} removed${rebuiltBecause === null ? '' : `; made anew because ${rebuiltBecause}`}`,
        hint: null,
      },
    )
  }
  return findings
}

function finding(id: LibraryFinding['id'], count: number, one: string, many: string, hint: string): LibraryFinding {
  if (count === 0) return {id, state: 'ok', text: `0 ${many}`, hint: null}
  return {id, state: 'note', text: `${count} ${count === 1 ? one : many}`, hint}
}

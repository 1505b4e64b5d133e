// A real Mixxx reads what crate wrote, or what crate shall read the same: driven by clicks, so one at a time and with patience.
import {execFileSync, spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {SHARED} from './crate.js'

/** What Mixxx is asked for → the table where its answer lands. */
const TABLES = {
  scan: 'library',
  traktor: 'traktor_library',
  serato: 'serato_library',
  rekordbox: 'rekordbox_library',
} as const

const ATTEMPTS = 3
const ATTEMPT_S = 280

/** Long enough for the others that wait for their Mixxx, and for all attempts. */
export const MIXXX_TIMEOUT_MS = 1_200_000

/**
 * Lets Mixxx read the source and leaves its SQLite behind; on a busy machine a click can come too early, and then it reads
 * nothing: again, three times at most.
 */
export function readByMixxx(mode: keyof typeof TABLES, source: string, database: string): void {
  const lock = join(tmpdir(), 'crate-test-mixxx.lock')
  const script = join(SHARED, 'formats', 'mixxx-check.sh')
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    rmSync(database, {force: true})
    // `timeout` ends the whole group, Mixxx and its screen too. Where nice may not go up, it says so and goes on.
    const limits = ['timeout', '--kill-after=5', String(ATTEMPT_S), 'nice', '-n', '-10']
    spawnSync('flock', [lock, ...limits, script, mode, source, database], {stdio: 'ignore'})
    if (rowsIn(database, TABLES[mode]) > 0) return
  }
}

function rowsIn(database: string, table: string): number {
  try {
    const count = execFileSync('sqlite3', ['-readonly', database, `select count(*) from ${table}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Number(count)
  } catch {
    return 0
  }
}

// crate library stats: the collection in figures.
import stringWidth from 'string-width'
import {CrateCommand, type GlobalFlags} from '../../cli/crate-command.js'
import {formatBytes, formatCount, formatElapsed} from '../../cli/format.js'
import {pad} from '../../cli/table.js'
import {printable, theme} from '../../cli/theme.js'
import {formatKey, parseKey} from '../../core/key.js'

const BAR_WIDTH = 32
const SHOWN_GENRES = 10
const LONGEST_NAME = 30

export default class LibraryStats extends CrateCommand {
  static override summary = 'Show the collection in figures: tempos, keys, genres, energy.'
  static override examples = ['<%= config.bin %> library stats', '<%= config.bin %> library stats --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(LibraryStats)
    const [{withLibrary}, {libraryStats}, {keyNotationOf}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/stats.js'),
      import('../../app/key-notation.js'),
    ])
    const environment = this.environment(flags as GlobalFlags)
    const notation = await keyNotationOf(environment)
    const inNotation = (camelot: string): string => {
      const key = parseKey(camelot)
      return key === null ? camelot : formatKey(key, notation)
    }
    await withLibrary(environment, async (library) => {
      const stats = libraryStats(library)
      this.log(
        `${theme.strong(formatCount(stats.tracks))} tracks, ${formatElapsed(stats.durationMs)} of music; ${formatCount(stats.analyzed)} analysed, ${formatCount(stats.missing)} missing, ${formatCount(stats.playlists)} playlists`,
      )
      this.log(theme.dim(`${stats.folder} (${formatBytes(stats.databaseBytes)})`))
      this.#chart('BPM', stats.tempos)
      this.#chart(
        'KEY',
        stats.keys.map(({name, count}) => ({name: inNotation(name), count})),
      )
      this.#chart('ENERGY', stats.energies)
      this.#chart('GENRE', stats.genres.slice(0, SHOWN_GENRES))
      await this.answer(stats)
    })
  }

  #chart(title: string, counts: readonly {readonly name: string; readonly count: number}[]): void {
    if (counts.length === 0) return
    const most = Math.max(...counts.map(({count}) => count))
    const names = counts.map(({name}) => printable(name))
    const width = Math.min(LONGEST_NAME, Math.max(...names.map((name) => stringWidth(name))))
    this.log(`\n${theme.dim(title)}`)
    for (const [index, {count}] of counts.entries())
      this.log(
        `${pad(names[index] ?? '', width, 'right')}  ${theme.accent('█'.repeat(Math.max(1, Math.round((count / most) * BAR_WIDTH))))} ${theme.dim(formatCount(count))}`,
      )
  }
}

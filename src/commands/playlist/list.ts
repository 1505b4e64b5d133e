// crate playlist list: the tree of playlists.
import {CrateCommand, type GlobalFlags} from '../../cli/crate-command.js'
import {formatCount} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class PlaylistList extends CrateCommand {
  static override summary = 'List playlists, smart playlists and folders.'
  static override examples = ['<%= config.bin %> playlist list', '<%= config.bin %> playlist list --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(PlaylistList)
    const {withLibrary} = await import('../../app/with-library.js')
    await withLibrary(this.environment(flags as GlobalFlags), async (library) => {
      const playlists = library.playlists.list()
      if (playlists.length === 0) this.log(theme.dim('no playlists yet → crate playlist create NAME'))
      for (const {kind, name, names, trackCount, query} of playlists) {
        const indent = '  '.repeat(names.length - 1)
        if (kind === 'folder') this.log(`${indent}${theme.strong(name)}/`)
        else
          this.log(
            `${indent}${name} ${theme.dim(formatCount(trackCount))}${query === null ? '' : ` ${theme.accent(query)}`}`,
          )
      }
      await this.answer({playlists})
    })
  }
}

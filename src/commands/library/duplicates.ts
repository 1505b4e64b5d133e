// crate library duplicates: files with the same audio.
import {CrateCommand, type GlobalFlags} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class LibraryDuplicates extends CrateCommand {
  static override summary = 'List files that hold the same audio, whatever their names and tags.'
  static override examples = ['<%= config.bin %> library duplicates', '<%= config.bin %> library duplicates --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(LibraryDuplicates)
    const [{withLibrary}, {duplicatesByAudio}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/duplicates.js'),
    ])
    await withLibrary(this.environment(flags as GlobalFlags), async (library) => {
      const groups = duplicatesByAudio(library)
      if (groups.length === 0) this.log(`${theme.good('✓')} no two files hold the same audio`)
      for (const {tracks} of groups) {
        this.log(theme.strong(plural(tracks.length, 'copy', 'copies')))
        for (const {id, path, isMissing} of tracks)
          this.log(`  ${theme.dim(id.slice(0, 8))}  ${isMissing ? theme.bad(path) : path}`)
      }
      await this.answer({groups})
    })
  }
}

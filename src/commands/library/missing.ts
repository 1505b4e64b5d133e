// crate library missing: tracks whose file is gone.
import {CrateCommand, type GlobalFlags} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'
import {trackColumns} from '../../cli/track-columns.js'

export default class LibraryMissing extends CrateCommand {
  static override summary = 'List the tracks whose file is gone; their cues and playlists are kept.'
  static override examples = ['<%= config.bin %> library missing', '<%= config.bin %> library missing --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(LibraryMissing)
    const [{withLibrary}, {missingTracks}, {keyNotationOf}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/missing.js'),
      import('../../app/key-notation.js'),
    ])
    const environment = this.environment(flags as GlobalFlags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const tracks = missingTracks(library)
      if (tracks.length === 0) this.log(`${theme.good('✓')} every file is there`)
      else {
        this.printTable([...trackColumns(notation), {title: 'WAS AT', value: ({path}) => path, shrinks: true}], tracks)
        this.log(theme.dim(`${plural(tracks.length, 'file')} missing → crate library relocate FOLDER`))
      }
      await this.answer({tracks})
    })
  }
}

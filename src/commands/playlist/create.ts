// crate playlist create: an ordinary or smart playlist, or a folder.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class PlaylistCreate extends CrateCommand {
  static override summary = 'Make a playlist; with --query a smart one that fills itself at every sync.'
  static override examples = [
    "<%= config.bin %> playlist create 'Friday/Warm up'",
    "<%= config.bin %> playlist create 'Dark' --query 'genre:techno key:1A,2A,3A energy:6.. bpm+'",
    "<%= config.bin %> playlist create 'Openers' 3f2a 9c1b",
  ]

  static override strict = false
  static override args = {
    name: Args.string({required: true, description: 'Folder/Name; folders are made where they are missing.'}),
    track: Args.string({description: 'Tracks to put in it.'}),
  }

  static override flags = {
    query: Flags.string({helpValue: 'QUERY', summary: 'The rule of a smart playlist.'}),
    folder: Flags.boolean({summary: 'Make a folder.', exclusive: ['query']}),
  }

  async run(): Promise<void> {
    const {argv, args, flags} = await this.parse(PlaylistCreate)
    const [{withLibrary}, {createPlaylist}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/playlist/edit.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const playlist = createPlaylist(environment, library, {
        path: args.name,
        query: flags.query ?? null,
        isFolder: flags.folder,
        tracks: (argv as string[]).slice(1),
      })
      this.log(
        `${theme.good('✓')} ${playlist.names.join('/')}${playlist.kind === 'folder' ? '' : theme.dim(` ${plural(playlist.trackCount, 'track')}`)}`,
      )
      await this.answer({playlist})
    })
  }
}

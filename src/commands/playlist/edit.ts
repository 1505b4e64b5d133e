// crate playlist edit: add, remove, rename, move, change the rule.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {plural} from '../../cli/format.js'
import {theme} from '../../cli/theme.js'

export default class PlaylistEdit extends CrateCommand {
  static override summary = 'Add and remove tracks, rename, move, or change the rule of a smart playlist.'
  static override examples = [
    "<%= config.bin %> playlist edit 'Friday/Warm up' --add 3f2a --add 9c1b",
    "<%= config.bin %> playlist edit 'Friday/Warm up' --remove 3 --rename 'Early'",
    "<%= config.bin %> playlist edit Dark --query 'genre:techno energy:7..'",
  ]

  static override args = {name: Args.string({required: true, description: 'Folder/Name.'})}
  static override flags = {
    add: Flags.string({multiple: true, helpValue: 'TRACK', summary: 'Append a track.'}),
    remove: Flags.integer({multiple: true, min: 1, helpValue: 'N', summary: 'Remove the track at this position.'}),
    rename: Flags.string({helpValue: 'NAME', summary: 'A new name.'}),
    'move-to': Flags.string({helpValue: 'FOLDER', summary: 'Into this folder; / is the top.'}),
    query: Flags.string({helpValue: 'QUERY', summary: 'A new rule.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PlaylistEdit)
    const [{withLibrary}, {editPlaylist}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/playlist/edit.js'),
    ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const playlist = editPlaylist(environment, library, {
        playlist: args.name,
        add: flags.add ?? [],
        remove: flags.remove ?? [],
        rename: flags.rename ?? null,
        moveTo: flags['move-to'] ?? null,
        query: flags.query ?? null,
      })
      this.log(`${theme.good('✓')} ${playlist.names.join('/')} ${theme.dim(plural(playlist.trackCount, 'track'))}`)
      await this.answer({playlist})
    })
  }
}

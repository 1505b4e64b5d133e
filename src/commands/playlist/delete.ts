// crate playlist delete: the list goes, its tracks stay in the library.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'
import {CrateError} from '../../core/errors.js'

export default class PlaylistDelete extends CrateCommand {
  static override summary = 'Delete a playlist or folder; the tracks stay in the library.'
  static override examples = [
    "<%= config.bin %> playlist delete 'Friday/Warm up'",
    '<%= config.bin %> playlist delete Friday --force',
  ]
  static override args = {name: Args.string({required: true, description: 'Folder/Name.'})}
  static override flags = {force: Flags.boolean({summary: 'Also a folder that is not empty.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PlaylistDelete)
    const {withLibrary} = await import('../../app/with-library.js')
    await withLibrary(this.environment(flags), async (library) => {
      const playlist = library.playlists.resolve(args.name)
      const isFull = library.playlists.list().some(({parentId}) => parentId === playlist.id)
      if (isFull && !flags.force)
        throw new CrateError('CONFLICT', `the folder "${playlist.name}" is not empty`, {
          hints: ['Delete it with all that is in it: --force'],
        })
      library.playlists.delete(playlist.id)
      this.log(`${theme.good('✓')} ${playlist.names.join('/')} is deleted`)
      await this.answer({deleted: playlist})
    })
  }
}

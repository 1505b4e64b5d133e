// crate library show: one track with grid, sections and cues.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {theme} from '../../cli/theme.js'
import {trackLines} from '../../cli/track-details.js'

export default class LibraryShow extends CrateCommand {
  static override summary = 'Show one track: tags, grid, key, sections, cues.'
  static override description = 'TRACK is an id or the start of one, a path, or words of artist and title.'
  static override examples = [
    '<%= config.bin %> library show 3f2a',
    "<%= config.bin %> library show 'artist title'",
    '<%= config.bin %> library show ~/Music/track.flac --json',
    '<%= config.bin %> library show 3f2a --png track.png',
  ]
  static override strict = false
  static override args = {track: Args.string({required: true, description: 'Id, path, or words of artist and title.'})}
  static override flags = {
    png: Flags.string({helpValue: 'FILE', summary: 'Write a picture with waveform, grid, sections and cues.'}),
    svg: Flags.string({helpValue: 'FILE', summary: 'The same as SVG.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(LibraryShow)
    const [{withLibrary}, {showTrack}, {keyNotationOf}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/library/show.js'),
      import('../../app/key-notation.js'),
    ])
    const environment = this.environment(flags)
    const notation = await keyNotationOf(environment)
    await withLibrary(environment, async (library) => {
      const shown = showTrack(library, (argv as string[]).join(' '))
      this.logLines(trackLines(shown, notation, process.stdout.columns ?? 80))
      if (flags.png !== undefined || flags.svg !== undefined) {
        const [{drawTrack}, {writePictures}] = await Promise.all([
          import('../../app/picture/track-picture.js'),
          import('../../app/picture/write-picture.js'),
        ])
        const written = await writePictures(drawTrack(shown.track, shown.waveform, notation), {
          png: flags.png ?? null,
          svg: flags.svg ?? null,
        })
        for (const path of written) this.log(`${theme.good('✓')} ${path}`)
      }
      await this.answer(shown.json)
    })
  }
}

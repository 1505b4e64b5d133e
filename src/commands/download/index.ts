// crate download: fetch lists, links and searches.
import {Args, Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {downloadLines} from '../../cli/download-report.js'

export default class Download extends CrateCommand {
  static override summary = 'Fetch music from links, lists, searches and feeds, each piece once.'
  static override description =
    'A SOURCE is a link (track, playlist, likes, channel), a .txt or .csv of titles or links, ytsearch:WORDS or scsearch:WORDS, an RSS feed, or a manifest.json. Titles are searched for and fetched only where the right version is sure; the others wait in `crate download review`.'
  static override examples = [
    '<%= config.bin %> download https://soundcloud.com/YOU/likes --to ~/Music/New',
    '<%= config.bin %> download wantlist.txt --dry-run',
    '<%= config.bin %> download "ytsearch:Bicep - Glue" --format mp3',
    '<%= config.bin %> download review',
  ]

  static override strict = false
  static override args = {
    source: Args.string({required: true, description: 'Link, list, search or feed; several may be given.'}),
  }
  static override flags = {
    to: Flags.string({
      helpValue: 'DIR',
      summary: "Folder for the files; the config's, else Downloads beside your music.",
    }),
    format: Flags.string({
      options: ['keep', 'wav', 'aiff', 'flac', 'mp3', 'm4a'],
      summary: 'keep leaves the codec as it came (default).',
    }),
    template: Flags.string({
      helpValue: 'TEXT',
      summary: 'Names of files, "{artist} - {title}" by default; / makes folders.',
    }),
    search: Flags.string({
      options: ['youtube', 'soundcloud'],
      default: 'youtube',
      summary: 'Where titles are searched for.',
    }),
    jobs: Flags.integer({min: 1, max: 16, default: 3, helpValue: 'N', summary: 'Pieces at once.'}),
    'per-host': Flags.integer({
      min: 1,
      max: 16,
      default: 2,
      helpValue: 'N',
      summary: 'Pieces at once from one service.',
    }),
    'limit-rate': Flags.string({
      helpValue: 'RATE',
      summary: 'At most so many bytes a second for each piece: 500K, 2M.',
    }),
    'max-size': Flags.integer({
      min: 1,
      max: 100_000,
      default: 1000,
      helpValue: 'MB',
      summary: 'Leave alone what is larger.',
    }),
    pause: Flags.integer({
      min: 0,
      max: 600,
      default: 5,
      helpValue: 'SECONDS',
      summary: 'First pause when a service asks for fewer requests; it doubles.',
    }),
    cookies: Flags.string({helpValue: 'FILE', summary: 'Cookies of your own login, as yt-dlp reads them.'}),
    'cookies-from-browser': Flags.string({
      helpValue: 'NAME',
      summary: 'Take the cookies of your login from this browser.',
    }),
    retry: Flags.boolean({summary: 'Also what is gone, waits for review, or was not found.'}),
    'dry-run': Flags.boolean({summary: 'Look, search and match; fetch nothing.'}),
  }

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Download)
    const [{withLibrary}, {download}, {downloadRequest}] = await Promise.all([
      import('../../app/with-library.js'),
      import('../../app/download/download.js'),
      import('../../app/download/options.js'),
    ])
    const environment = this.environment(flags)
    const request = downloadRequest(argv as string[], flags)
    const result = await withLibrary(environment, (library) => download(environment, library, request))
    this.logLines(downloadLines(result))
    this.reportFailures(result.failures)
    await this.answer(result)
  }
}

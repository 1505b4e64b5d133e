// crate download review: choose where crate was not sure.
import {Flags} from '@oclif/core'
import {CrateCommand} from '../../cli/crate-command.js'
import {downloadLines} from '../../cli/download-report.js'
import {askForChoices} from '../../cli/review-questions.js'
import {reviewLines} from '../../cli/review-report.js'

export default class DownloadReview extends CrateCommand {
  static override summary = 'Choose the right version where crate was not sure.'
  static override description =
    'Lists the titles that wait, each with what was found. In a terminal it asks; with --choose it takes ITEM=CANDIDATE by the numbers of the list.'
  static override examples = [
    '<%= config.bin %> download review',
    '<%= config.bin %> download review --list',
    '<%= config.bin %> download review --choose 1=2 --choose 3=none',
  ]

  static override flags = {
    list: Flags.boolean({summary: 'Only list, ask nothing.'}),
    choose: Flags.string({
      multiple: true,
      helpValue: 'ITEM=N',
      summary: 'Take candidate N of the item; ITEM=none drops it.',
    }),
    to: Flags.string({helpValue: 'DIR', summary: 'Folder for the files, as for crate download.'}),
    format: Flags.string({options: ['keep', 'wav', 'aiff', 'flac', 'mp3', 'm4a'], summary: 'As for crate download.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DownloadReview)
    const [{withLibrary}, {download}, {downloadRequest, USUAL_FLAGS}, {dropFromReview, listReview, parseChoices}] =
      await Promise.all([
        import('../../app/with-library.js'),
        import('../../app/download/download.js'),
        import('../../app/download/options.js'),
        import('../../app/download/review.js'),
      ])
    const environment = this.environment(flags)
    await withLibrary(environment, async (library) => {
      const items = listReview(library)
      const asks = flags.choose === undefined && !flags.list && !this.jsonEnabled() && process.stdin.isTTY === true
      if (!asks) this.logLines(reviewLines(items))
      if (items.length === 0) this.log('nothing waits for review')
      const texts = flags.choose ?? (asks ? await askForChoices(items) : [])
      const {choices, dropped} = parseChoices(texts, items)
      dropFromReview(library, dropped)
      if (choices.length === 0) {
        await this.answer({review: listReview(library)})
        return
      }
      const request = {...downloadRequest([], {...USUAL_FLAGS, to: flags.to, format: flags.format}), chosen: choices}
      const result = await download(environment, library, request)
      this.logLines(downloadLines(result))
      this.reportFailures(result.failures)
      await this.answer({...result, review: listReview(library)})
    })
  }
}

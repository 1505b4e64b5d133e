// crate gestures list: List trained gestures.
import {CrateCommand} from '../../cli/crate-command.js'

export default class GesturesList extends CrateCommand {
  static override summary = 'List trained gestures.'
  static override examples = ['<%= config.bin %> gestures list']

  async run(): Promise<void> {
    const {flags} = await this.parse(GesturesList)
    const {listSets, readSet} = await import('../../app/gestures/gesture-sets.js')
    const {libraryFolder} = this.environment(flags)
    const sets = await Promise.all((await listSets(libraryFolder)).map((name) => readSet(libraryFolder, name)))
    const rows = sets.flatMap(({name, gestures}) =>
      gestures.map(({gesture, kind, takes}) => ({set: name, gesture, kind, takes: takes.length})),
    )
    if (rows.length === 0) this.log('no gestures yet: crate gestures train NAME --phone')
    else
      this.printTable(
        [
          {title: 'SET', value: ({set}) => set},
          {title: 'GESTURE', value: ({gesture}) => gesture},
          {title: 'KIND', value: ({kind}) => kind},
          {title: 'TAKES', value: ({takes}) => takes, align: 'right'},
        ],
        rows,
      )
    await this.answer({gestures: rows})
  }
}

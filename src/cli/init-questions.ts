// The questions of `crate init`.
import type {KeyNotation} from '../core/key.js'

export interface Suggestions {
  readonly musicFolder: string | null
  readonly programs: readonly {readonly id: string; readonly name: string; readonly exportTarget: string}[]
}

export interface Answers {
  music: string[]
  targets: Record<string, string>
  keyNotation: KeyNotation
}

export async function askForAnswers({musicFolder, programs}: Suggestions): Promise<Answers> {
  const {checkbox, confirm, input, select} = await import('@inquirer/prompts')
  const music = [
    await input({
      message: 'Folder with your music:',
      ...(musicFolder === null ? {} : {default: musicFolder}),
      required: true,
    }),
  ]
  while (await confirm({message: 'Another music folder?', default: false}))
    music.push(await input({message: 'Folder:', required: true}))
  const all = [
    {id: 'rekordbox', name: 'Rekordbox (XML)', exportTarget: 'rekordbox.xml'},
    {id: 'serato', name: 'Serato (crates)', exportTarget: 'serato'},
    {id: 'traktor', name: 'Traktor (NML)', exportTarget: 'collection.nml'},
  ]
  const chosen = await checkbox({
    message: 'DJ software to export to after every sync:',
    choices: all.map(({id, name}) => ({value: id, name, checked: programs.some((program) => program.id === id)})),
  })
  const targets: Record<string, string> = {}
  for (const id of chosen) {
    const found = programs.find((program) => program.id === id) ?? all.find((program) => program.id === id)
    targets[id] = await input({
      message: `Where should the ${id} export go?`,
      default: found?.exportTarget ?? id,
      required: true,
    })
  }
  const keyNotation = await select<KeyNotation>({
    message: 'Keys are shown as:',
    choices: [
      {value: 'camelot', name: 'Camelot (8A)'},
      {value: 'open-key', name: 'Open Key (1m)'},
      {value: 'musical', name: 'Musical (Am)'},
    ],
  })
  return {music, targets, keyNotation}
}

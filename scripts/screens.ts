// The pictures of the terminal in docs/images: what the commands print on the music that ships with crate.
//
//   npm run screens
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from './manifest.js'
import {screensOf} from './recording.js'
import {terminalPicture} from './terminal-picture.js'

/** By the name of the picture, in the order in which they are run. */
const SCREENS: Readonly<Record<string, string>> = {
  sync: 'crate sync ~/Music --export rekordbox=rekordbox.xml',
  'library-list': 'crate library list bpm+',
  'library-show': 'crate library show glasshouse',
  suggest: 'crate suggest glasshouse --limit 4',
  'plugins-new': 'crate plugins new crate-plugin-set-list --kind exporter',
}

const folder = join(root, 'docs', 'images')
mkdirSync(folder, {recursive: true})
const screens = screensOf(Object.values(SCREENS), 100)
for (const [index, [name, command]] of Object.entries(SCREENS).entries())
  writeFileSync(join(folder, `${name}.svg`), terminalPicture(`\x1b[1m$ ${command}\x1b[0m\n${screens[index] ?? ''}`))

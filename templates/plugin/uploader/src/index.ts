// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  uploaders: [
    {
      id: '__ID__',
      name: 'Folder',
      summary: 'An archive in a folder of another disk: folder:///Volumes/Archive/music',
      scheme: 'folder://',
      load: async () => (await import('./uploader.js')).uploader,
    },
  ],
}

export default plugin

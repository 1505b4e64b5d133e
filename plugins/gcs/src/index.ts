// Google Cloud Storage, as listed; the client loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  uploaders: [
    {
      id: 'gcs',
      name: 'Google Cloud Storage',
      summary: 'Archives music in a bucket: gs://BUCKET/PREFIX',
      scheme: 'gs://',
      load: async () => (await import('./uploader.js')).uploader,
    },
  ],
}

export default plugin

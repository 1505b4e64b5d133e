// What this plugin brings. Listing it imports nothing more; the body loads on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  sensors: [
    {
      id: '__ID__',
      summary: 'A board that prints lines of x,y,z in g on its serial port',
      transport: 'serial',
      profiles: [{id: 'xyz', name: 'Lines of x,y,z', baudRate: 115_200}],
      async load() {
        const {LineDecoder} = await import('./decode.js')
        return {
          createDecoder({profile}) {
            if (profile === null || profile === 'xyz') return new LineDecoder()
            // A plugin carries no copy of crate: its own errors have the name and code that crate knows them by.
            throw Object.assign(new Error(`there is no profile "${profile}"`), {
              name: 'CrateError',
              code: 'CONFIG_INVALID',
              hints: ['The profile is: xyz'],
              details: {},
            })
          },
        }
      },
    },
  ],
}

export default plugin

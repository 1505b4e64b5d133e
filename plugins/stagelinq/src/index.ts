// StageLinq, as listed; sockets and the library load on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  nowPlaying: [
    {
      id: 'stagelinq',
      name: 'StageLinq (Denon DJ, Engine DJ)',
      summary: 'Denon DJ players and standalone Engine DJ gear on the same network: what is loaded, playing and on air',
      load: async () => (await import('./now-playing.js')).nowPlaying,
    },
  ],
}

export default plugin

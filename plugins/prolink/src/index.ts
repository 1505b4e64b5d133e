// Pro DJ Link, as listed; sockets and the library load on use.
import type {CratePlugin} from 'crate-dj/plugin'

const plugin: CratePlugin = {
  nowPlaying: [
    {
      id: 'prolink',
      name: 'Pro DJ Link (CDJ, XDJ)',
      summary: 'CDJs and XDJs on the same network: what is loaded, playing and on air, with titles from the players',
      settings: {
        playerNumber: {
          type: 'number',
          summary:
            'The number (1 to 7) as which crate joins the players; left out, the highest of 4 to 1 that is free. With 7 it takes no place of a player, and older players then tell no titles',
          min: 1,
          max: 7,
        },
      },
      load: async () => (await import('./now-playing.js')).nowPlaying,
    },
  ],
}

export default plugin

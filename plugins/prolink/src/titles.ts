// Titles of tracks, asked of the players once per track.
import type {Network} from 'prolink-connect'
import type {TrackPlace} from './deck.js'

export interface Titled {
  readonly artist: string | null
  readonly title: string | null
  readonly path: string | null
}

/** Message types and the menu that answers go to. @see djl-analysis.deepsymmetry.org, "Track Metadata" */
const MAIN_MENU = 1
const ASK = {metadata: 0x2002, metadataOfUnanalyzed: 0x2202, file: 0x2102} as const
/** Tracks that rekordbox exported; others have no file name that a player would tell. */
const EXPORTED = 1
const PATIENCE_MS = 4000
const MOST_KEPT = 1000

export interface TitleBook {
  /** @throws where the player does not answer within four seconds, or not in the form that is known */
  titleOf(place: TrackPlace): Promise<Titled>
}

export function placeKey({playerId, slot, type, trackId}: TrackPlace): string {
  return `${playerId} ${slot} ${type} ${trackId}`
}

export function titleBook(network: Network): TitleBook {
  const known = new Map<string, Titled>()
  return {
    async titleOf(place) {
      const key = placeKey(place)
      const found = known.get(key)
      if (found !== undefined) return found
      const titled = await ask(network, place)
      if (known.size >= MOST_KEPT) known.clear()
      known.set(key, titled)
      return titled
    },
  }
}

async function ask(network: Network, {playerId, slot, type, trackId}: TrackPlace): Promise<Titled> {
  const player = await within(network.remotedb?.get(playerId))
  if (player === null || player === undefined) throw new Error(`player ${playerId} is not on the network`)
  const queryDescriptor = {menuTarget: MAIN_MENU, trackSlot: slot, trackType: type}
  const query = (what: number) => within(player.query({query: what, queryDescriptor, args: {trackId}}))
  const track = await query(type === EXPORTED ? ASK.metadata : ASK.metadataOfUnanalyzed)
  const {title, artist} = track as {title?: unknown; artist?: {name?: unknown}}
  const path = type === EXPORTED ? await query(ASK.file) : null
  return {artist: text(artist?.name), title: text(title), path: text(path)}
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

async function within<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_settle, reject) => {
    timer = setTimeout(() => reject(new Error('the player does not answer')), PATIENCE_MS)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

// Title, artist and the rest of a fetched piece: what the person's list says first, then the file, then the service.
import type {Tags} from '../track.js'
import {titleWithMix} from './file-name.js'
import {artistFromChannel, parseTitle} from './title.js'

export interface ServiceFacts {
  readonly title: string | null
  readonly channel: string | null
  readonly artist: string | null
  readonly track: string | null
  readonly album: string | null
  readonly genre: string | null
  readonly year: number | null
  readonly releaseDate: string | null
}

export interface ListFacts {
  readonly artist?: string | null
  readonly title?: string | null
  readonly tags?: Partial<Tags>
}

export interface Description {
  readonly artist: string | null
  /** With its version: "Glue (Bicep Remix)". */
  readonly title: string
  readonly mix: string | null
  readonly album: string | null
  readonly genre: string | null
  readonly label: string | null
  readonly remixer: string | null
  readonly isrc: string | null
  readonly year: number | null
  readonly releaseDate: string | null
}

/** @param own tags that came inside the file */
export function describePiece(list: ListFacts, own: Tags, service: ServiceFacts): Description {
  const {artist, title, mix} = nameOf(list, own, service)
  const tags = list.tags ?? {}
  const pick = <Key extends 'album' | 'genre' | 'label' | 'remixer' | 'isrc' | 'year' | 'releaseDate'>(
    key: Key,
    fallback: Tags[Key],
  ) => tags[key] ?? own[key] ?? fallback
  return {
    artist,
    title,
    mix,
    album: pick('album', service.album),
    genre: pick('genre', service.genre),
    label: pick('label', null),
    remixer: pick('remixer', null),
    isrc: pick('isrc', null),
    year: pick('year', service.year),
    releaseDate: pick('releaseDate', service.releaseDate),
  }
}

function nameOf(list: ListFacts, own: Tags, service: ServiceFacts): Pick<Description, 'artist' | 'title' | 'mix'> {
  const given = list.title ?? null
  if (given !== null && (list.artist ?? null) !== null)
    return {artist: list.artist ?? null, title: given, mix: parseTitle(given, {artist: list.artist ?? null}).mix}
  if (given === null && own.title !== null && own.artist !== null)
    return {artist: own.artist, title: own.title, mix: own.mix}
  const {channel, artist: musician, track} = service
  const isFromList = given !== null
  const parsed = parseTitle(
    given ?? own.title ?? service.title ?? 'Unknown',
    isFromList ? {} : {channel, artist: musician, track: own.title === null ? track : null},
  )
  const guests = parsed.guests === null || parsed.title.includes(parsed.guests) ? '' : ` (feat. ${parsed.guests})`
  const artist =
    list.artist ?? parsed.artist ?? own.artist ?? musician ?? (channel === null ? null : artistFromChannel(channel))
  return {
    artist: artist === '' ? null : artist,
    title: titleWithMix(`${parsed.title}${guests}`, parsed.mix),
    mix: parsed.mix,
  }
}

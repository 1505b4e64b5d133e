// A Song of database.xml ↔ a track (VDJPedia, VDJ database; FORMATS §10).
import type {Context, Cue, GridMarker, ImportedTrack, Track} from 'crate-dj/plugin'
import {type Element, escapeXml, tagText} from './xml.js'

const ORIGIN = 'import:virtualdj'

export function trackFromSong(song: Element, ref: string, {core}: Context): ImportedTrack | null {
  const path = song.attributes['FilePath'] ?? ''
  if (path === '' || path.includes('\0') || /^(?:netsearch|https?|td|dz|sc|bp):\/\//i.test(path)) return null
  const child = (name: string) => song.children.find((each) => each.name === name)
  const attributesOf = (name: string) => child(name)?.attributes ?? {}
  const [tags, infos, scan] = [attributesOf('Tags'), attributesOf('Infos'), attributesOf('Scan')]
  const bare = core.bareTrack(ref, path)
  const tempoBpm = tempoFrom(scan['Bpm']) ?? tempoFrom(tags['Bpm'])
  const keyText = textOf(scan['Key']) ?? textOf(tags['Key'])
  const pois = song.children.filter(({name}) => name === 'Poi').map(({attributes}) => attributes)
  const grid = gridFrom(pois, tempoBpm, numberOf(scan['Phase']))
  const color = numberOf(infos['UserColor']) ?? numberOf(infos['Color'])
  const played = dateFrom(infos['LastPlay'])
  return {
    ...bare,
    file: {
      ...bare.file,
      sizeBytes: numberOf(song.attributes['FileSize']),
      durationMs: msFrom(infos['SongLength']),
      bitRateKbps: numberOf(infos['Bitrate']),
    },
    tags: {
      ...bare.tags,
      artist: textOf(tags['Author']),
      title: textOf(tags['Title']),
      genre: textOf(tags['Genre']),
      album: textOf(tags['Album']),
      composer: textOf(tags['Composer']),
      label: textOf(tags['Label']),
      mix: textOf(tags['Remix']),
      year: wholeOf(tags['Year']),
      trackNumber: wholeOf(tags['TrackNumber']),
      comment: textOf(child('Comment')?.text),
      key: keyText,
    },
    tempoBpm,
    key: keyText === null ? null : core.parseKey(keyText),
    beatGrid: grid,
    gridOrigin: grid.length === 0 ? null : ORIGIN,
    cues: cuesFrom(pois, grid[0]?.tempoBpm ?? tempoBpm),
    ratingStars: starsFrom(tags['Stars']),
    colorRgb: color === null ? null : color & 0xffffff,
    playCount: wholeOf(infos['PlayCount']) ?? 0,
    lastPlayedAt: played,
    addedAt: dateFrom(infos['FirstSeen']),
  }
}

/** Seconds per beat in VirtualDJ 8 and newer. */
function tempoFrom(text: string | undefined): number | null {
  const seconds = numberOf(text)
  const tempoBpm = seconds === null || seconds <= 0 ? null : Math.round((60 / seconds) * 1e4) / 1e4
  return tempoBpm !== null && tempoBpm >= 10 && tempoBpm <= 1000 ? tempoBpm : null
}

type Poi = Readonly<Record<string, string>>

/** Beat-grid points where there are any, else the phase of the whole song. */
function gridFrom(pois: readonly Poi[], tempoBpm: number | null, phaseS: number | null): GridMarker[] {
  const markers = pois
    .filter((poi) => poi['Type'] === 'beatgrid')
    .flatMap((poi): GridMarker[] => {
      const positionMs = msFrom(poi['Pos'])
      const own = numberOf(poi['Bpm'])
      const bpm = own !== null && own >= 10 && own <= 1000 ? own : (tempoFrom(poi['Bpm']) ?? tempoBpm)
      return positionMs === null || bpm === null ? [] : [{positionMs, tempoBpm: bpm, beatInBar: 1}]
    })
    .sort((a, b) => a.positionMs - b.positionMs)
  if (markers.length > 0) return markers
  return tempoBpm === null || phaseS === null ? [] : [{positionMs: roundMs(phaseS * 1000), tempoBpm, beatInBar: 1}]
}

function cuesFrom(pois: readonly Poi[], tempoBpm: number | null): Cue[] {
  return pois.flatMap((poi): Cue[] => {
    const type = poi['Type'] ?? 'cue'
    const positionMs = msFrom(poi['Pos'])
    if (positionMs === null || (type !== 'cue' && type !== 'loop')) return []
    const pad = numberOf(type === 'loop' ? (poi['Slot'] ?? poi['Num']) : poi['Num'])
    const slot = pad !== null && Number.isInteger(pad) && pad >= 1 && pad <= 128 ? pad - 1 : null
    const beats = numberOf(poi['Size'])
    const color = numberOf(poi['Color'])
    const isLoop = type === 'loop' && beats !== null && beats > 0 && tempoBpm !== null
    return [
      {
        kind: slot === null ? 'memory' : 'hot',
        slot,
        positionMs,
        lengthMs: isLoop ? roundMs((beats * 60_000) / tempoBpm) : null,
        name: poi['Name'] ?? '',
        colorRgb: color === null ? null : color & 0xffffff,
        origin: ORIGIN,
      },
    ]
  })
}

function textOf(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^\s*[-+]?\d{1,15}(?:\.\d{1,20})?(?:e[-+]?\d{1,2})?\s*$/i.test(text)) return null
  return Number(text)
}

function wholeOf(text: string | undefined): number | null {
  const value = numberOf(text)
  return value !== null && value > 0 ? Math.floor(value) : null
}

function msFrom(text: string | undefined): number | null {
  const seconds = numberOf(text)
  return seconds === null ? null : roundMs(seconds * 1000)
}

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function starsFrom(text: string | undefined): number | null {
  const stars = numberOf(text)
  return stars !== null && stars >= 1 && stars <= 5 ? stars : null
}

/** Seconds since 1970. */
function dateFrom(text: string | undefined): string | null {
  const seconds = numberOf(text)
  return seconds !== null && seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000).toISOString() : null
}

/**
 * The song as VirtualDJ 2024 writes it.
 *
 * @param known the song that stands there now: what crate does not know of it is kept
 */
export function songFromTrack(
  track: Track,
  known: {readonly element: Element; readonly xml: string} | null,
  {core}: Context,
): string {
  const {tags, file} = track
  const old = (name: string) => known?.element.children.find((child) => child.name === name)?.attributes ?? {}
  const seconds = (ms: number) => (ms / 1000).toFixed(6)
  const perBeat = track.tempoBpm === null ? null : (60 / track.tempoBpm).toFixed(9)
  const keyText = track.key === null ? null : core.formatKey(track.key, 'musical')
  const stars = track.ratingStars === null ? null : Math.round(track.ratingStars)
  const {Stars: oldStars, ...oldTags} = old('Tags')
  const tagLine = {
    ...oldTags,
    ...given({
      Author: tags.artist,
      Title: tags.title,
      Genre: tags.genre,
      Album: tags.album,
      Composer: tags.composer,
      Label: tags.label,
      Remix: tags.mix,
      Year: textFrom(tags.year),
      TrackNumber: textFrom(tags.trackNumber),
      Bpm: perBeat,
      Key: keyText,
      // VirtualDJ counts from one; a track that was judged to be worth none has no attribute.
      Stars: stars === null ? (oldStars ?? null) : stars === 0 ? null : String(stars),
    }),
  }
  const infoLine = {
    ...old('Infos'),
    ...given({
      SongLength: file.durationMs === null ? null : seconds(file.durationMs),
      Bitrate: textFrom(file.bitRateKbps),
      FirstSeen: unixTime(track.addedAt),
      LastPlay: unixTime(track.lastPlayedAt),
      PlayCount: track.playCount > 0 ? String(track.playCount) : null,
      UserColor: track.colorRgb === null ? null : argb(track.colorRgb),
    }),
  }
  const [first, second] = track.beatGrid
  const scanLine = {
    ...(perBeat === null ? {} : {Version: '801'}),
    ...old('Scan'),
    ...given({Bpm: perBeat, Key: keyText, Phase: first === undefined ? null : seconds(first.positionMs)}),
  }
  const hasScan = Object.keys(scanLine).length > 0
  const comment = tags.comment ?? known?.element.children.find(({name}) => name === 'Comment')?.text ?? null
  const pads = track.cues.filter(({slot}) => slot !== null)
  const lines = [
    `${tagText('Song', {...known?.element.attributes, FilePath: file.path, FileSize: textFrom(file.sizeBytes) ?? known?.element.attributes['FileSize'] ?? null})}>`,
    `  ${tagText('Tags', tagLine)} />`,
    `  ${tagText('Infos', infoLine)} />`,
    ...(comment === null ? [] : [`  <Comment>${escapeXml(comment)}</Comment>`]),
    ...(hasScan ? [`  ${tagText('Scan', scanLine)} />`] : []),
    ...pads.map((cue) => `  ${poiFromCue(cue, first?.tempoBpm ?? track.tempoBpm, seconds)} />`),
    ...(second === undefined
      ? []
      : track.beatGrid.map(
          (marker) =>
            `  ${tagText('Poi', {Pos: seconds(marker.positionMs), Type: 'beatgrid', Bpm: marker.tempoBpm.toFixed(3)})} />`,
        )),
    ...(known === null ? [] : keptChildren(known, pads.length > 0, second !== undefined)),
  ]
  return [...lines, '</Song>'].map((line) => ` ${line}`).join('\r\n')
}

function poiFromCue(cue: Cue, tempoBpm: number | null, seconds: (ms: number) => string): string {
  const number = String((cue.slot ?? 0) + 1)
  const common = {
    Name: cue.name === '' ? null : cue.name,
    Pos: seconds(cue.positionMs),
    Num: number,
    Color: cue.colorRgb === null ? null : argb(cue.colorRgb),
  }
  return cue.lengthMs === null || tempoBpm === null
    ? tagText('Poi', common)
    : tagText('Poi', {...common, Type: 'loop', Size: ((cue.lengthMs * tempoBpm) / 60_000).toFixed(6), Slot: number})
}

/** Points and elements that crate does not write, as they stand in the file. */
function keptChildren(
  {element, xml}: {readonly element: Element; readonly xml: string},
  hasCues: boolean,
  hasGrid: boolean,
): string[] {
  const isReplaced = ({name, attributes}: Element) => {
    if (name !== 'Poi') return ['Tags', 'Infos', 'Comment', 'Scan'].includes(name)
    const type = attributes['Type'] ?? 'cue'
    return type === 'beatgrid' ? hasGrid : hasCues && (type === 'cue' || type === 'loop')
  }
  return element.children.filter((child) => !isReplaced(child)).map(({start, end}) => `  ${xml.slice(start, end)}`)
}

function given(values: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null))
}

function textFrom(value: number | null): string | null {
  return value === null ? null : String(value)
}

function unixTime(iso: string | null): string | null {
  const ms = iso === null ? Number.NaN : Date.parse(iso)
  return Number.isNaN(ms) ? null : String(Math.floor(ms / 1000))
}

function argb(colorRgb: number): string {
  return String(0xff000000 + colorRgb)
}

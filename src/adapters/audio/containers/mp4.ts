// MP4/M4A: the first sound track of a movie, where its samples lie, and what edit list or iTunes say of encoder delay.
// Sources: ISO/IEC 14496-12 §8 (tracks, sample tables, edit lists), 14496-1 §7.2.6.5 (esds), 14496-3 §1.6.2
// (AudioSpecificConfig), Apple's "ALAC magic cookie" and iTunSMPB as ffmpeg's mov.c reads it.
import {CrateError} from '../../../core/errors.js'
import type {AudioFormat} from '../../../core/track.js'
import {type ByteRange, type ByteSource, latin1, u8, u16be, u32be, u64be} from '../bytes.js'
import {type AudioCodec, type AudioLayout, bitRateOf} from '../layout.js'
import {AAC_FRAME_SAMPLES, AAC_SAMPLE_RATES_HZ} from './adts.js'
import {childAtom, contentStart, descendantAtom, type Mp4Atom, mp4Atoms, topAtom} from './mp4-atoms.js'
import {readFragmentedSamples, trackIdOf} from './mp4-fragments.js'

export interface Mp4Audio {
  readonly codec: AudioCodec
  readonly isAacLc: boolean
  readonly hasVideo: boolean
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitDepth: number | null
  /** Of the AudioSpecificConfig. */
  readonly aacRateIndex: number
  readonly aacChannelConfig: number
  readonly leadInFrames: number
  readonly frameCount: number | null
  /** Coded samples ("access units") in order of play. */
  readonly samples: readonly ByteRange[]
}

const NO_INDEX = 'this MP4 has no index (moov), as after a download that broke off'

export function readMp4Audio(source: ByteSource): Mp4Audio {
  const movie = topAtom(source, 'moov')
  if (movie === null) throw new CrateError('AUDIO_UNDECODABLE', NO_INDEX)
  let hasVideo = false
  let sound: Mp4Atom | null = null
  for (const track of mp4Atoms(source, contentStart(movie), movie.end)) {
    if (track.type !== 'trak') continue
    const handler = descendantAtom(source, track, 'mdia', 'hdlr')
    const kind = handler === null ? '' : latin1(source.read(contentStart(handler) + 8, 4))
    if (kind === 'vide' && !isCoverTrack(source, track)) hasVideo = true
    // The first one: in stem files the others are the parts, this is the mix.
    if (kind === 'soun' && sound === null) sound = track
  }
  if (sound === null) throw new CrateError('AUDIO_UNDECODABLE', 'this MP4 holds no audio')
  return readSoundTrack(source, movie, sound, hasVideo)
}

/** A still picture of one sample, as some programs keep covers, makes no video. */
function isCoverTrack(source: ByteSource, track: Mp4Atom): boolean {
  const sizes = descendantAtom(source, track, 'mdia', 'minf', 'stbl', 'stsz')
  return sizes !== null && u32be(source.read(contentStart(sizes) + 8, 4), 0) <= 1
}

function readSoundTrack(source: ByteSource, movie: Mp4Atom, track: Mp4Atom, hasVideo: boolean): Mp4Audio {
  const table = descendantAtom(source, track, 'mdia', 'minf', 'stbl')
  const description = table === null ? null : childAtom(source, table, 'stsd')
  if (table === null || description === null)
    throw new CrateError('AUDIO_UNDECODABLE', 'the index of this MP4 is damaged')
  const codec = readSampleEntry(source, description)
  const mediaHeader = descendantAtom(source, track, 'mdia', 'mdhd')
  const {timescale, duration} =
    mediaHeader === null ? {timescale: 0, duration: null} : readMediaHeader(source, mediaHeader)
  const framesPerTick = timescale > 0 ? codec.sampleRateHz / timescale : 1
  const edit = readEditList(source, movie, track)
  const gapless = edit.leadInTicks > 0 ? null : readITunSmpb(source, movie)
  // Recorders write a first index and go on in fragments, which its duration then leaves out.
  const fragmented = readFragmentedSamples(source, movie, trackIdOf(source, track))
  const samples = [...readSampleRanges(source, table), ...fragmented]
  const aacFrames = codec.isAacLc ? samples.length * AAC_FRAME_SAMPLES : null
  const hasDuration = duration !== null && fragmented.length === 0
  const mediaFrames = hasDuration ? Math.round(duration * framesPerTick) : aacFrames
  const leadInFrames = gapless?.delayFrames ?? Math.round(edit.leadInTicks * framesPerTick)
  const editFrames = edit.durationSeconds === null ? null : Math.round(edit.durationSeconds * codec.sampleRateHz)
  const available = mediaFrames === null ? null : Math.max(0, mediaFrames - leadInFrames)
  const wanted = gapless?.frameCount ?? (edit.leadInTicks > 0 && fragmented.length === 0 ? editFrames : null)
  const frameCount = wanted === null ? available : available === null ? wanted : Math.min(wanted, available)
  return {...codec, hasVideo, leadInFrames, frameCount, samples}
}

type SampleEntry = Pick<
  Mp4Audio,
  'codec' | 'isAacLc' | 'sampleRateHz' | 'channels' | 'bitDepth' | 'aacRateIndex' | 'aacChannelConfig'
>

function readSampleEntry(source: ByteSource, description: Mp4Atom): SampleEntry {
  const entry = mp4Atoms(source, contentStart(description) + 8, description.end).next().value
  if (entry === undefined) throw new CrateError('AUDIO_UNDECODABLE', 'the index of this MP4 names no codec')
  const fields = source.read(contentStart(entry), 28).slice()
  const version = u16be(fields, 8)
  const base: SampleEntry = {
    codec: 'other',
    isAacLc: false,
    channels: u16be(fields, 16),
    bitDepth: null,
    sampleRateHz: u32be(fields, 24) / 0x10000,
    aacRateIndex: 15,
    aacChannelConfig: 0,
  }
  const children = 28 + (version === 1 ? 16 : version === 2 ? 36 : 0)
  if (entry.type === 'alac') return {...base, ...readAlacCookie(source, entry, children)}
  if (entry.type === 'mp4a') return {...base, ...readAacConfig(source, entry, children)}
  if (entry.type === 'Opus') return {...base, codec: 'opus', sampleRateHz: 48000}
  if (entry.type === 'fLaC') return {...base, codec: 'flac', bitDepth: u16be(fields, 18)}
  return base
}

function readAlacCookie(source: ByteSource, entry: Mp4Atom, skipBytes: number): Partial<SampleEntry> {
  const cookie = childAtom(source, entry, 'alac', skipBytes)
  if (cookie === null) return {codec: 'alac'}
  const fields = source.read(contentStart(cookie) + 4, 24)
  return {codec: 'alac', bitDepth: u8(fields, 5), channels: u8(fields, 9), sampleRateHz: u32be(fields, 20)}
}

const ESDS_TAG = {elementaryStream: 3, decoderConfig: 4, decoderSpecific: 5} as const
const OBJECT_TYPE_AAC = [0x40, 0x66, 0x67, 0x68]

function readAacConfig(source: ByteSource, entry: Mp4Atom, skipBytes: number): Partial<SampleEntry> {
  // QuickTime puts the esds into a `wave` atom.
  const wave = childAtom(source, entry, 'wave', skipBytes)
  const esds = childAtom(source, entry, 'esds', skipBytes) ?? (wave === null ? null : childAtom(source, wave, 'esds'))
  if (esds === null) return {}
  const bytes = source.read(contentStart(esds) + 4, esds.end - contentStart(esds) - 4).slice()
  let at = 0
  let objectType = 0
  while (at < bytes.length) {
    const tag = u8(bytes, at++)
    let length = 0
    for (let count = 0; count < 4; count++) {
      const byte = u8(bytes, at++)
      length = (length << 7) | (byte & 0x7f)
      if ((byte & 0x80) === 0) break
    }
    if (tag === ESDS_TAG.elementaryStream) at += 3
    else if (tag === ESDS_TAG.decoderConfig) {
      objectType = u8(bytes, at)
      at += 13
    } else if (tag === ESDS_TAG.decoderSpecific) {
      if (!OBJECT_TYPE_AAC.includes(objectType)) return {}
      return parseAudioSpecificConfig(bytes.subarray(at, at + length))
    } else at += length
  }
  return {}
}

function parseAudioSpecificConfig(config: Uint8Array): Partial<SampleEntry> {
  const bits = u32be(config, 0)
  const objectType = bits >>> 27
  const aacRateIndex = (bits >>> 23) & 15
  const aacChannelConfig = (bits >>> 19) & 15
  const hasFrameLength960 = ((bits >>> 18) & 1) === 1
  const sampleRateHz = AAC_SAMPLE_RATES_HZ[aacRateIndex]
  const isAacLc =
    objectType === 2 &&
    sampleRateHz !== undefined &&
    aacChannelConfig > 0 &&
    aacChannelConfig <= 2 &&
    !hasFrameLength960
  const channels = aacChannelConfig === 7 ? 8 : aacChannelConfig
  return {
    codec: 'aac',
    isAacLc,
    aacRateIndex,
    aacChannelConfig,
    // With SBR (types 5 and 29) the sample entry's rate, not the core's, is what is heard.
    ...(objectType === 2 && sampleRateHz !== undefined ? {sampleRateHz} : {}),
    ...(objectType === 2 && channels > 0 ? {channels} : {}),
  }
}

function readMediaHeader(source: ByteSource, header: Mp4Atom): {timescale: number; duration: number | null} {
  const fields = source.read(contentStart(header), 32)
  const isLong = u8(fields, 0) === 1
  const timescale = u32be(fields, isLong ? 20 : 12)
  const duration = isLong ? u64be(fields, 24) : u32be(fields, 16)
  return {timescale, duration: duration === 0 || duration === 0xffffffff ? null : duration}
}

/** The one edit that starts the music after the encoder's delay; several edits are cuts, which nobody honours. */
function readEditList(
  source: ByteSource,
  movie: Mp4Atom,
  track: Mp4Atom,
): {leadInTicks: number; durationSeconds: number | null} {
  const none = {leadInTicks: 0, durationSeconds: null}
  const list = descendantAtom(source, track, 'edts', 'elst')
  const header = childAtom(source, movie, 'mvhd')
  if (list === null || header === null) return none
  const movieFields = source.read(contentStart(header), 24)
  const movieTimescale = u32be(movieFields, u8(movieFields, 0) === 1 ? 20 : 12)
  const fields = source.read(contentStart(list), 28)
  if (u32be(fields, 4) !== 1 || movieTimescale === 0) return none
  const isLong = u8(fields, 0) === 1
  const duration = isLong ? u64be(fields, 8) : u32be(fields, 8)
  const mediaTime = isLong ? u64be(fields, 16) : u32be(fields, 12)
  if (mediaTime > 0x7fff_ffff) return none
  return {leadInTicks: mediaTime, durationSeconds: duration === 0 ? null : duration / movieTimescale}
}

/** iTunes' own note: ` 00000000 <delay> <padding> <length> …` in hexadecimal, inside a freeform atom. */
function readITunSmpb(source: ByteSource, movie: Mp4Atom): {delayFrames: number; frameCount: number | null} | null {
  const meta = descendantAtom(source, movie, 'udta', 'meta')
  const list = meta === null ? null : childAtom(source, meta, 'ilst', 4)
  if (list === null) return null
  for (const item of mp4Atoms(source, contentStart(list), list.end)) {
    if (item.type !== '----') continue
    const text = latin1(source.read(contentStart(item), Math.min(512, item.end - contentStart(item))))
    const match = /iTunSMPB.*?data.{8} ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{16})/is.exec(text)
    if (match?.[2] === undefined || match[4] === undefined) continue
    const frameCount = Number.parseInt(match[4], 16)
    return {delayFrames: Number.parseInt(match[2], 16), frameCount: frameCount > 0 ? frameCount : null}
  }
  return null
}

/** The place of every coded sample, from stsz, stsc and stco/co64. */
function readSampleRanges(source: ByteSource, table: Mp4Atom): ByteRange[] {
  const sizes = childAtom(source, table, 'stsz')
  const runs = childAtom(source, table, 'stsc')
  const offsets = childAtom(source, table, 'stco') ?? childAtom(source, table, 'co64')
  if (sizes === null || runs === null || offsets === null) return []
  const sizeBytes = atomContent(source, sizes)
  const runBytes = atomContent(source, runs)
  const offsetBytes = atomContent(source, offsets)
  const isLong = offsets.type === 'co64'
  const fixedSize = u32be(sizeBytes, 4)
  const declared = u32be(sizeBytes, 8)
  const sampleCount = fixedSize > 0 ? declared : Math.min(declared, Math.floor((sizeBytes.length - 12) / 4))
  const chunkCount = Math.min(u32be(offsetBytes, 4), Math.floor((offsetBytes.length - 8) / (isLong ? 8 : 4)))
  const runCount = Math.min(u32be(runBytes, 4), Math.floor((runBytes.length - 8) / 12))
  const ranges: ByteRange[] = []
  let run = 0
  let sample = 0
  for (let chunk = 0; chunk < chunkCount && sample < sampleCount; chunk++) {
    while (run + 1 < runCount && u32be(runBytes, 8 + (run + 1) * 12) <= chunk + 1) run++
    const perChunk = u32be(runBytes, 8 + run * 12 + 4)
    let start = isLong ? u64be(offsetBytes, 8 + chunk * 8) : u32be(offsetBytes, 8 + chunk * 4)
    for (let count = 0; count < perChunk && sample < sampleCount; count++, sample++) {
      const end = start + (fixedSize > 0 ? fixedSize : u32be(sizeBytes, 12 + sample * 4))
      if (start >= source.sizeBytes) return ranges
      ranges.push({start, end})
      start = end
    }
  }
  return ranges
}

function atomContent(source: ByteSource, atom: Mp4Atom): Uint8Array {
  return source.read(contentStart(atom), atom.end - contentStart(atom)).slice()
}

export function layoutOfMp4(source: ByteSource): AudioLayout {
  const audio = readMp4Audio(source)
  const format: AudioFormat = audio.hasVideo ? 'video' : 'm4a'
  const payloadBytes = audio.samples.reduce((sum, {start, end}) => sum + end - start, 0)
  return {
    format,
    codec: audio.codec,
    sampleRateHz: audio.sampleRateHz > 0 ? audio.sampleRateHz : null,
    channels: audio.channels > 0 ? audio.channels : null,
    bitDepth: audio.bitDepth,
    bitRateKbps: bitRateOf(payloadBytes, audio.frameCount, audio.sampleRateHz),
    frameCount: audio.frameCount,
    leadInFrames: audio.leadInFrames,
    mp3HeaderCase: null,
    pcm: null,
    signature: `mp4 ${audio.codec}`,
    payload: () => joinRanges(audio.samples),
  }
}

/** Neighbouring ranges as one, so that hashing reads long pieces. */
function* joinRanges(ranges: readonly ByteRange[]): Generator<ByteRange> {
  let current: ByteRange | null = null
  for (const range of ranges) {
    if (current !== null && current.end === range.start) current = {start: current.start, end: range.end}
    else {
      if (current !== null) yield current
      current = range
    }
  }
  if (current !== null) yield current
}

// A row of `database V2` as a track of crate, and what a track of crate says about its row.

import type {ImportedTrack} from '../../src/api/format.js'
import {isMadeByPerson} from '../../src/core/cue.js'
import type {JsonValue} from '../../src/core/json.js'
import {type MusicalKey, musicalNameFromKey, parseKey} from '../../src/core/key.js'
import {audioFormatOf} from '../../src/core/music-path.js'
import {type AudioFormat, EMPTY_TAGS, type Tags, type Track} from '../../src/core/track.js'
import {bareTrack} from '../shared/imported-track.js'
import {areEqualBytes, u32Bytes, utf16FromText} from './bytes.js'
import {storedFromTrackColor, trackColorFromStored} from './colors.js'
import {type Changes, fieldOf, numberField, type Row, textField} from './database.js'

/** Tags that a row holds as text. */
const TEXT_TAGS = [
  ['tsng', 'title'],
  ['tart', 'artist'],
  ['talb', 'album'],
  ['tgen', 'genre'],
  ['tcom', 'comment'],
  ['tgrp', 'grouping'],
  ['trmx', 'remixer'],
  ['tlbl', 'label'],
  ['tcmp', 'composer'],
] as const satisfies readonly (readonly [string, keyof Tags])[]

const TYPE_OF_FORMAT: Readonly<Record<AudioFormat, string>> = {
  mp3: 'mp3',
  m4a: 'quicktime',
  video: 'quicktime',
  aac: 'aac',
  flac: 'flac',
  wav: 'wave',
  aiff: 'aiff',
  ogg: 'ogg',
  opus: 'opus',
  wma: 'wma',
}

/** Fields without a place in crate's track, kept for the way back under these names. */
const EXTRA_FIELDS = [
  ['pvid', 'video'],
  ['tiid', 'itunesId'],
] as const

/** @param path absolute path of the audio file */
export function trackFromRow(row: Row, ref: string, path: string): ImportedTrack {
  const base = bareTrack(ref, path)
  const tempoBpm = positive(Number.parseFloat(textField(row, 'tbpm') ?? ''))
  const keyText = filled(textField(row, 'tkey'))
  const tags: {-readonly [Name in keyof Tags]: Tags[Name]} = {...EMPTY_TAGS, tempoBpm, key: keyText}
  for (const [tag, name] of TEXT_TAGS) tags[name] = filled(textField(row, tag))
  const year = textField(row, 'ttyr') ?? ''
  tags.year = positive(Number.parseInt(year, 10))
  tags.releaseDate = /^\d{4}-\d{2}(?:-\d{2})?$/.test(year) ? year : null
  tags.trackNumber = numberField(row, 'utkn')
  tags.discNumber = numberField(row, 'udsc')
  const color = numberField(row, 'ulbl')
  const modified = numberField(row, 'utme')
  const extras = extrasOf(row)
  return {
    ...base,
    file: {
      ...base.file,
      sizeBytes: numberField(row, 'ufsb'),
      modifiedAtMs: modified === null ? null : modified * 1000,
      durationMs: durationFromText(textField(row, 'tlen') ?? ''),
      sampleRateHz: sampleRateFromText(textField(row, 'tsmp') ?? ''),
      bitRateKbps: positive(Number.parseFloat(textField(row, 'tbit') ?? '')),
    },
    tags,
    tempoBpm,
    key: keyText === null ? null : parseKey(keyText),
    isGridLocked: numberField(row, 'bbgl') === 1,
    colorRgb: color === null ? null : trackColorFromStored(color),
    playCount: numberField(row, 'utpc') ?? 0,
    addedAt: dateFromSeconds(numberField(row, 'uadd')),
    extras: Object.keys(extras).length === 0 ? {} : {serato: extras},
  }
}

function extrasOf(row: Row): Record<string, JsonValue> {
  const kept: Record<string, JsonValue> = {}
  for (const [tag, name] of EXTRA_FIELDS) {
    const text = textField(row, tag)
    if (text !== null) kept[name] = text
  }
  return kept
}

/** All fields that crate fills in the row of a track that Serato does not know yet. */
export function fieldsOfTrack(track: Track, drivePath: string, nowMs: number): Changes {
  const {file} = track
  const addedAtMs = track.addedAt === null ? Number.NaN : Date.parse(track.addedAt)
  const addedSeconds = Math.max(0, Math.floor((Number.isNaN(addedAtMs) ? nowMs : addedAtMs) / 1000))
  const fields = new Map<string, Uint8Array>()
  const text = (tag: string, value: string | null) => value !== null && fields.set(tag, utf16FromText(value))
  const number = (tag: string, value: number | null) => value !== null && fields.set(tag, u32Bytes(value))
  text('ttyp', typeOf(track))
  text('pfil', drivePath)
  text('tlen', file.durationMs === null ? null : textFromDuration(file.durationMs))
  text('tsiz', file.sizeBytes === null ? null : `${(file.sizeBytes / 1048576).toFixed(1)}MB`)
  text('tbit', file.bitRateKbps === null ? null : `${file.bitRateKbps.toFixed(1)}kbps`)
  text('tsmp', file.sampleRateHz === null ? null : `${(file.sampleRateHz / 1000).toFixed(1)}k`)
  text('tadd', String(addedSeconds))
  number('uadd', addedSeconds)
  number('ulbl', storedFromTrackColor(track.colorRgb))
  number('utme', file.modifiedAtMs === null ? null : Math.floor(file.modifiedAtMs / 1000))
  number('ufsb', file.sizeBytes)
  for (const [tag, payload] of saidByTrack(track)) fields.set(tag, payload)
  const kept = track.extras['serato']
  if (isRecord(kept))
    for (const [tag, name] of EXTRA_FIELDS) {
      const value = kept[name]
      if (typeof value === 'string') text(tag, value)
    }
  text('tbpm', track.tempoBpm === null ? null : track.tempoBpm.toFixed(2))
  text('tkey', keyText(track))
  return fields
}

/**
 * What changes in the row that Serato has of a track: only where crate knows a value that differs. Tempo and key that
 * crate's own analysis found fill gaps and replace nothing.
 */
export function changesForRow(row: Row, track: Track): Changes {
  const changes = new Map<string, Uint8Array>()
  for (const [tag, payload] of saidByTrack(track)) {
    const current = fieldOf(row, tag)
    if (current === null || !areEqualBytes(current, payload)) changes.set(tag, payload)
  }
  if (track.colorRgb !== null) setUnlessEqual(changes, row, 'ulbl', u32Bytes(storedFromTrackColor(track.colorRgb)))
  const counted = numberField(row, 'utpc') ?? 0
  if (counted >= track.playCount) changes.delete('utpc')
  if (Number.parseInt(textField(row, 'ttyr') ?? '', 10) === track.tags.year) changes.delete('ttyr')
  const tempo = tempoChange(row, track)
  if (tempo !== null) setUnlessEqual(changes, row, 'tbpm', utf16FromText(tempo))
  const key = keyChange(row, track)
  if (key !== null) setUnlessEqual(changes, row, 'tkey', utf16FromText(key))
  return changes
}

/** Fields that a track of crate states whatever the row says. */
function saidByTrack(track: Track): Map<string, Uint8Array> {
  const fields = new Map<string, Uint8Array>()
  for (const [tag, name] of TEXT_TAGS) {
    const value = track.tags[name]
    if (value !== null) fields.set(tag, utf16FromText(value))
  }
  if (track.tags.year !== null) fields.set('ttyr', utf16FromText(track.tags.releaseDate ?? String(track.tags.year)))
  if (track.tags.trackNumber !== null) fields.set('utkn', u32Bytes(track.tags.trackNumber))
  if (track.tags.discNumber !== null) fields.set('udsc', u32Bytes(track.tags.discNumber))
  if (track.playCount > 0) fields.set('utpc', u32Bytes(track.playCount))
  if (track.isGridLocked) fields.set('bbgl', Uint8Array.of(1))
  return fields
}

function tempoChange(row: Row, track: Track): string | null {
  if (track.tempoBpm === null) return null
  const current = positive(Number.parseFloat(textField(row, 'tbpm') ?? ''))
  if (current !== null && !isMadeByPerson(track.gridOrigin)) return null
  const text = track.tempoBpm.toFixed(2)
  return current !== null && current.toFixed(2) === text ? null : text
}

function keyChange(row: Row, track: Track): string | null {
  const {key, analysis} = track
  if (key === null) return null
  const current = filled(textField(row, 'tkey'))
  if (current !== null && (isSameKey(parseKey(current), key) || isSameKey(analysis?.key ?? null, key))) return null
  return keyText(track)
}

/** The key as the tag writes it where that is the same key or none, else in Serato's spelling (C#m, Ebm, G#m). */
function keyText({key, tags}: Track): string | null {
  if (key === null) return tags.key
  if (tags.key !== null && isSameKey(parseKey(tags.key), key)) return tags.key
  const sharps: Readonly<Record<string, string>> = {Dbm: 'C#m', Abm: 'G#m'}
  const name = musicalNameFromKey(key)
  return sharps[name] ?? name
}

function isSameKey(a: MusicalKey | null, b: MusicalKey): boolean {
  return a !== null && a.tonic === b.tonic && a.mode === b.mode
}

function setUnlessEqual(changes: Map<string, Uint8Array>, row: Row, tag: string, payload: Uint8Array): void {
  const current = fieldOf(row, tag)
  if (current === null || !areEqualBytes(current, payload)) changes.set(tag, payload)
}

function typeOf(track: Track): string | null {
  const format = track.file.format ?? audioFormatOf(track.file.path)
  return format === null ? null : TYPE_OF_FORMAT[format]
}

function isRecord(value: JsonValue | undefined): value is {readonly [key: string]: JsonValue} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function filled(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text
}

function positive(value: number): number | null {
  return Number.isFinite(value) && value > 0 ? value : null
}

/** `06:22.93`; minutes go on after 59. */
function durationFromText(text: string): number | null {
  const match = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim())
  if (match === null) return null
  const [, hours = '0', minutes = '0', seconds = '0'] = match
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}

function textFromDuration(durationMs: number): string {
  const hundredths = Math.round(durationMs / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(hundredths / 6000))}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`
}

/** `44.1k`; 22.1k and 11.0k are roundings of the usual rates. */
function sampleRateFromText(text: string): number | null {
  const rateHz = positive(Number.parseFloat(text))
  if (rateHz === null) return null
  const usual = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000]
  return usual.find((rate) => Math.abs(rate - rateHz * 1000) <= 51) ?? Math.round(rateHz * 1000)
}

/** Midnight stands for a date alone: that is how dates without a time arrive here. */
function dateFromSeconds(seconds: number | null): string | null {
  if (seconds === null || seconds === 0) return null
  const text = new Date(seconds * 1000).toISOString()
  return seconds % 86_400 === 0 ? text.slice(0, 10) : text.replace('.000Z', 'Z')
}

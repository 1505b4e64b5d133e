// Every note that begins is written down, so that every way out can end it.
import {allNotesOff, noteOff, noteOn, pitchBend, resetControllers} from '../output/midi.js'
import type {LiveAction, LiveState, SoundingNote} from './state.js'

interface Change {
  readonly state: LiveState
  readonly actions: readonly LiveAction[]
}

function isSame(a: SoundingNote, b: Pick<SoundingNote, 'output' | 'channel' | 'number'>): boolean {
  return a.output === b.output && a.channel === b.channel && a.number === b.number
}

function offAction({output, channel, number}: SoundingNote, atMs: number): LiveAction {
  return {kind: 'send', atMs, output, message: noteOff(channel, number)}
}

/** A note that sounds already is ended first: a synthesiser counts its ons and offs. */
export function startNote(state: LiveState, note: SoundingNote, velocity: number, atMs: number): Change {
  const again = state.notes.filter((other) => isSame(other, note))
  const on: LiveAction = {kind: 'send', atMs, output: note.output, message: noteOn(note.channel, note.number, velocity)}
  return {
    state: touch(
      {...state, notes: [...state.notes.filter((other) => !isSame(other, note)), note]},
      note.output,
      note.channel,
    ),
    actions: [...again.map((other) => offAction(other, atMs)), on],
  }
}

export function endNotes(state: LiveState, isOver: (note: SoundingNote) => boolean, atMs: number): Change {
  const over = state.notes.filter(isOver)
  if (over.length === 0) return {state, actions: []}
  return {
    state: {...state, notes: state.notes.filter((note) => !isOver(note))},
    actions: over.map((note) => offAction(note, note.offAtMs === null ? atMs : Math.min(atMs, note.offAtMs))),
  }
}

export function touch(state: LiveState, output: string, channel: number): LiveState {
  const key = `${channel} ${output}`
  return state.touched.has(key) ? state : {...state, touched: new Set([...state.touched, key])}
}

/**
 * What to send on every way out, in this order: an off for each note that sounds, and for every channel that was used
 * all-notes-off, controllers reset and the bend back in the middle. Sending it twice does no harm.
 */
export function closingMessages(state: LiveState): readonly LiveAction[] {
  const atMs = Number.isFinite(state.nowMs) ? state.nowMs : 0
  const offs = state.notes.map((note) => offAction({...note, offAtMs: null}, atMs))
  const resets = [...state.touched].flatMap((key): LiveAction[] => {
    const at = key.indexOf(' ')
    const channel = Number(key.slice(0, at))
    const output = key.slice(at + 1)
    return [allNotesOff(channel), resetControllers(channel), pitchBend(channel, 0.5)].map((message) => ({
      kind: 'send',
      atMs,
      output,
      message,
    }))
  })
  return [...offs, ...resets]
}

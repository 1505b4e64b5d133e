// The live interpreter: inputs that carry their own time → what to send and do. Pure, so a recording plays to the same.
import type {OscArgument, OutputMessage} from '../../core/message.js'
import {axisValue, forwardFrom, NO_FORWARD, stepPose} from '../control/axes.js'
import {
  isCrateCommand,
  type Mapping,
  type MappingAction,
  type MappingControl,
  type MappingRule,
} from '../mapping/schema.js'
import {controlChange, programChange} from '../output/midi.js'
import {stepControl, takeDue} from './continuous.js'
import {endNotes, startNote, touch} from './notes.js'
import type {ControlState, LiveAction, LiveInput, LiveState} from './state.js'

/** How long a note of a stroke sounds where the mapping does not say. */
const STROKE_NOTE_MS = 100
/** A control counts as pressed from the middle on. */
const PRESSED = 0.5

export interface Outputs {
  /** Which output takes messages of this kind where the mapping names none; null where there is none. */
  readonly first: Readonly<Record<OutputMessage['kind'], string | null>>
}

export interface Step {
  readonly state: LiveState
  readonly actions: readonly LiveAction[]
}

/** Collects actions while the state is handed on. */
class Run {
  state: LiveState
  readonly actions: LiveAction[] = []
  readonly mapping: Mapping
  readonly outputs: Outputs

  constructor(mapping: Mapping, outputs: Outputs, state: LiveState) {
    this.mapping = mapping
    this.outputs = outputs
    this.state = state
  }

  take({state, actions}: Step): void {
    this.state = state
    this.actions.push(...actions)
  }

  send(output: string | undefined, message: OutputMessage): void {
    const target = output ?? this.outputs.first[message.kind]
    if (target !== null) this.actions.push({kind: 'send', atMs: this.state.nowMs, output: target, message})
  }
}

/** One input. Inputs that are older than what was seen count as now: time does not run backwards on stage. */
export function stepLive(mapping: Mapping, outputs: Outputs, before: LiveState, input: LiveInput): Step {
  const inputMs = input.kind === 'frame' ? input.frame.atMs : input.kind === 'gesture' ? input.event.atMs : input.atMs
  const nowMs = Math.max(before.nowMs, Number.isFinite(inputMs) ? inputMs : before.nowMs)
  const run = new Run(mapping, outputs, {...before, nowMs})
  run.take(endNotes(run.state, ({offAtMs}) => offAtMs !== null && offAtMs <= nowMs, nowMs))
  switch (input.kind) {
    case 'frame':
      stepFrame(run, input)
      break
    case 'gesture':
      stepGesture(run, input)
      break
    case 'control':
      stepHeld(run, input)
      break
    case 'lost':
      stepLost(run, input.sensor)
      break
    case 'tick':
      break
  }
  sendDue(run)
  return {state: run.state, actions: run.actions}
}

function stepFrame(run: Run, {sensor, frame}: Extract<LiveInput, {kind: 'frame'}>): void {
  const pose = stepPose(run.state.poses.get(sensor) ?? null, frame)
  run.state = {...run.state, poses: new Map(run.state.poses).set(sensor, pose)}
  const forward = run.state.forward.get(sensor) ?? NO_FORWARD
  feedControls(run, ({from}) => ('axis' in from && from.sensor === sensor ? axisValue(from.axis, pose, forward) : null))
}

function feedControls(run: Run, measure: (control: MappingControl) => number | null): void {
  const {state} = run
  if (!state.isArmed || state.isFrozen) return
  let controls: ControlState[] | null = null
  for (const [index, control] of run.mapping.controls.entries()) {
    const value = measure(control)
    const known = state.controls[index]
    if (value === null || known === undefined || !isHeld(state, control.while)) continue
    controls ??= [...state.controls]
    controls[index] = stepControl(control, known, value, state.nowMs, state.isLearning)
  }
  if (controls !== null) run.state = {...state, controls}
}

function isHeld(state: LiveState, control: string | undefined): boolean {
  return control === undefined || (state.held.get(control)?.value ?? 0) >= PRESSED
}

function sendDue(run: Run): void {
  if (!run.state.isArmed || run.state.isFrozen) return
  for (const [index, control] of run.mapping.controls.entries()) {
    const known = run.state.controls[index]
    if (known === undefined || known.pending === null) continue
    const {state, messages} = takeDue(control, known, run.state.nowMs)
    if (messages.length === 0) continue
    const controls = [...run.state.controls]
    controls[index] = state
    run.state = {...run.state, controls}
    const body: {readonly output?: string | undefined; readonly channel?: number} = Object.values(control.to)[0]
    const target = body.output ?? run.outputs.first[messages[0]?.kind ?? 'midi']
    if (target !== null && body.channel !== undefined) run.state = touch(run.state, target, body.channel)
    for (const message of messages) run.send(body.output, message)
  }
}

function stepGesture(run: Run, {sensor, event}: Extract<LiveInput, {kind: 'gesture'}>): void {
  const owner = `gesture ${sensor} ${event.gesture}`
  if (event.kind === 'ended') run.take(endNotes(run.state, (note) => note.owner === owner, run.state.nowMs))
  const {rateHz} = event
  if (rateHz !== null && event.kind !== 'ended')
    feedControls(run, ({from}) =>
      'value' in from && from.gesture === event.gesture && (from.sensor ?? sensor) === sensor ? rateHz : null,
    )
  if (event.kind === 'going') return
  for (const rule of run.mapping.rules) {
    const {when} = rule
    if (!('gesture' in when) || when.gesture !== event.gesture || (when.sensor ?? sensor) !== sensor) continue
    const isPhase = when.phase === undefined ? event.kind !== 'ended' : when.phase === event.kind
    if (!isPhase || event.confidence < when.confidence || !isHeld(run.state, when.while)) continue
    perform(run, rule, owner, event.kind === 'started' ? null : STROKE_NOTE_MS)
  }
}

function stepHeld(run: Run, {sensor, control, value}: Extract<LiveInput, {kind: 'control'}>): void {
  if (!Number.isFinite(value)) return
  const wasPressed = isHeld(run.state, control)
  const held = new Map(run.state.held)
  if (value > 0) held.set(control, {sensor, value})
  else held.delete(control)
  run.state = {...run.state, held}
  const isPressed = value >= PRESSED
  const owner = `control ${sensor} ${control}`
  if (wasPressed && !isPressed) run.take(endNotes(run.state, (note) => note.owner === owner, run.state.nowMs))
  feedControls(run, ({from}) => ('control' in from && from.control === control ? value : null))
  if (isPressed === wasPressed) return
  for (const rule of run.mapping.rules) {
    const {when} = rule
    if ('control' in when && when.control === control && (when.is === 'pressed') === isPressed)
      perform(run, rule, owner, isPressed ? null : STROKE_NOTE_MS)
  }
}

/** Lets go of what the sensor held; nothing is fired by it. */
function stepLost(run: Run, sensor: string): void {
  const isOwned = (owner: string) => owner.startsWith(`gesture ${sensor} `) || owner.startsWith(`control ${sensor} `)
  run.take(endNotes(run.state, ({owner}) => isOwned(owner), run.state.nowMs))
  const held = new Map([...run.state.held].filter(([, entry]) => entry.sensor !== sensor))
  const poses = new Map([...run.state.poses].filter(([name]) => name !== sensor))
  run.state = {...run.state, held, poses}
}

function perform(run: Run, rule: MappingRule, owner: string, noteMs: number | null): void {
  const actions: readonly MappingAction[] = Array.isArray(rule.do) ? rule.do : [rule.do]
  for (const action of actions) {
    if (typeof action === 'string' && !isCrateCommand(action)) obey(run, action)
    else if (run.state.isArmed || rule.worksDisarmed) act(run, action, owner, noteMs)
  }
}

function act(run: Run, action: MappingAction, owner: string, noteMs: number | null): void {
  const atMs = run.state.nowMs
  if (typeof action === 'string') {
    if (isCrateCommand(action)) run.actions.push({kind: 'command', atMs, command: action, cause: owner})
  } else if ('plugin' in action) run.actions.push({kind: 'plugin', atMs, ...action.plugin})
  else if ('note' in action) {
    const {channel, number, velocity, lengthMs} = action.note
    const output = action.note.output ?? run.outputs.first.midi
    if (output === null) return
    const soundsMs = lengthMs ?? noteMs
    const note = {output, channel, number, owner, offAtMs: soundsMs === null ? null : atMs + soundsMs}
    run.take(startNote(run.state, note, velocity, atMs))
  } else if ('cc' in action) {
    const {output, channel, number, value} = action.cc
    const target = output ?? run.outputs.first.midi
    if (target !== null) run.state = touch(run.state, target, channel)
    run.send(output, controlChange(channel, number, value / 127))
  } else if ('program' in action)
    run.send(action.program.output, programChange(action.program.channel, action.program.number))
  else run.send(action.osc.output, {kind: 'osc', address: action.osc.address, args: action.osc.args.map(oscArgument)})
}

function oscArgument(value: number | string | boolean): OscArgument {
  if (typeof value === 'string') return {type: 's', value}
  if (typeof value === 'boolean') return {type: value ? 'T' : 'F', value: null}
  return Number.isInteger(value) ? {type: 'i', value} : {type: 'f', value}
}

/** Commands to the engine itself; they work disarmed, or it could never be armed. */
function obey(run: Run, command: string): void {
  const {state} = run
  switch (command) {
    case 'arm':
      setStatus(run, true, state.isFrozen)
      break
    case 'disarm':
      setStatus(run, false, state.isFrozen)
      break
    case 'toggle-arm':
      setStatus(run, !state.isArmed, state.isFrozen)
      break
    case 'freeze':
      setStatus(run, state.isArmed, true)
      break
    case 'unfreeze':
      setStatus(run, state.isArmed, false)
      break
    case 'toggle-freeze':
      setStatus(run, state.isArmed, !state.isFrozen)
      break
    case 'set-forward':
      run.state = {...state, forward: new Map([...state.poses].map(([sensor, pose]) => [sensor, forwardFrom(pose)]))}
      break
    case 'learn-range':
      run.state = {...state, isLearning: true, controls: state.controls.map((control) => ({...control, learnt: null}))}
      break
    case 'keep-range':
      run.state = {...state, isLearning: false}
      break
  }
}

function setStatus(run: Run, isArmed: boolean, isFrozen: boolean): void {
  const {state} = run
  if (state.isArmed === isArmed && state.isFrozen === isFrozen) return
  run.state = {...state, isArmed, isFrozen, controls: state.controls.map((control) => ({...control, pending: null}))}
  run.actions.push({kind: 'status', atMs: state.nowMs, isArmed, isFrozen})
  if (!isArmed) run.take(endNotes(run.state, () => true, run.state.nowMs))
}

/** Arms, disarms, freezes or sets forward by the keyboard or the dashboard. */
export function commandLive(mapping: Mapping, outputs: Outputs, state: LiveState, command: string, atMs: number): Step {
  const run = new Run(mapping, outputs, {...state, nowMs: Math.max(state.nowMs, atMs)})
  obey(run, command)
  return {state: run.state, actions: run.actions}
}

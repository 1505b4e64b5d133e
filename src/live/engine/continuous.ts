// Continuous controls: a measured value, smoothed and shaped, sent no oftener and no finer than its wire needs.
import type {OutputMessage} from '../../core/message.js'
import {AXIS_RANGES, type Axis} from '../control/axes.js'
import {oneEuro} from '../control/one-euro.js'
import {learnRange, shapeValue} from '../control/shape.js'
import type {MappingControl} from '../mapping/schema.js'
import {controlChange, controlChange14, pitchBend} from '../output/midi.js'
import type {ControlState} from './state.js'

/** A DIN line carries about 1000 messages a second: a hundred for each control leaves room for ten. */
const LEAST_PAUSE_MS = 10

const CENTRED: ReadonlySet<Axis> = new Set(['tilt-x', 'tilt-y', 'turn', 'rotation-x', 'rotation-y', 'rotation-z'])

/** Steps in which the target counts, and the least change in them worth sending. */
function resolutionOf({to}: MappingControl): {steps: number; least: number} {
  if ('cc' in to) return to.cc.bits === 14 ? {steps: 16_383, least: 8} : {steps: 127, least: 1}
  return 'bend' in to ? {steps: 16_384, least: 8} : {steps: 10_000, least: 5}
}

/** Takes a value in the unit of its source; what it comes to is in `pending` until `takeDue` gives it out. */
export function stepControl(
  control: MappingControl,
  state: ControlState,
  value: number,
  atMs: number,
  isLearning: boolean,
): ControlState {
  if (!Number.isFinite(value)) return state
  const filter =
    control.smoothing === 'none' ? {atMs, value, slope: 0} : oneEuro(control.smoothing, state.filter, value, atMs)
  const learnt = control.range === 'learn' && isLearning ? learnRange(state.learnt, filter.value) : state.learnt
  const {steps, least} = resolutionOf(control)
  const axis = 'axis' in control.from ? control.from.axis : null
  const usual = axis === null ? ([0, 'gesture' in control.from ? 5 : 1] as const) : AXIS_RANGES[axis]
  const range = control.range === 'learn' ? (learnt ?? usual) : (control.range ?? usual)
  const shaped = shapeValue(
    {
      range,
      deadBand: control.deadBand,
      isCentred: axis !== null && CENTRED.has(axis),
      curve: control.curve,
      isInverted: control.invert,
    },
    filter.value,
  )
  const step = Math.round(shaped * steps)
  const isNews =
    state.sent === null ||
    Math.abs(step - state.sent) >= least ||
    (step !== state.sent && (step === 0 || step === steps))
  return {...state, filter, learnt, pending: isNews ? step : null}
}

/** What may be sent by now; the pause since the last one is kept. */
export function takeDue(
  control: MappingControl,
  state: ControlState,
  atMs: number,
): {state: ControlState; messages: readonly OutputMessage[]} {
  if (state.pending === null || atMs - state.sentAtMs < LEAST_PAUSE_MS) return {state, messages: []}
  const value = state.pending / resolutionOf(control).steps
  return {
    state: {...state, sent: state.pending, sentAtMs: atMs, pending: null},
    messages: messagesFor(control, value),
  }
}

function messagesFor({to}: MappingControl, value: number): readonly OutputMessage[] {
  if ('cc' in to) {
    const {channel, number, bits} = to.cc
    return bits === 14 ? controlChange14(channel, number, value) : [controlChange(channel, number, value)]
  }
  if ('bend' in to) return [pitchBend(to.bend.channel, value)]
  const [low, high] = to.osc.range
  return [{kind: 'osc', address: to.osc.address, args: [{type: 'f', value: low + value * (high - low)}]}]
}

// From the status of a player to loaded, playing and on air.
import {describe, expect, it} from 'vitest'
import {type Deck, EMPTY_DECK, HOLD_MS, type PlayerStatus, stepDeck} from '../../../plugins/prolink/src/deck.js'
import {freePlayerNumber, interfaceOf} from '../../../plugins/prolink/src/network.js'

// Byte 0x7b as djl-analysis lists it.
const [PLAYS, LOOPS, PAUSED, CUED, HELD, ENDED] = [3, 4, 5, 6, 8, 0x11]

function status(trackId: number, playState: number, isOnAir: boolean): PlayerStatus {
  return {deviceId: 2, trackId, trackDeviceId: 2, trackSlot: 3, trackType: 1, playState, isOnAir}
}

/** Status every 200 ms, as players send it; what is told of it. */
function told(...told: readonly PlayerStatus[]): string[] {
  let deck: Deck = EMPTY_DECK
  return told.map((one, index) => {
    deck = stepDeck(deck, one, index * 200)
    return deck.place === null ? 'empty' : `${deck.place.trackId} ${deck.phase}`
  })
}

const times = (count: number, one: PlayerStatus) => Array.from({length: count}, () => one)

describe('stepDeck', () => {
  it('is loaded until it has played for a moment, and on air only when the mixer says so', () => {
    expect(told(status(0, 0, false))).toEqual(['empty'])
    expect(told(...times(4, status(7, CUED, true))).at(-1)).toBe('7 loaded')
    expect(told(...times(4, status(7, PLAYS, false)))).toEqual(['7 loaded', '7 loaded', '7 loaded', '7 playing'])
    expect(told(...times(4, status(7, PLAYS, true))).at(-1)).toBe('7 on-air')
    expect(told(...times(4, status(7, LOOPS, true))).at(-1)).toBe('7 on-air')
  })

  it('goes on through a hand on the platter and a flickering fader', () => {
    const playing = times(5, status(7, PLAYS, true))
    const hand = times(2, status(7, HELD, true))
    expect(told(...playing, ...hand, ...playing).slice(4)).toEqual(Array.from({length: 8}, () => '7 on-air'))
    expect(told(...playing, status(7, PLAYS, false), ...playing).slice(4)).toEqual(
      Array.from({length: 7}, () => '7 on-air'),
    )
  })

  it.each([PAUSED, CUED, ENDED])('is loaded again in state %i, once that has held', (state) => {
    const all = told(...times(5, status(7, PLAYS, true)), ...times(5, status(7, state, true)))
    expect(all.at(-1)).toBe('7 loaded')
    expect(all.filter((one) => one === '7 on-air').length * 200).toBeGreaterThanOrEqual(HOLD_MS)
  })

  it('takes another track at once, and an empty deck too', () => {
    expect(told(...times(5, status(7, PLAYS, true)), status(8, PLAYS, true)).at(-1)).toBe('8 loaded')
    expect(told(...times(5, status(7, PLAYS, true)), status(0, 0, false)).at(-1)).toBe('empty')
  })
})

describe('where players are', () => {
  it('takes the highest free number of a player, and nobody’s where all are taken', () => {
    expect(freePlayerNumber(new Set())).toBe(4)
    expect(freePlayerNumber(new Set([2, 3, 4]))).toBe(1)
    expect(freePlayerNumber(new Set([1, 2, 3, 4]))).toBe(6)
    expect(freePlayerNumber(new Set([1, 2, 3, 4, 5, 6]))).toBe(7)
  })

  it('finds the interface with the narrowest network', () => {
    const info = (address: string, netmask: string) => ({
      address,
      netmask,
      family: 'IPv4' as const,
      mac: '00:00:00:00:00:01',
      internal: false,
      cidr: null,
    })
    const interfaces = {
      wifi: [info('10.0.0.9', '255.0.0.0')],
      cable: [info('10.0.7.2', '255.255.255.0')],
      auto: [info('169.254.3.3', '255.255.0.0')],
    }
    expect(interfaceOf(interfaces, '10.0.7.207')?.address).toBe('10.0.7.2')
    expect(interfaceOf(interfaces, '10.1.7.207')?.address).toBe('10.0.0.9')
    expect(interfaceOf(interfaces, '169.254.200.1')?.address).toBe('169.254.3.3')
    expect(interfaceOf(interfaces, '192.168.1.1')).toBeNull()
  })
})

import {describe, expect, it} from 'vitest'
import {roughNight} from '../../bench/live/rough-hour.js'

describe('a night on bad lines', () => {
  it('hangs no note and fires nothing by itself, with sensors unplugged in the middle of it', {
    timeout: 120_000,
  }, async () => {
    const report = await roughNight({minutes: 3, faultShare: 0.01, unplugged: 6, seed: 3})
    expect(report.frames).toBeGreaterThan(20_000)
    expect(report.malformed).toBeGreaterThan(50)
    expect(report.notes).toBeGreaterThan(30)
    expect(report.evaluation.hits).toBeGreaterThanOrEqual(6)
    expect(report).toMatchObject({hanging: 0, firedWhileAway: 0})
    // The rate stated is 0.3 a minute.
    expect(report.evaluation.falseAlarmsPerMinute).toBeLessThan(0.3)
  })
})

import { describe, expect, it } from 'vitest'
import { MangroveError, type Site } from '../kernel/index.ts'
import { hourly, planTestPark } from './park.fixture.ts'
import { planGrid } from './plan.ts'

const site = { zone: 'Asia/Shanghai' } as Site
const codeOf = (action: () => unknown): string | undefined => {
  try {
    action()
    return undefined
  } catch (error) {
    return error instanceof MangroveError ? error.code : String(error)
  }
}

describe('the horizon of a plan', () => {
  it('starts now, rounded down to a step, unless told otherwise', () => {
    const nowMs = Date.UTC(2026, 6, 6, 3, 22)
    expect(planGrid({ hours: 24, step: '15m' }, site, nowMs)).toEqual({
      startMs: Date.UTC(2026, 6, 6, 3, 15),
      stepMs: 900_000,
      count: 96,
    })
    expect(planGrid({ at: '2026-07-06T00:00', hours: 1, step: '1h' }, site, 0).startMs).toBe(Date.UTC(2026, 6, 5, 16))
  })

  it.each([
    ['a step that does not divide the hour', 24, '7m'],
    ['a step above an hour', 24, '2h'],
    ['less than a step', 0.1, '15m'],
    ['half a step', 1.125, '15m'],
    ['more steps than one plan can hold', 744, '1m'],
  ])('refuses %s', (_, hours, step) => {
    expect(codeOf(() => planGrid({ hours, step }, site, 0))).toBe('energy.bad-horizon')
  })

  it('refuses a start between two steps', () => {
    expect(codeOf(() => planGrid({ at: '2026-07-06T00:07', hours: 1, step: '15m' }, site, 0))).toBe(
      'energy.bad-horizon',
    )
    expect(codeOf(() => planGrid({ at: '2026-07-06T00:07', hours: 1, step: '1m' }, site, 0))).toBeUndefined()
  })

  it('may start at midnight where the clock is half an hour or a quarter off', () => {
    for (const zone of ['Asia/Kolkata', 'Asia/Kathmandu']) {
      expect(codeOf(() => planGrid({ at: '2026-07-06', hours: 1, step: '1h' }, { zone } as Site, 0))).toBeUndefined()
    }
  })

  it('starts now on the steps of the local clock', () => {
    const { startMs } = planGrid(
      { hours: 1, step: '1h' },
      { zone: 'Asia/Kolkata' } as Site,
      Date.UTC(2026, 6, 6, 3, 40),
    )
    expect(startMs).toBe(Date.UTC(2026, 6, 6, 3, 30))
  })

  it('may be a month of quarter-hours', () => {
    expect(planGrid({ hours: 744, step: '15m' }, site, 0).count).toBe(2976)
  })
})

describe('numbers that no site has', () => {
  it('are refused by name, not left to the solver', async () => {
    const park = {
      grid: hourly(2),
      tariff: { import: { feePerKwh: 1e13 } },
      assets: { grid: { kind: 'grid', importLimitKw: 10 }, load: { kind: 'load', demand: 5 } },
    }
    await expect(planTestPark(park)).rejects.toThrow('energy.beyond-scale')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInstant, type TimeGrid } from '../../kernel/index.ts'
import { planTestPark, testData, testSite } from '../park.fixture.ts'
import { type Intervals, intervalMean } from './intervals.ts'
import { tariffOnGrid } from './tariff-on-grid.ts'

const minuteMs = 60_000
const grid = { kind: 'grid', importLimitKw: 500 }
const gridFrom = (at: string, stepMinutes: number, count: number): TimeGrid => ({
  startMs: parseInstant(at, 'UTC'),
  stepMs: stepMinutes * minuteMs,
  count,
})
const demandOf = async (horizon: TimeGrid, charge: object, zone = 'UTC') => {
  const tariff = { import: { feePerKwh: 1 }, demand: [{ name: 'd', pricePerKwMonth: 10, ...charge }] }
  const { demand } = await tariffOnGrid(testSite({ assets: { grid }, tariff, grid: horizon, zone }), horizon, testData)
  return demand
}

/** Intervals as lists of step and share. */
const listed = (intervals: Intervals | undefined): readonly (readonly (readonly [number, number])[])[] =>
  Array.from({ length: intervals?.count ?? 0 }, (_, i) =>
    Array.from({ length: intervals!.first[i + 1]! - intervals!.first[i]! }, (_, j) => {
      const at = intervals!.first[i]! + j
      return [intervals!.step[at]!, intervals!.share[at]!] as const
    }),
  )

describe('the demand charge', () => {
  it('is on clock quarter-hours: three steps of 5 min each', async () => {
    const [window] = await demandOf(gridFrom('2026-07-06T00:00', 5, 6), {})
    expect(listed(window?.intervals)).toEqual([
      [0, 1, 2].map((step) => [step, 1 / 3]),
      [3, 4, 5].map((step) => [step, 1 / 3]),
    ])
  })

  it('splits a step that two quarter-hours share: 10 min are 2/3 and 1/3', async () => {
    const [window] = await demandOf(gridFrom('2026-07-06T00:00', 10, 3), {})
    const shares = listed(window?.intervals).map((interval) =>
      interval.map(([step, share]) => [step, Math.round(share * 1e9) / 1e9]),
    )
    expect(shares).toEqual([
      [
        [0, 0.666666667],
        [1, 0.333333333],
      ],
      [
        [1, 0.333333333],
        [2, 0.666666667],
      ],
    ])
  })

  it('takes one mean for the quarter-hours inside a longer step', async () => {
    const [window] = await demandOf(gridFrom('2026-07-06T00:00', 60, 2), {})
    expect(listed(window?.intervals)).toEqual([[[0, 1]], [[1, 1]]])
  })

  it('starts anew at the end of the month, by the clock of the site', async () => {
    // 23:00 in Madrid on 31 July is 21:00 UTC.
    const windows = await demandOf(gridFrom('2026-07-31T21:00', 15, 8), { peakSoFarKw: 70 }, 'Europe/Madrid')
    const found = windows.map(({ peakSoFarKw, intervals }) => [
      peakSoFarKw,
      listed(intervals).map(([part]) => part?.[0]),
    ])
    expect(found).toEqual([
      [70, [0, 1, 2, 3]],
      [0, [4, 5, 6, 7]],
    ])
  })

  it('bills the highest quarter-hour of 5-minute steps, not the highest step', async () => {
    const demand = [30, 0, 0, 12, 12, 12]
    const { outcomes } = await planTestPark({
      grid: gridFrom('2026-07-06T00:00', 5, 6),
      assets: { grid, load: { kind: 'load', demand } },
      tariff: { import: { feePerKwh: 1 }, demand: [{ name: 'd', pricePerKwMonth: 10 }] },
    })
    expect(outcomes.get('grid')?.cost.demand).toBeCloseTo(10 * 12, 6)
  })

  it('law: the time-weighted mean of all quarter-hours is the mean of the steps, whatever step and start', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 4, 5, 6, 10, 12, 15),
        fc.integer({ min: 0, max: 14 }),
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 }),
        async (step, minute, powers) => {
          const horizon = gridFrom(`2026-07-06T00:${String(minute).padStart(2, '0')}`, step, powers.length)
          const [window] = await demandOf(horizon, {})
          const intervals = window!.intervals
          const means = Array.from({ length: intervals.count }, (_, i) =>
            intervalMean(intervals, i, Float64Array.from(powers)),
          )
          expect(Math.max(...means)).toBeLessThanOrEqual(Math.max(...powers) + 1e-9)
          for (const interval of listed(intervals)) {
            expect(interval.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9)
          }
          expect(new Set(intervals.step).size).toBe(powers.length)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('prices', () => {
  const horizon = gridFrom('2026-07-06T00:00', 60, 2)
  const priceOf = (tariff: unknown) =>
    tariffOnGrid(testSite({ assets: { grid }, tariff, grid: horizon }), horizon, testData)

  it('are missing, not zero, where the tariff says none for a grid connection', async () => {
    expect([...(await priceOf({ import: {} })).importPrice]).toEqual([Number.NaN, Number.NaN])
    expect([...(await priceOf({ import: { spot: 0 } })).importPrice]).toEqual([0, 0])
  })

  it('are not read on an island, so that a gap in them stops nothing', async () => {
    const { solved } = await planTestPark({
      grid: horizon,
      assets: {
        load: { kind: 'load', demand: 5 },
        battery: { kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50 },
      },
      tariff: { import: { spot: [1] } },
    })
    expect(solved.certificate.ok).toBe(true)
  })

  it('without a grid factor are said to count no emissions', async () => {
    const { frame, outcomes } = await planTestPark({
      grid: horizon,
      assets: { grid, load: { kind: 'load', demand: 5 } },
    })
    const { gridConnection } = await import('../components/grid.ts')
    const reasons = gridConnection.describe({
      asset: frame.site.assets[0] as never,
      frame,
      outcome: outcomes.get('grid')!,
      marginalPricePerKwh: new Float64Array(2),
      priceOn: () => undefined,
    })
    expect(reasons.map(({ code }) => code)).toContain('grid.no-carbon-intensity')
  })
})

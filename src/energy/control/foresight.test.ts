import { describe, expect, it } from 'vitest'
import {
  type DataPort,
  fixedClock,
  gridOfSegments,
  runEngine,
  type SeriesRequest,
  type Site,
  stepStartMs,
} from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, testData, testSite } from '../park.fixture.ts'
import type { ControlOutput } from '../schema/index.ts'
import { controlEngine } from './control.ts'
import { withForesight } from './foresight.ts'

const minute = 60_000
const nowMs = Date.parse('2026-07-09T10:00Z')

/** A plant that works from eight to four on working days; nothing is measured after now. */
const loadAt = (timestampMs: number): number => {
  const hour = new Date(timestampMs).getUTCHours()
  const day = new Date(timestampMs).getUTCDay()
  return day >= 1 && day <= 5 && hour >= 8 && hour < 16 ? 100 : 20
}
const measured = (untilMs = nowMs, fromMs = 0): DataPort & { readonly asked: SeriesRequest[] } => {
  const asked: SeriesRequest[] = []
  return {
    ...testData,
    asked,
    series: async (site, request) => {
      if (!request.path.endsWith('.demand')) return testData.series(site, request)
      asked.push(request)
      const { grid } = request
      const values = Float64Array.from({ length: grid.count }, (_, k) => {
        const known = stepStartMs(grid, k + 1) <= untilMs && stepStartMs(grid, k) >= fromMs
        return known ? loadAt(stepStartMs(grid, k)) : Number.NaN
      })
      return {
        grid,
        unit: 'kW',
        values,
        quality: values.some(Number.isNaN) ? new Uint8Array(grid.count).fill(4) : new Uint8Array(grid.count),
      }
    },
  }
}
const site: Site = testSite({
  grid: hourly(1),
  assets: {
    load: { kind: 'load', demand: 0 },
    grid: { kind: 'grid', importLimitKw: 500 },
    battery: { kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50 },
  },
})
const request = { source: 0, unit: 'kW', path: 'assets.load.demand' }
const growing = gridOfSegments(nowMs, [
  { stepMs: minute, count: 15 },
  { stepMs: 15 * minute, count: 3 },
  { stepMs: 60 * minute, count: 10 },
])

describe('foresight', () => {
  it('goes on with similar days where nothing is measured yet', async () => {
    const { data, foreseen } = withForesight(measured(), nowMs)
    const { values } = await data.series(site, { ...request, grid: growing })
    expect(Array.from(values.slice(0, 18))).toEqual(new Array(18).fill(100))
    // From eleven to four it works, then it rests.
    expect(Array.from(values.slice(18))).toEqual([100, 100, 100, 100, 100, 20, 20, 20, 20, 20])
    expect([...foreseen]).toEqual(['assets.load.demand'])
  })

  it('reads nothing of after now for it', async () => {
    const port = measured(Number.POSITIVE_INFINITY)
    const ended = measured()
    const { data } = withForesight(ended, nowMs)
    await data.series(site, { ...request, grid: growing })
    const [, history] = ended.asked
    expect(stepStartMs(history!.grid, history!.grid.count)).toBeLessThanOrEqual(nowMs)
    // What is known ahead stands as it is, and no history is read.
    const told = withForesight(port, nowMs)
    await told.data.series(site, { ...request, grid: growing })
    expect(port.asked).toHaveLength(1)
    expect(told.foreseen.size).toBe(0)
  })

  it('leaves missing what no past day tells, and what is no forecast’s business', async () => {
    const { data, foreseen } = withForesight(measured(0), nowMs)
    expect((await data.series(site, { ...request, grid: growing })).values.every(Number.isNaN)).toBe(true)
    const price = await data.series(site, { source: [1], grid: growing, unit: 'CNY/kWh', path: 'tariff.import.spot' })
    expect(Number.isNaN(price.values[5])).toBe(true)
    expect(foreseen.size).toBe(0)
  })

  it('lets a site be controlled that only measures', async () => {
    const data: DataPort = { ...measured(), site: async () => site }
    const solver = await createInlineSolver()
    const { output } = await runEngine<ControlOutput>(
      controlEngine,
      { site: 'test', at: '2026-07-09T10:00Z' },
      { data, solver, clock: fixedClock(nowMs) },
    )
    expect(output.status).toBe('fresh')
    expect(output.why).toContainEqual({ code: 'control.foreseen', text: expect.stringContaining('assets.load.demand') })
    expect(output.plan.segments).toEqual([
      { steps: 15, minutes: 1 },
      { steps: 9, minutes: 5 },
      { steps: 12, minutes: 15 },
      { steps: 20, minutes: 60 },
    ])
  })
})

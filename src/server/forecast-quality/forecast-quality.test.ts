import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlanOutput } from '../../energy/index.ts'
import { type Quality, quality } from '../../kernel/index.ts'
import type { Observation } from '../../store/index.ts'
import { keepFirstPlan, type PublishedPlan, publishPlan } from '../published-plan.ts'
import { declaredSchemas, misfits, noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { foreseenByPlan } from './foreseen-by-plans.ts'
import { foreseenByRun } from './foreseen-by-runs.ts'
import type { ForecastQualityAnswer } from './quality-shapes.ts'

const site = 'quarry-microgrid'
const hourMs = 3_600_000
const stepMs = hourMs / 4
const endMs = noonMs
const startMs = endMs - 24 * hourMs

/** A plan of 24 hours that foresees 100 kW of sun, and errs by so much. */
const plan = (madeMs: number, error: number, powerKw = 100 + error): PublishedPlan =>
  ({
    ...{ startMs: madeMs, publishedMs: madeMs, stepMinutes: 15, evidence: `run-${madeMs}` },
    assets: [{ id: 'pv', kind: 'pv', title: 'Sun' }],
    units: { 'pv.availableKw': 'kW', 'pv.powerKw': 'kW' },
    series: {
      'pv.availableKw': Array.from({ length: 96 }, () => 100 + error),
      'pv.powerKw': Array.from({ length: 96 }, () => powerKw),
    },
  }) as unknown as PublishedPlan
const metered = (fromMs: number, toMs: number, value: number): Observation[] =>
  Array.from({ length: (toMs - fromMs) / stepMs }, (_, step) => ({
    ...{ site, point: 'pv.powerKw', unit: 'kW', timestampMs: fromMs + step * stepMs, value },
    ...{ quality: quality.good as Quality, source: 'meter' },
  }))

let test: TestServer
beforeAll(async () => {
  test = await openTestServer()
  await test.store.observations.put(metered(startMs - 24 * hourMs, endMs, 100))
  // Doubtful values are none.
  await test.store.observations.put(
    metered(endMs - 2 * hourMs, endMs - hourMs, 7).map((one) => ({ ...one, quality: quality.suspect as Quality })),
  )
  await keepFirstPlan(test.store, site, plan(startMs - 6 * hourMs, 8))
  for (let hour = 0; hour < 24; hour += 1) {
    // The plan of the sixth hour takes less than the sun gives: what the meter says then says nothing of the forecast.
    await publishPlan(test.store, site, plan(startMs + hour * hourMs, 4, hour === 6 ? 20 : undefined))
  }
})
afterAll(() => test.close())

const ask = async (query: Readonly<Record<string, string>> = {}, status = 200) => {
  const answer = await test.inject({
    url: `/api/v1/sites/${site}/forecast-quality`,
    query: { from: String(startMs), to: String(endMs), ...query },
  })
  expect(answer.statusCode, answer.body).toBe(status)
  return answer.json() as ForecastQualityAnswer
}
const leadOf = ({ quantities }: ForecastQualityAnswer, hours: number) =>
  quantities[0]!.leads.find(({ leadHours }) => leadHours === hours)!

describe('the quality of the forecasts of a site, over HTTP', () => {
  it('is that of the newest plan so long before, as the schema says', async () => {
    const answer = await ask({ ref: 'pv.availableKw', lead: '1' })
    const schemas = await declaredSchemas(test)
    expect(misfits(schemas.answer('/api/v1/sites/{id}/forecast-quality', 'get', 200), answer)).toEqual([])
    expect(answer).toMatchObject({ site, of: 'plans', made: 25, stepMinutes: 15, fromMs: startMs, toMs: endMs })
    expect(answer.quantities).toHaveLength(1)
    expect(answer.quantities[0]).toMatchObject({
      ref: 'pv.availableKw',
      assetKind: 'pv',
      title: 'Sun',
      what: 'available',
    })
    const one = leadOf(answer, 1)
    // Four quarters are doubtful, four were moved; the first hour is foreseen by the plan of the day before.
    expect(one).toMatchObject({ pairs: 88, gaps: { notMeasured: 4, moved: 4, notForeseen: 0 } })
    expect(one.bias).toBeCloseTo((4 * 8 + 84 * 4) / 88, 9)
    expect(leadOf(answer, 24)).toMatchObject({ pairs: 0, bias: null, mae: null, meanLeadHours: null })
    expect(one.worst[0]).toMatchObject({ error: 8, startMs, run: `run-${startMs - 6 * hourMs}` })
    const { compared } = answer
    expect(compared).toMatchObject({ ref: 'pv.availableKw', leadHours: 1 })
    expect(compared!.foreseen.slice(0, 5)).toEqual([108, 108, 108, 108, 104])
    expect(compared!.measured.slice(24, 29)).toEqual([null, null, null, null, 100])
  })

  it('hears of a plan that was published since', async () => {
    const before = leadOf(await ask(), 1).bias!
    await publishPlan(test.store, site, plan(startMs + 12 * hourMs + 1, 50))
    const after = await ask()
    expect(after.made).toBe(26)
    expect(leadOf(after, 1).bias!).toBeGreaterThan(before)
  })

  it('has nothing where nobody planned or measured, and no figure of it', async () => {
    const before = await ask({ from: String(startMs - 30 * hourMs), to: String(startMs - 24 * hourMs) })
    expect(leadOf(before, 1)).toMatchObject({ pairs: 0, mae: null, skill: { persistence: null } })
    expect(await ask({ of: 'forecasts', ref: 'pv.availableKw' })).toMatchObject({
      made: 0,
      quantities: [],
      compared: null,
    })
  })

  it('refuses a span that ends before it begins, or is longer than a month, and a lead that nobody judges', async () => {
    await ask({ from: String(endMs), to: String(startMs) }, 422)
    await ask({ from: String(endMs - 40 * 24 * hourMs) }, 422)
    await ask({ lead: '2' }, 422)
  })
})

describe('what is foreseen', () => {
  it('by a plan is what it is given, not what it decides', () => {
    const output = {
      ...plan(0, 0),
      assets: [
        { id: 'pv', kind: 'pv', title: 'Sun' },
        { id: 'grid', kind: 'grid', title: 'Grid' },
        { id: 'pv-2', kind: 'load', title: 'Works' },
      ],
      units: { 'grid.importPrice': 'CNY/kWh' },
      series: {
        ...{ 'pv.powerKw': [1], 'pv.availableKw': [1, null], 'grid.importPrice': [0.5], 'grid.powerKw': [3] },
        ...{ 'pv-2.demandKw': [5], 'pv-2.powerKw': [4] },
      },
    } as unknown as PlanOutput
    const found = foreseenByPlan(output, 7, 'run')
    expect(found.map(({ ref, what, unit }) => [ref, what, unit])).toEqual([
      ['pv.availableKw', 'available', '1'],
      ['grid.importPrice', 'price', 'CNY/kWh'],
      ['pv-2.demandKw', 'demand', '1'],
    ])
    const [sun, , works] = found.map(({ forecasts }) => forecasts[0]!)
    expect(sun).toMatchObject({ madeMs: 7, run: 'run', stepMs })
    expect([...sun!.values]).toEqual([1, Number.NaN])
    expect([sun!.moves, [...works!.moves!]]).toEqual([undefined, [1]])
  })

  it('by a forecast run has the band from its lowest to its highest quantile', () => {
    const target = {
      ...{ id: 'works', title: 'Works', kind: 'load', unit: 'kW', values: [5, 6] },
      quantiles: [
        { level: 0.1, values: [4, 5] },
        { level: 0.9, values: [7, null] },
      ],
    }
    const output = { startMs: 0, stepMinutes: 60, targets: [target, { ...target, kind: 'series' }] }
    const [one, ...others] = foreseenByRun(output as unknown as Parameters<typeof foreseenByRun>[0], 3, 'run')
    expect(others).toEqual([])
    expect(one).toMatchObject({ ref: 'works.demandKw', what: 'demand' })
    expect(one!.forecasts[0]!.band).toEqual({ low: Float64Array.of(4, 5), high: Float64Array.of(7, Number.NaN) })
  })
})

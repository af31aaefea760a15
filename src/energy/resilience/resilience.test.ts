import { describe, expect, it } from 'vitest'
import { checkValue, type DataPort, fixedClock, type Series, seededRandom } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, type TestPark, testData, testSite } from '../park.fixture.ts'
import type { ResilienceInput, ResilienceOutput } from '../schema/index.ts'
import { resilienceEngine } from './resilience.ts'

type Assets = TestPark['assets']

const sure = { availability: 1, failureToStart: 0, meanHoursToFailure: 1e9 }
const load = { kind: 'load', demand: 100 }
const battery = {
  kind: 'battery',
  capacityKwh: 1000,
  maxChargeKw: 200,
  maxDischargeKw: 200,
  minSoc: 0.1,
  maxSoc: 0.9,
  initialSoc: 0.9,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
}
const genset = { kind: 'genset', ratedKw: 120, fuel: { pricePerUnit: 8, kgCo2ePerUnit: 2.7, perKwh: 0.25 } }

async function outages(
  assets: Assets,
  input: Partial<ResilienceInput> = {},
  data: Partial<DataPort> = {},
): Promise<ResilienceOutput> {
  const site = testSite({ assets, grid: hourly(24), zone: 'Asia/Shanghai' })
  const { value, problems } = checkValue(resilienceEngine.input, {
    site: 'test',
    at: '2026-07-06T00:00',
    hours: 24,
    outageHours: 12,
    batteryAvailability: 1,
    productionAvailability: 1,
    ...input,
  })
  expect(problems).toEqual([])
  const output = await resilienceEngine.run(value as ResilienceInput, {
    progress: () => {},
    signal: new AbortController().signal,
    solver: await createInlineSolver(),
    clock: fixedClock(Date.UTC(2026, 6, 6)),
    random: seededRandom(1),
    data: { ...testData, site: async () => site, ...data },
  })
  expect(checkValue(resilienceEngine.output, output).problems).toEqual([])
  return output
}

const codes = ({ reasons }: ResilienceOutput): string[] => reasons.map(({ code }) => code)

describe('energy.resilience', () => {
  it('lasts as long as the battery, from every hour, and tells what goes unserved then', async () => {
    const found = await outages({ load, battery })
    expect(found.survival.mean).toEqual([...Array(8).fill(1), 0, 0, 0, 0])
    expect(found.autonomy).toMatchObject({ meanHours: 8, leastHours: 8, longEnough: 0 })
    expect(found.unserved.meanKwh).toBeCloseTo(400, 6)
    expect(found.unserved.share).toBeCloseTo(4 / 12, 9)
    expect(codes(found)).toContain('resilience.all-critical')
  })

  it('serves the critical share only, by load where it is said', async () => {
    const assets = { load, battery, hall: { kind: 'load', demand: 50 } }
    const found = await outages(assets, { criticalShare: 0.5, critical: { hall: 0 } })
    expect(found.critical).toMatchObject({ meanKw: 50, peakKw: 50 })
    expect(found.survival.mean.at(-1)).toBe(1)
    expect(found.critical.loads.map(({ id }) => id)).toEqual(['load'])
  })

  it('counts on sets as far as is said, and on the usual reliability of diesel sets else', async () => {
    const usual = await outages({ load, genset })
    expect(usual.survival.mean[0]).toBeCloseTo(0.995 * (1 - 0.0094) * (1 - 1 / 1100), 10)
    expect(usual.survival.mean[11]).toBeCloseTo(0.995 * (1 - 0.0094) * (1 - 1 / 1100) ** 12, 10)
    const better = await outages({ load, genset }, { gensets: { genset: { count: 1, ...sure } } })
    expect(better.survival.mean[11]).toBeCloseTo(1, 6)
    const named = await outages({ load, genset }, { gensets: { genset: { availability: 0.9 } } })
    expect(named.survival.mean[0]).toBeCloseTo(0.9 * (1 - 0.0094) * (1 - 1 / 1100), 10)
    // Three sets of 40 kW, all of which are needed.
    const split = await outages({ load, genset }, { gensets: { genset: { count: 3, ...sure, availability: 0.9 } } })
    expect(split.survival.mean[0]).toBeCloseTo(0.9 ** 3, 6)
  })

  it('takes the connection away', async () => {
    const found = await outages({ load, grid: { kind: 'grid', importLimitKw: 1e4 } })
    expect(found.survival.mean).toEqual(Array(12).fill(0))
    expect(codes(found)).toContain('resilience.no-backup')
  })

  it('nets production where a battery balances it, and says when it does not', async () => {
    const production = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 150 : 0))
    const pv = { kind: 'pv', capacityKwp: 200, production }
    const stored = await outages({ load, pv, battery })
    expect(stored.byHour[0]).toBe(1)
    expect(stored.byHour[12]).toBe(0)
    const alone = await outages({ load, pv })
    expect(alone.survival.mean[0]).toBe(0)
    expect(codes(alone)).toContain('resilience.production-off')
    const allowed = await outages({ load, pv }, { productionAlone: true })
    expect(allowed.survival.mean[0]).toBe(0.5)
  })

  it('weighs what may not work: batteries and production', async () => {
    const found = await outages({ load, battery }, { batteryAvailability: 0.97 })
    expect(found.survival.mean[7]).toBeCloseTo(0.97, 12)
    expect(found.unserved.meanKwh).toBeCloseTo(0.97 * 400 + 0.03 * 1200, 6)
    const pv = { kind: 'pv', capacityKwp: 200, production: 100 }
    const sunny = await outages({ load, battery, pv }, { productionAvailability: 0.9 })
    expect(sunny.survival.mean[11]).toBeCloseTo(0.9, 12)
  })

  it('lets outages begin where a plan’s state of charge is known, and only there', async () => {
    const soc = Array.from({ length: 24 }, (_, hour) => (hour < 6 ? Number.NaN : hour / 24))
    const series: DataPort['series'] = async (site, request): Promise<Series> => {
      if (request.path !== 'soc.battery') return testData.series(site, request)
      return { grid: request.grid, unit: '1', values: Float64Array.from(soc), quality: new Uint8Array(24) }
    }
    const values = soc.map((value) => (Number.isNaN(value) ? null : value))
    const source = { values, start: '2026-07-06T00:00', step: '1h' }
    const found = await outages({ load, battery }, { soc: { battery: source } }, { series })
    expect(found.starts).toBe(18)
    expect(found.byHour.slice(0, 6)).toEqual(Array(6).fill(null))
    expect(found.autonomy.leastHours).toBe(Math.floor((6 / 24 - 0.1) * 10))
    expect(found.worstStart.start).toBe('2026-07-06T06:00:00+08:00')
    expect(codes(found)).toContain('resilience.soc-missing')
    expect(codes(found)).not.toContain('resilience.soc-stated')
  })

  it('tables the starts by local month and hour, which add up to the mean', async () => {
    const demand = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 180 : 20))
    const found = await outages({ load: { ...load, demand }, battery })
    const hours = found.byHour as number[]
    expect(hours.reduce((sum, value) => sum + value, 0) / 24).toBeCloseTo(found.survival.mean[11]!, 12)
    expect(found.byMonth.map((value) => value !== null)).toEqual(Array.from({ length: 12 }, (_, month) => month === 6))
    expect(found.byMonthAndHour[6]).toEqual(hours)
    expect(Math.min(...hours)).toBe(found.survival.least[11])
  })

  it('says when the power is short, however much is stored', async () => {
    const found = await outages({ load: { ...load, demand: 250 }, battery })
    expect(codes(found)).toContain('resilience.power-short')
    expect(found.survival.mean[0]).toBe(0)
  })

  it('refuses what the site does not have', async () => {
    await expect(outages({ load, battery }, { soc: { bess: 0.5 } })).rejects.toThrow(/bad-outage/)
    await expect(outages({ load, battery }, { critical: { battery: 1 } })).rejects.toThrow(/found "battery"/)
    await expect(outages({ load }, { gensets: { g: { count: 1, ...sure } } })).rejects.toThrow(/has no genset/)
    await expect(outages({ load, battery }, { criticalShare: 0 })).rejects.toThrow(/Nothing of the site/)
    await expect(outages({ load, battery }, { soc: { battery: 1.2 as never } })).rejects.toThrow()
    await expect(outages({ load, battery }, { at: '2026-07-06T00:30' })).rejects.toThrow(/full hour/)
  })
})

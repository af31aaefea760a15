import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DataPort, type SeriesRequest, stepStartMs } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, type TestPark, testData, testSite } from '../park.fixture.ts'
import { formulatePark, prepareAssets, readOutcomes } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import { solvePark } from '../solve-park.ts'
import { peakMargins, reserveForPeaks, usualReserve } from './peak-reserve.ts'

const solver = await createInlineSolver()
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const capacityKwh = 100
const efficiency = 0.9

/** A battery without wear and edges beside a load; `peakSoFarKw` is owed. */
const parkWith = (demand: readonly number[], spot: readonly number[], fields: object = {}): TestPark => ({
  grid: hourly(demand.length),
  tariff: { import: { spot }, demand: [{ name: 'month', pricePerKwMonth: 30, peakSoFarKw: 100 }] },
  assets: {
    grid: { kind: 'grid', importLimitKw: 1000, exportLimitKw: 0 },
    battery: {
      kind: 'battery',
      capacityKwh,
      maxChargeKw: 50,
      maxDischargeKw: 50,
      minSoc: 0,
      maxSoc: 1,
      initialSoc: 1,
      chargeEfficiency: efficiency,
      dischargeEfficiency: efficiency,
      selfDischargePerDay: 0,
      taperSoc: 1,
      wear: { replacementCostPerKwh: 0 },
      terminalValuePerKwh: 0,
      ...fields,
    },
    load: { kind: 'load', demand },
  },
})

async function planned(park: TestPark, marginKw?: Float64Array, perDay = 1) {
  const frame = await createFrame(testSite(park), park.grid, testData)
  const assets = await prepareAssets(frame, testData)
  const model = formulatePark(frame, assets)
  const kept = marginKw && reserveForPeaks(model.builder, model, { frame, assets }, { marginKw, perDay })
  const options = { solver, sessionKey: 'reserve', relativeGap: 1e-9, timeLimitMs: 10_000 }
  const { solution } = await solvePark(model, options)
  const { powerKw, soc } = readOutcomes(model, solution.columnValues).get('battery')!.points
  return {
    objective: solution.objective,
    givenKw: Array.from(powerKw!, (value) => Math.round(value * 100) / 100),
    storedKwh: Array.from(soc!, (value) => value * capacityKwh),
    kept: kept?.(solution.columnValues),
  }
}

/** Stock with which the import can be held at a level from each step on, when the load is what is given; by going backwards. */
function needsFrom(loadKw: readonly number[], levelKw: number): number[] {
  const needs = [0]
  for (const load of [...loadKw].reverse()) {
    const over = load - levelKw
    const used = over > 0 ? over / efficiency : Math.max(over, -50) * efficiency
    needs.unshift(Math.max(0, needs[0]! + used))
  }
  return needs
}

describe('the reserve for peaks', () => {
  const demand = [50, 50, 50, 50, 50, 50]
  const spot = [1, 1, 0.9, 0.9, 0.9, 0.9]

  it('keeps what may be needed, and trades with the rest', async () => {
    const without = await planned(parkWith(demand, spot))
    // All of 90 kWh go into the dear hours.
    expect(without.givenKw.slice(0, 2).reduce((sum, value) => sum + value, 0)).toBeCloseTo(90, 6)
    // From the third hour on the load may be 20 kW over what is owed, for two hours: 44 kWh in the battery.
    const withReserve = await planned(parkWith(demand, spot), Float64Array.of(0, 0, 70, 70, 0, 0))
    expect(withReserve.storedKwh[1]).toBeCloseTo(40 / efficiency, 6)
    expect(withReserve.kept).toEqual({ needKwh: expect.closeTo(40 / efficiency, 6), shortKwh: expect.closeTo(0, 6) })
  })

  it('is what holding the import takes, worked out backwards (law)', async () => {
    const load = fc.integer({ min: 0, max: 190 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(load, { minLength: 3, maxLength: 8 }),
        fc.array(load, { minLength: 8, maxLength: 8 }),
        async (base, high) => {
          // Loads of the plan stay under what is owed, so that its peak is that; no trade pays for being short.
          const demandKw = base.map((value) => value / 2)
          const marginKw = Float64Array.from(demandKw, (value, k) => Math.max(0, high[k]! - value))
          const loadKw = demandKw.map((value, k) => value + marginKw[k]!)
          const prices = demandKw.map((_, k) => (k % 2 === 0 ? 1 : 0.2))
          const { storedKwh, kept, givenKw } = await planned(parkWith(demandKw, prices), marginKw, 1000)
          const needs = needsFrom(loadKw, Math.max(100, ...demandKw.map((value, k) => value - givenKw[k]!)))
          if (!kept || Math.max(...needs) > capacityKwh) return
          storedKwh.forEach((stored, k) => {
            expect(stored).toBeGreaterThan(needs[k + 1]! - 1e-4)
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('changes nothing where nothing may pass what is owed', async () => {
    const without = await planned(parkWith(demand, spot))
    const withReserve = await planned(parkWith(demand, spot), new Float64Array(6).fill(50))
    expect(withReserve.kept).toBeUndefined()
    expect(withReserve.objective).toBeCloseTo(without.objective, 9)
  })

  it('says what it is short of when the battery is too small', async () => {
    const { kept } = await planned(parkWith(demand, spot), new Float64Array(6).fill(100))
    expect(kept!.needKwh).toBeCloseTo((6 * 50) / efficiency, 4)
    expect(kept!.shortKwh).toBeCloseTo((6 * 50) / efficiency - capacityKwh, 4)
  })
})

describe('margins from past days', () => {
  const at = '2026-07-09T00:00Z'
  const grid = { startMs: Date.parse(at), stepMs: hourMs, count: 24 }
  /** 100 kW by day; on past Mondays to Thursdays 160 kW at eight in the evening, on Fridays at noon of none. */
  const loadAt = (timestampMs: number): number => {
    const day = new Date(timestampMs).getUTCDay()
    const hour = new Date(timestampMs).getUTCHours()
    if (timestampMs >= grid.startMs) return 100
    return day >= 1 && day <= 5 ? (hour === 20 ? 160 : 100) : 20
  }
  const asked: SeriesRequest[] = []
  const past: DataPort = {
    ...testData,
    series: async (site, request) => {
      if (request.path !== 'assets.load.demand') return testData.series(site, request)
      asked.push(request)
      const values = Float64Array.from({ length: request.grid.count }, (_, k) => loadAt(stepStartMs(request.grid, k)))
      return { grid: request.grid, unit: 'kW', values, quality: new Uint8Array(values.length) }
    },
  }
  const foreseen = async () => {
    const park = parkWith(new Array(24).fill(100), new Array(24).fill(1))
    const frame = await createFrame(testSite(park), grid, testData)
    return { frame, assets: await prepareAssets(frame, past) }
  }

  it('are what days of the same kind had about that time', async () => {
    const marginKw = await peakMargins(await foreseen(), past, usualReserve)
    const hours = Array.from(marginKw!, (value, k) => (value > 0 ? k : -1)).filter((k) => k >= 0)
    expect(hours).toEqual([19, 20, 21])
    expect(marginKw![20]).toBe(60)
  })

  it('ask for nothing after the beginning of the plan', async () => {
    asked.length = 0
    const { frame, assets } = await foreseen()
    asked.length = 0
    await peakMargins({ frame, assets }, past, usualReserve)
    expect(asked).toHaveLength(usualReserve.days)
    for (const request of asked) {
      expect(stepStartMs(request.grid, request.grid.count)).toBeLessThanOrEqual(grid.startMs)
      expect((grid.startMs - request.grid.startMs) % dayMs).toBe(0)
    }
  })

  it('are unknown where no day is known', async () => {
    const none: DataPort = {
      ...past,
      series: async (site, request) => {
        const series = await past.series(site, request)
        return { ...series, values: series.values.fill(Number.NaN) }
      },
    }
    expect(await peakMargins(await foreseen(), none, usualReserve)).toBeUndefined()
  })
})

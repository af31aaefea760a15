import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixedClock, quality, runEngine, type SolverPort, seriesOfValues, type TimeGrid } from '../../kernel/index.ts'
import { type Beside, dataBeside, problemsOf } from '../account/account.fixture.ts'
import { type HourlyEnergy, matchHours } from './match-hours.ts'
import { matchHoursEngine } from './match-hours-engine.ts'
import type { MatchHoursOutput } from './schema.ts'
import { createStoredEnergy } from './stored-energy.ts'

const wh = (...values: readonly number[]): Float64Array => Float64Array.from(values)
const battery = { chargeEfficiency: 0.9, dischargeEfficiency: 0.8, initialWh: 0, initialCleanWh: 0 }

describe('an hour', () => {
  it('takes on-site generation first, then contracts of that hour, and lends nothing to the next', () => {
    const match = matchHours({ loadWh: wh(100, 100), onSiteWh: [wh(60, 0)], contractsWh: [wh(70, 20), wh(0, 90)] })
    expect([...match.onSiteWh]).toEqual([60, 0])
    expect([...match.contractsWh]).toEqual([40, 100])
    expect([...match.unmatchedWh]).toEqual([0, 0])
    expect([...match.excessContractsWh]).toEqual([30, 10])
    expect([...match.usedContractsWh]).toEqual([60, 80])
  })

  it('without a battery is min(load, clean): the score of Google (2021)', () => {
    const load = [50, 80, 20, 0]
    const clean = [30, 100, 20, 40]
    const match = matchHours({ loadWh: wh(...load), onSiteWh: [wh(...clean)], contractsWh: [] })
    expect([...match.onSiteWh]).toEqual(load.map((use, k) => Math.min(use, clean[k]!)))
  })
})

describe('a battery', () => {
  it('keeps what was clean clean, less its losses', () => {
    // 100 of excess sun is stored as 90 and given as 72; then 50 of 100 from the grid are clean by contract.
    const match = matchHours({
      ...{ loadWh: wh(0, 200, 0, 200), onSiteWh: [wh(100, 0, 0, 0)], contractsWh: [wh(0, 0, 50, 0)] },
      battery: { ...battery, measuredWh: wh(-100, 72, -100, 72) },
    })
    expect([...match.batteryWh]).toEqual([0, 72, 0, 36])
    expect([...match.chargedCleanWh]).toEqual([100, 0, 50, 0])
    expect(match.stored).toEqual({ storedWh: 0, cleanWh: 0, lostWh: 56, lostCleanWh: 42 })
  })

  it('that gives what it never stored gives nothing clean', () => {
    const match = matchHours({
      loadWh: wh(50),
      onSiteWh: [],
      contractsWh: [],
      battery: { ...battery, measuredWh: wh(40) },
    })
    expect([match.batteryWh[0], match.unmatchedWh[0], match.unexplainedWh]).toEqual([0, 50, 40])
  })

  it('that nobody measured shifts excess into what is unmatched, within its sizes', () => {
    const match = matchHours({
      ...{ loadWh: wh(10, 10, 100, 100), onSiteWh: [wh(200, 200, 0, 0)], contractsWh: [wh(0, 0, 30, 0)] },
      battery: { ...battery, capacityWh: 150, maxChargeWh: 100, maxDischargeWh: 60 },
    })
    expect([...match.chargedWh]).toEqual([100, 66, 0, 0])
    expect([...match.dischargedWh]).toEqual([0, 0, 60, 59])
    expect([...match.unmatchedWh]).toEqual([0, 0, 10, 41])
  })
})

describe('laws of matching', () => {
  const hours = 12
  const energies = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: hours, maxLength: hours })
  const turns = fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: hours, maxLength: hours })
  const efficiency = fc.integer({ min: 50, max: 100 }).map((percent) => percent / 100)
  const stores = fc.option(
    fc.record({
      chargeEfficiency: efficiency,
      dischargeEfficiency: efficiency,
      initialWh: fc.integer({ min: 0, max: 5000 }),
      measured: fc.option(turns),
    }),
  )
  const cases = fc.record({ load: energies, sun: energies, wind: energies, contract: energies, store: stores })
  const energyOf = ({
    load,
    sun,
    wind,
    contract,
    store,
  }: typeof cases extends fc.Arbitrary<infer Case> ? Case : never): HourlyEnergy => ({
    ...{ loadWh: wh(...load), onSiteWh: [wh(...sun), wh(...wind)], contractsWh: [wh(...contract)] },
    ...(store
      ? {
          battery: {
            ...{ chargeEfficiency: store.chargeEfficiency, dischargeEfficiency: store.dischargeEfficiency },
            ...{ initialWh: store.initialWh, initialCleanWh: Math.floor(store.initialWh / 3) },
            ...(store.measured
              ? { measuredWh: wh(...store.measured) }
              : { capacityWh: 9000, maxChargeWh: 2500, maxDischargeWh: 2000 }),
          },
        }
      : {}),
  })
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

  it('every hour balances to the watt-hour, and so does the store', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const energy = energyOf(drawn)
        const match = matchHours(energy)
        const { loadWh, onSiteWh, contractsWh } = energy
        for (let k = 0; k < hours; k += 1) {
          const site = onSiteWh[0]![k]! + onSiteWh[1]![k]!
          const matched = match.onSiteWh[k]! + match.batteryWh[k]! + match.contractsWh[k]!
          expect(matched + match.unmatchedWh[k]!).toBe(loadWh[k]!)
          expect(site + match.dischargedWh[k]! + match.importWh[k]!).toBe(
            loadWh[k]! + match.chargedWh[k]! + match.exportWh[k]!,
          )
          expect(match.coveredImportWh[k]! + match.excessContractsWh[k]!).toBe(contractsWh[0]![k]!)
          for (const values of Object.values(match)) {
            if (values instanceof Float64Array && values.length === hours) expect(values[k]).toBeGreaterThanOrEqual(0)
          }
        }
        const made = onSiteWh.map(total).reduce((sum, value) => sum + value, 0)
        expect(total(match.usedOnSiteWh)).toBeLessThanOrEqual(made)
        const { stored } = match
        if (!stored || !energy.battery) return
        const { initialWh, initialCleanWh } = energy.battery
        expect(initialWh + total(match.chargedWh) + match.unexplainedWh).toBe(
          total(match.dischargedWh) + stored.lostWh + stored.storedWh,
        )
        expect(initialCleanWh + total(match.chargedCleanWh)).toBe(
          total(match.dischargedCleanWh) + stored.lostCleanWh + stored.cleanWh,
        )
        expect(stored.cleanWh).toBeGreaterThanOrEqual(0)
        expect(stored.cleanWh).toBeLessThanOrEqual(stored.storedWh)
        expect(stored.lostCleanWh).toBeLessThanOrEqual(stored.lostWh)
      }),
      { numRuns: 60 },
    )
  })

  it('hours never match more than the year does, and more clean energy never less', () => {
    fc.assert(
      fc.property(
        cases,
        fc.integer({ min: 0, max: hours - 1 }),
        fc.integer({ min: 1, max: 3000 }),
        (drawn, at, more) => {
          const energy = energyOf({ ...drawn, store: null })
          const matched = (one: HourlyEnergy): number => total(one.loadWh) - total(matchHours(one).unmatchedWh)
          const clean = [...energy.onSiteWh, ...energy.contractsWh].map(total).reduce((sum, value) => sum + value, 0)
          expect(matched(energy)).toBeLessThanOrEqual(Math.min(total(energy.loadWh), clean))
          const richer = energy.contractsWh[0]!.slice()
          richer[at]! += more
          expect(matched({ ...energy, contractsWh: [richer] })).toBeGreaterThanOrEqual(matched(energy))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('what a store gives is never cleaner than what it was given', () => {
    fc.assert(
      fc.property(
        efficiency,
        efficiency,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 100 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (chargeEfficiency, dischargeEfficiency, charges) => {
          const store = createStoredEnergy({ chargeEfficiency, dischargeEfficiency, initialWh: 0, initialCleanWh: 0 })
          let cleanIn = 0
          for (const [drawn, percent] of charges) {
            const clean = Math.floor((drawn * percent) / 100)
            cleanIn += clean
            store.charge(drawn, clean)
          }
          const { cleanWh, unexplainedWh } = store.discharge(store.available())
          expect(unexplainedWh).toBe(0)
          expect(cleanWh).toBeLessThanOrEqual(cleanIn)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('carbon.match-hours', () => {
  const day = (...values: readonly (number | null)[]) => ({
    values: Array.from({ length: 48 }, (_, k) => values[k % values.length] ?? null),
    start: '2023-03-31T00:00',
    step: '1h',
    unit: 'kW',
  })
  const base = { site: 'park', period: { from: '2023-03-31', to: '2023-04-02' }, region: 'CN-JS' }
  const run = async (over: object, beside: Beside = {}): Promise<MatchHoursOutput> => {
    const ports = { data: dataBeside(beside), solver: {} as SolverPort, clock: fixedClock(0) }
    return (
      await runEngine<MatchHoursOutput>(matchHoursEngine, JSON.parse(JSON.stringify({ ...base, ...over })), ports)
    ).output
  }

  it('tells the hourly score beside the yearly one, with emissions and a map', async () => {
    const noon = (kw: number) => Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 16 ? kw : 0))
    const output = await run({ load: 100, onSite: [{ id: 'roof', powerKw: noon(300) }], hours: true })
    // 2,400 kWh a day of sun for 2,400 kWh of load; 800 of it in the hours of the load.
    expect(output.score).toMatchObject({ hourly: 1 / 3, yearly: 1, hourlyWithGrid: null, hoursFullyMatched: 1 / 3 })
    expect(output.energy).toMatchObject({
      loadKwh: 4800,
      matchedKwh: 1600,
      unmatchedKwh: 3200,
      importKwh: 3200,
      exportKwh: 3200,
    })
    // Jiangsu 2023, 0.5827.
    expect(output.emissions.importKg).toBeCloseTo(3200 * 0.5827, 9)
    expect(output.emissions.yearlyMatchedKg).toBe(0)
    expect(output.factors[0]).toMatchObject({ factor: 'grid-cn/CN-JS.2023' })
    expect(output.heatMap.map(({ month, all }) => [month, all])).toEqual([
      ['2023-03', 1 / 3],
      ['2023-04', 1 / 3],
    ])
    expect(output.heatMap[0]?.shares.map((share) => share)).toEqual(noon(1))
    expect(output.hours?.excessKwh[10]).toBe(200)
    expect(output.plants).toEqual([{ id: 'roof', kind: 'on-site', generatedKwh: 4800, usedKwh: 1600, excessKwh: 3200 }])
  })

  it('a certificate of a year changes the year and no hour', async () => {
    const certificates = [{ id: 'GEC-1', amountKwh: 2400 }]
    const output = await run({ load: 100, certificates, gridFactor: 0.5, gridCleanShare: 0.25 })
    expect(output.score).toMatchObject({ hourly: 0, yearly: 0.5, hourlyWithGrid: 0.25 })
    expect(output.emissions).toMatchObject({ importKg: 2400, unmatchedImportKg: 2400, yearlyMatchedKg: 1200 })
  })

  it('weighs each hour by its own factor', async () => {
    const night = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 0.8 : 0.2))
    const contract = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 100 : 0))
    const { emissions, score } = await run({
      load: 100,
      gridFactor: night,
      contracts: [{ id: 'wind', powerKw: contract }],
    })
    expect(score.hourly).toBe(0.5)
    expect(emissions.importKg).toBeCloseTo(2400, 9)
    expect(emissions.unmatchedImportKg).toBeCloseTo(480, 9)
    expect(emissions.yearlyMatchedKg).toBeCloseTo(1200, 9)
  })

  it('reads a year of a point in parts, and a point that the site computes', async () => {
    const spans: number[] = []
    const points = {
      'park.useKw': {
        ...{ title: 'All use', unit: 'kW', role: 'computed', ofKind: false },
        ...{ expression: 'hall.powerKw + office.powerKw', inputs: { 'hall.powerKw': 'kW', 'office.powerKw': 'kW' } },
      },
    }
    const observed = (point: string, grid: TimeGrid) => {
      spans.push(grid.count)
      return seriesOfValues(
        grid,
        'kW',
        new Float64Array(grid.count).fill(point === 'hall.powerKw' ? 70 : 30),
        quality.good,
      )
    }
    const period = { from: '2023-03-31', to: '2023-04-05' }
    const output = await run({ load: { observation: 'park.useKw' }, period }, { points, observed })
    expect(output.energy.loadKwh).toBe(12_000)
    expect(Math.max(...spans)).toBeLessThanOrEqual(48)
  })

  it('refuses what is missing, or leaves those hours out and counts them', async () => {
    const gap = day(100, null, 100, 100)
    expect((await problemsOf(run({ load: gap })))[0]).toMatchObject({ code: 'carbon.bad-matching', found: 12 })
    const output = await run({ load: gap, gaps: 'leave-out', hours: true })
    expect(output.leftOut).toEqual({ hours: 12, first: '2023-03-31T01:00:00+08:00' })
    expect(output.energy.loadKwh).toBe(3600)
    expect(output.hours?.matchedKwh[1]).toBeNull()
  })

  it.each<readonly [string, object, RegExp]>([
    [
      'a contract that stands twice',
      {
        contracts: [
          { id: 'a', powerKw: 1 },
          { id: 'a', powerKw: 1 },
        ],
      },
      /claimed-twice/,
    ],
    [
      'a certificate that is a contract already',
      { contracts: [{ id: 'a', powerKw: 1 }], certificates: [{ id: 'a', amountKwh: 1 }] },
      /claimed-twice/,
    ],
    ['generation below zero', { onSite: [{ id: 'a', powerKw: -1 }] }, /not negative/],
    ['no factor', { region: undefined }, /gridFactor, or region/],
    ['a battery without sizes', { battery: { chargeEfficiency: 1, dischargeEfficiency: 1 } }, /says its sizes/],
    ['a share above one', { gridCleanShare: 1.2 }, /0 to 1/],
    ['a period without hours', { period: { from: '2023-03-31', to: '2023-03-31' } }, /ends before it begins/],
  ])('refuses %s', async (_, over, message) => {
    await expect(run({ load: 100, ...over })).rejects.toThrow(message)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourly, planTestPark, quarterHourly } from './park.fixture.ts'

const grid = { kind: 'grid', importLimitKw: 200, exportLimitKw: 50 }

describe('the plan of a park', () => {
  it('raises no demand charge that storage can hold down, on clock quarter-hours', async () => {
    const demand = Array.from({ length: 16 }, (_, k) => (k >= 8 && k < 10 ? 150 : 50))
    const { outcomes, point } = await planTestPark({
      grid: quarterHourly(16),
      tariff: { import: { feePerKwh: 0.5 }, demand: [{ name: 'month', pricePerKwMonth: 40, peakSoFarKw: 60 }] },
      assets: {
        load: { kind: 'load', demand },
        battery: { kind: 'battery', capacityKwh: 200, maxChargeKw: 100, maxDischargeKw: 100, initialSoc: 0.6 },
        grid,
      },
    })
    expect(Math.max(...point('grid', 'powerKw'))).toBeLessThanOrEqual(60.01)
    expect(outcomes.get('grid')?.cost.demand).toBeCloseTo(0, 6)
  })

  it('averages steps finer than a quarter-hour before it bills them', async () => {
    const demand = [0, 0, 90, 0, 0, 0]
    const { outcomes } = await planTestPark({
      grid: { startMs: Date.UTC(2026, 6, 6), stepMs: 300_000, count: 6 },
      tariff: { import: { feePerKwh: 0.5 }, demand: [{ name: 'month', pricePerKwMonth: 40 }] },
      assets: { load: { kind: 'load', demand }, grid },
    })
    expect(outcomes.get('grid')?.cost.demand).toBeCloseTo(40 * 30, 6)
  })

  it('names an EV whose charger cannot bring enough before it leaves', async () => {
    const { relaxed, solved } = await planTestPark({
      grid: hourly(4),
      assets: {
        ev: {
          kind: 'ev-charging',
          feederLimitKw: 100,
          efficiency: 1,
          sessions: [
            { id: 'EV7', arrival: '2026-07-06T01:00Z', departure: '2026-07-06T03:00Z', energyKwh: 30, maxKw: 11 },
          ],
        },
        grid,
      },
    })
    expect(solved.certificate.ok).toBe(true)
    expect(relaxed).toHaveLength(1)
    expect(relaxed[0]).toMatchObject({ wish: 'ev-energy', reasonCode: 'ev.stay-too-short' })
    expect(relaxed[0]?.amount).toBeCloseTo(8, 6)
  })

  it('lets the later wish in the order give way first', async () => {
    const park = (order: string[]) =>
      planTestPark({
        grid: hourly(2),
        wishes: { order },
        assets: {
          load: { kind: 'load', demand: 200 },
          ev: {
            kind: 'ev-charging',
            feederLimitKw: 100,
            efficiency: 1,
            sessions: [
              { id: 'EV1', arrival: '2026-07-06T00:00Z', departure: '2026-07-06T02:00Z', energyKwh: 20, maxKw: 50 },
            ],
          },
          grid,
        },
      })
    const loadFirst = await park(['serve-load', 'ev-energy'])
    expect(loadFirst.relaxed.map(({ wish }) => wish)).toEqual(['ev-energy'])
    const evFirst = await park(['ev-energy', 'serve-load'])
    expect(evFirst.relaxed.map(({ wish }) => wish)).toEqual(['serve-load'])
  })

  it('names must-run power that an export limit cannot take', async () => {
    const { relaxed } = await planTestPark({
      grid: hourly(1),
      assets: {
        pv: { kind: 'pv', capacityKwp: 200, curtailable: false, production: 150 },
        load: { kind: 'load', demand: 20 },
        grid,
      },
    })
    expect(relaxed[0]).toMatchObject({ wish: 'must-run', amount: 80, unit: 'kWh' })
  })

  it('shifts work into the cheap half of its window and makes it up', async () => {
    const { point, outcomes } = await planTestPark({
      grid: hourly(4),
      tariff: { import: { spot: [1, 1, 0.1, 0.1] } },
      assets: { load: { kind: 'load', demand: 100, shiftable: { share: 0.2, windowHours: 4, maxRaise: 0.5 } }, grid },
    })
    expect(point('load', 'powerKw').slice(0, 2)).toEqual([80, 80])
    const total = outcomes.get('load')?.points.powerKw?.reduce((sum, value) => sum + value, 0)
    expect(total).toBeCloseTo(400, 6)
  })

  it('does not import and export at once when export pays more', async () => {
    const { solved, point } = await planTestPark({
      grid: hourly(2),
      tariff: { import: { feePerKwh: 0.2 }, export: { feePerKwh: 0.6 } },
      assets: { load: { kind: 'load', demand: 30 }, grid },
    })
    expect(solved.exclusiveSteps).toBe(2)
    expect(point('grid', 'powerKw')).toEqual([30, 30])
  })

  it('balances every step, keeps every limit and carries a certificate, whatever the park', async () => {
    const kw = fc.integer({ min: 0, max: 300 })
    const steps = 6
    const series = fc.array(kw, { minLength: steps, maxLength: steps })
    const prices = fc.array(fc.double({ min: -0.5, max: 3, noNaN: true }), { minLength: steps, maxLength: steps })
    await fc.assert(
      fc.asyncProperty(
        series,
        series,
        prices,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (sun, demand, spot, soc) => {
          const { solved, point, outcomes } = await planTestPark({
            grid: hourly(steps),
            tariff: { import: { spot }, export: { feePerKwh: 0.3 }, demand: [{ name: 'm', pricePerKwMonth: 20 }] },
            assets: {
              pv: { kind: 'pv', capacityKwp: 300, production: sun },
              load: { kind: 'load', demand },
              battery: { kind: 'battery', capacityKwh: 150, maxChargeKw: 60, maxDischargeKw: 60, initialSoc: soc },
              grid,
            },
          })
          expect(solved.certificate.ok).toBe(true)
          const surplus = solved.solution.columnValues
          for (let k = 0; k < steps; k += 1) {
            const at = (id: string, name: string): number => outcomes.get(id)?.points[name]?.[k] ?? 0
            const net = at('pv', 'powerKw') + at('battery', 'powerKw') + at('grid', 'powerKw') - at('load', 'powerKw')
            expect(Math.abs(net)).toBeLessThan(1e-4)
            expect(at('grid', 'powerKw')).toBeLessThanOrEqual(200 + 1e-6)
            expect(at('grid', 'powerKw')).toBeGreaterThanOrEqual(-50 - 1e-6)
          }
          expect(surplus.every(Number.isFinite)).toBe(true)
          expect(point('battery', 'soc').every((value) => value >= -1e-6 && value <= 1 + 1e-6)).toBe(true)
        },
      ),
      { numRuns: 25 },
    )
  })
})

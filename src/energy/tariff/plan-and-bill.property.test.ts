import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { planTestPark } from '../park.fixture.ts'
import { surplusKwh } from './netting.ts'
import { randomTariff } from './random-tariff.fixture.ts'
import { type Settled, settle } from './settle.ts'
import { evaluated, gridBetween, totalOf, valuesOf } from './statement.fixture.ts'
import { type Statement, statements } from './statement.ts'
import type { TariffOnGrid } from './tariff-on-grid.ts'

/** Loads of a kind: a base, a daily wave, some surplus of PV. */
const powers =
  (seed: number) =>
  (step: number): number =>
    60 +
    50 * Math.sin((step + seed) / 3.8) +
    ((step * 7919 + seed * 104_729) % 97) -
    (step % 24 > 10 && step % 24 < 15 ? 130 : 0)

/** What the bill holds beside the plan's money: what is owed whatever the plan does. */
function owedAnyway(tariff: TariffOnGrid, settled: Settled, bills: readonly Statement[]): number {
  const floors = settled.demandOutcomes.reduce((sum, { costWithout }) => sum + costWithout, 0)
  const standing = totalOf(bills, 'fixed') + totalOf(bills, 'capacity')
  return tariff.taxFactor * (floors + standing)
}

/** Worth of the surplus that is carried out of the grid: the plan counts it, no bill pays it yet. */
const ones = (values: Float64Array): Float64Array => new Float64Array(values.length).fill(1)

function carriedOut(tariff: TariffOnGrid, importKw: Float64Array, exportKw: Float64Array, hours: Float64Array): number {
  const surplus = surplusKwh(tariff.netting, importKw, exportKw, hours)
  return tariff.netting.reduce(
    (sum, { settles, after, surplusPricePerKwh }, i) =>
      sum + (settles || after >= 0 ? 0 : surplus[i]! * surplusPricePerKwh),
    0,
  )
}

function expectSame(tariff: TariffOnGrid, settled: Settled, bills: readonly Statement[], carried: number): void {
  const planned = settled.energy + settled.demand + settled.export + carried
  const billed = totalOf(bills) - owedAnyway(tariff, settled, bills)
  expect(Math.abs(planned - billed)).toBeLessThanOrEqual(
    1e-6 * Math.max(1, Math.abs(totalOf(bills)), Math.abs(planned)),
  )
}

describe('the money of a plan and the bill of the same months', () => {
  const grid = gridBetween('2026-02-01', '2026-04-01', 60, 'Europe/Madrid')
  const zone = 'Europe/Madrid'

  it('are the same, whatever the tariff', async () => {
    await fc.assert(
      fc.asyncProperty(randomTariff(2000), fc.nat({ max: 1000 }), async (tariff, seed) => {
        const onGrid = await evaluated({ tariff, grid, zone })
        const net = valuesOf(powers(seed), grid.count)
        const importKw = net.map((power) => Math.max(0, power))
        const exportKw = net.map((power) => Math.max(0, -power))
        const settled = settle(onGrid, importKw, exportKw, ones(importKw))
        const bills = statements(onGrid, { grid, importKw, exportKw }, { currency: 'CNY' })
        expectSame(onGrid, settled, bills, carriedOut(onGrid, importKw, exportKw, ones(importKw)))
      }),
      { numRuns: 150 },
    )
  })

  it('are the same as the objective that was solved for, whatever the tariff', async () => {
    const solver = await createInlineSolver()
    // Two billing months, the night that the netting year of some tariffs ends.
    const short = gridBetween('2026-02-28T12:00', '2026-03-01T12:00', 60, zone)
    await fc.assert(
      fc.asyncProperty(randomTariff(80), fc.nat({ max: 1000 }), async (anyTariff, seed) => {
        // Export that pays more than import, and prices below zero, need binaries in every step: that is tried elsewhere.
        const { export: _, ...rest } = anyTariff
        const tariff = { ...rest, import: { ...rest.import, feePerKwh: rest.import.feePerKwh + 2 } }
        const net = valuesOf(powers(seed), short.count)
        const { solved, outcomes, frame } = await planTestPark(
          {
            grid: short,
            zone,
            assets: {
              grid: { kind: 'grid', importLimitKw: 500, exportLimitKw: tariff.netMetering ? 300 : 0 },
              load: { kind: 'load', demand: [...net.map((power) => Math.max(0, power))] },
              roof: {
                kind: 'pv',
                capacityKwp: 500,
                curtailable: true,
                production: [...net.map((power) => Math.max(0, -power))],
              },
              battery: {
                kind: 'battery',
                capacityKwh: 200,
                maxChargeKw: 80,
                maxDischargeKw: 80,
                wear: { replacementCostPerKwh: 0 },
                terminalValuePerKwh: 0,
                taperSoc: 1,
              },
            },
            tariff,
          },
          { solver, relativeGap: 1e-7 },
        )
        const cost = outcomes.get('grid')!.cost
        const paid = cost.energy! + cost.demand! + cost.export!
        expect(solved.certificate.ok).toBe(true)
        expect(Math.abs(paid - solved.solution.objective)).toBeLessThanOrEqual(
          1e-5 * Math.max(1, Math.abs(paid)) + 1e-3,
        )
        // The plan’s own series, billed.
        const powerKw = outcomes.get('grid')!.points.powerKw!
        const importKw = powerKw.map((power) => Math.max(0, power))
        const exportKw = powerKw.map((power) => Math.max(0, -power))
        const settled = settle(frame.tariff, importKw, exportKw, frame.hours)
        const bills = statements(frame.tariff, { grid: short, importKw, exportKw }, { currency: 'CNY' })
        expectSame(frame.tariff, settled, bills, carriedOut(frame.tariff, importKw, exportKw, frame.hours))
      }),
      { numRuns: 30 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourly, planTestPark, quarterHourly } from '../park.fixture.ts'
import type { BatteryAsset } from '../schema/index.ts'
import { battery } from './battery.ts'
import { bandWearPerKwh } from './battery-bands.ts'

const plain = {
  kind: 'battery',
  capacityKwh: 100,
  maxChargeKw: 50,
  maxDischargeKw: 50,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  selfDischargePerDay: 0,
  minSoc: 0,
  maxSoc: 1,
  initialSoc: 0.5,
  taperSoc: 1,
  wear: { replacementCostPerKwh: 0 },
  terminalValuePerKwh: 0,
}
const grid = { kind: 'grid', importLimitKw: 1000 }

describe('battery in a plan', () => {
  it('buys cheap and serves dear: 100 kWh moved from 0.2 to 1.0 CNY', async () => {
    const { outcomes, point } = await planTestPark({
      grid: hourly(4),
      tariff: { import: { spot: [0.2, 0.2, 1, 1] } },
      assets: { battery: { ...plain, initialSoc: 0 }, load: { kind: 'load', demand: 60 }, grid },
    })
    expect(point('battery', 'soc')).toEqual([0.5, 1, 0.5, 0])
    expect(outcomes.get('grid')?.cost.energy).toBeCloseTo(0.2 * (60 * 2 + 100) + 1 * (60 * 2 - 100), 6)
  })

  it('keeps charging under the taper: at most 30 % of its power when full', async () => {
    const { point } = await planTestPark({
      grid: quarterHourly(16),
      tariff: { import: { feePerKwh: 0.1 } },
      assets: {
        battery: { ...plain, taperSoc: 0.5, taperPower: 0.3, terminalValuePerKwh: 5 },
        load: { kind: 'load', demand: 10 },
        grid,
      },
    })
    const soc = point('battery', 'soc')
    point('battery', 'powerKw').forEach((powerKw, k) => {
      const limit = soc[k]! <= 0.5 ? 50 : 50 * (1 - (0.7 * (soc[k]! - 0.5)) / 0.5)
      expect(-powerKw).toBeLessThanOrEqual(limit + 0.05)
    })
    expect(soc.at(-1)).toBeGreaterThan(0.95)
  })

  it('does not charge and discharge at once when prices are negative', async () => {
    const { outcomes, solved, point } = await planTestPark({
      grid: hourly(3),
      tariff: { import: { spot: [-1, -1, 0.5] } },
      assets: {
        battery: { ...plain, chargeEfficiency: 0.8, dischargeEfficiency: 0.8, initialSoc: 0.9 },
        load: { kind: 'load', demand: 10 },
        grid,
      },
    })
    expect(solved.exclusiveSteps).toBeGreaterThan(0)
    const soc = point('battery', 'soc')
    const powerKw = outcomes.get('battery')?.points.powerKw ?? []
    let before = 0.9
    soc.forEach((after, k) => {
      const power = powerKw[k]!
      const stored = power >= 0 ? -power / 0.8 : -power * 0.8
      expect(after).toBeCloseTo(before + stored / 100, 3)
      before = after
    })
  })

  it('with state of charge below its minimum still plans, names it, and comes back (EMHASS #390)', async () => {
    const { relaxed, point, solved } = await planTestPark({
      grid: hourly(4),
      assets: { battery: { ...plain, minSoc: 0.15, initialSoc: 0.05 }, load: { kind: 'load', demand: 10 }, grid },
    })
    expect(solved.certificate.ok).toBe(true)
    expect(relaxed.map(({ wish }) => wish)).toEqual(['soc-band'])
    expect(point('battery', 'soc').at(-1)).toBeGreaterThanOrEqual(0.149)
  })

  it('without capacity gives way on nothing, wherever it begins', async () => {
    const { relaxed, point } = await planTestPark({
      grid: hourly(2),
      assets: { battery: { ...plain, capacityKwh: 0, initialSoc: 0.05, minSoc: 0.15 }, grid },
    })
    expect(relaxed).toEqual([])
    expect(point('battery', 'powerKw')).toEqual([0, 0])
  })

  it('that cannot come back into its band says that it stays outside', async () => {
    const { relaxed } = await planTestPark({
      grid: hourly(2),
      assets: { battery: { ...plain, minSoc: 0.15, initialSoc: 0.05 } },
    })
    expect(relaxed[0]?.reason).toContain('stays outside until the plan ends')
  })

  it('wear grows with depth: three bands average to the cost of a full cycle', () => {
    const asset = { wear: { replacementCostPerKwh: 900, cycleLife: 6000, depthExponent: 1.3 } } as BatteryAsset
    const bands = [0, 1, 2].map((index) => bandWearPerKwh(asset, index, 3))
    expect(bands[0]).toBeLessThan(bands[1]!)
    expect(bands[1]).toBeLessThan(bands[2]!)
    expect(bands.reduce((sum, value) => sum + value, 0) / 3).toBeCloseTo(900 / 6000, 9)
  })

  it('conserves energy in simulation for any setpoint', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -200, max: 200, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (setpoints) => {
          const asset = { ...plain, id: 'b', title: 'b', chargeEfficiency: 0.9, dischargeEfficiency: 0.95 } as never
          let state = { soc: 0.5 }
          for (const setpointKw of setpoints) {
            const next = battery.simulate(asset, state, { timestampMs: 0, stepHours: 0.25, offeredKw: 0, setpointKw })
            const storedKwh = (next.busKw > 0 ? -next.busKw / 0.95 : -next.busKw * 0.9) * 0.25
            expect(next.state.soc).toBeCloseTo(state.soc + storedKwh / 100, 9)
            expect(next.state.soc).toBeGreaterThanOrEqual(-1e-9)
            expect(next.state.soc).toBeLessThanOrEqual(1 + 1e-9)
            state = next.state
          }
        },
      ),
    )
  })

  it.each([
    ['full', 0.95, -50],
    ['empty', 0.1, 50],
    ['anywhere', 0.5, 50],
  ])('survives a simulated step of no length when it is %s', (_, soc, setpointKw) => {
    const asset = { ...plain, id: 'b', title: 'b', minSoc: 0.1, maxSoc: 0.95, selfDischargePerDay: 0 } as never
    const next = battery.simulate(asset, { soc }, { timestampMs: 0, stepHours: 0, offeredKw: 0, setpointKw })
    expect(next.state.soc).toBe(soc)
    expect(Number.isFinite(next.busKw)).toBe(true)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EngineContext, type Site, seededRandom } from '../../../kernel/index.ts'
import type { Figures } from '../figures/index.ts'
import { shippedSchemes } from '../schemes/index.ts'
import { dataOf, testPark, today } from '../verdict.fixture.ts'
import type { FrontPoint, FrontQuestion, MachineFront } from './machine-front.ts'
import { machineOptions } from './machine-options.ts'
import type { PathOption } from './option.ts'
import { parkPath } from './park-path.ts'
import { walkPath } from './walk-path.ts'

const { bands } = shippedSchemes()[0]!
const point = (tonnes: number, costPerYear: number, pvKw: number): FrontPoint => ({
  ...{ emissionsKg: tonnes * 1000, costPerYear, capex: pvKw * 3, sizes: { 'pv.capacityKwp': pvKw } },
})
/** 30,000 t of purchased power: the first 4,000 t earn money, the next 4,000 t cost 100 a tonne, the last 2,000 t 500. */
const front: MachineFront = {
  today: point(30_000, 1_000_000, 0),
  points: [point(26_000, 800_000, 100), point(22_000, 1_200_000, 200), point(20_000, 2_200_000, 300)],
  synthetic: false,
}

const figures = (emissions: number, measures: NonNullable<Figures['measures']> = []): Figures => ({
  year: 2025,
  organisation: 'Test park',
  energy: { totals: { calorific: { amount: 250_000, unit: 'tce' } } },
  emissions: {
    fuel: [{ id: 'fuel', amount: emissions - 30_000, unit: 'tCO2' }],
    transformation: { none: 'none' },
    process: { none: 'none' },
    electricity: [
      {
        ...{ id: 'grid', amount: 60, unit: 'GWh' },
        factor: { value: '0.5', unit: 'kg/kWh', gas: 'CO2', boundary: 'direct', source: 'made up' },
      },
    ],
    heat: { none: 'none' },
  },
  measures,
})

const site: Site = { ...testPark, sections: { investment: {} } }
const context = {
  data: dataOf({}, site),
  clock: today,
  random: seededRandom(1),
  signal: new AbortController().signal,
  progress: () => {},
} as unknown as EngineContext

const asked: FrontQuestion[] = []
const pathOf = (of: Figures, more: object = {}) =>
  parkPath(
    {
      site: 'test-park',
      scheme: 'cn-ndrc-2025-910',
      coal: 'calorific',
      method: 'quick',
      steps: 1,
      figures: of,
      ...more,
    },
    context,
    async (question) => {
      asked.push(question)
      return front
    },
  )
const contract = {
  id: 'contract',
  title: 'Contract',
  kind: 'green-power' as const,
  upTo: { amount: 4, unit: 'GWh' },
  premiumPerMwh: 20,
}

describe('the path to pass', () => {
  it('goes from the cheapest tonne to the dearest, and stops being needed where the limit is met', async () => {
    // 55,000 t are 5,000 t too much: 4,000 t of machines that earn, half of 2,000 t of the contract at 40 a tonne.
    const output = await pathOf(figures(55_000, [contract]), { greenPower: 'counted' })
    expect(output.status).toBe('path')
    expect(
      output.steps.map(({ id, saved, costPerTonne, needed, crosses, neededShare }) => [
        id,
        saved,
        costPerTonne,
        needed,
        crosses,
        neededShare,
      ]),
    ).toEqual([
      ['machines-1', 4000, -50, true, false, 1],
      ['contract', 2000, 40, true, true, 0.5],
      ['machines-2', 4000, 100, false, false, 0],
      ['machines-3', 2000, 500, false, false, 0],
    ])
    expect(output.steps.map(({ indicatorAfter }) => indicatorAfter)).toEqual([0.204, 0.196, 0.18, 0.172])
    expect(output.needed).toEqual({ saved: 5000, costPerYear: -200_000 + 40_000, capex: 300 })
    expect(asked.at(-1)).toMatchObject({ gridFactorKgPerKwh: 0.5, year: 2025, method: 'quick', steps: 1 })
  })

  it('says what is left where nothing reaches the limit', async () => {
    const output = await pathOf(figures(65_000), { greenPower: 'counted' })
    expect([output.status, output.needed, output.left]).toEqual(['no-path', null, 5000])
    expect(output.reasons[0]!.text).toContain('5,000 tCO2')
  })

  it('takes green power for nothing in the reading where it does not count, which is the one walked when both are open', async () => {
    const output = await pathOf(figures(55_000, [contract]), { greenPower: 'not-counted' })
    expect(output.steps.map(({ id }) => id)).toEqual(['machines-1', 'machines-2', 'machines-3'])
    expect(output.reasons.map(({ code }) => code)).toContain('path.green-not-counted')
  })

  it('never saves more of purchased power than there is', async () => {
    const much = { ...contract, upTo: { amount: 1, unit: 'TWh' }, premiumPerMwh: 1 }
    const output = await pathOf(figures(55_000, [much]), { greenPower: 'counted', method: 'none' })
    expect(output.steps.map(({ saved, costPerYear }) => [saved, costPerYear])).toEqual([[30_000, 60_000]])
  })

  it('knows that less energy use lowers what is allowed', async () => {
    const other = { kind: 'other' as const, costPerYear: 1000 }
    const measures = [
      {
        ...other,
        id: 'saving',
        title: 'Saving clean power',
        co2: { amount: 10, unit: 'tCO2' },
        energy: { amount: -1000, unit: 'tce' },
      },
      {
        ...other,
        id: 'fuel',
        title: 'Less coal',
        co2: { amount: 6200, unit: 'tCO2' },
        energy: { amount: -1000, unit: 'tce' },
      },
    ]
    const output = await pathOf(figures(55_000, measures), { method: 'none', greenPower: 'counted' })
    expect(output.steps.map(({ id, gapClosed, passesAfter }) => [id, gapClosed, passesAfter])).toEqual([
      ['fuel', 6000, true],
    ])
    expect(output.reasons.map(({ code }) => code)).toContain('path.no-help')
  })

  it('asks for no machines where the park passes, and tells no path where the gap is not known', async () => {
    const before = asked.length
    expect((await pathOf(figures(45_000))).status).toBe('no-need')
    const { heat: _, ...emissions } = figures(55_000).emissions
    const output = await pathOf({ ...figures(55_000), emissions })
    expect([output.status, output.start.gap, output.steps]).toEqual(['not-known', null, []])
    expect(asked).toHaveLength(before)
  })

  it('refuses measures that say not what they save or cost', async () => {
    const bare = { id: 'x', title: 'Something', kind: 'other' as const, co2: { amount: 1, unit: 'tCO2' } }
    await expect(pathOf(figures(55_000, [bare]))).rejects.toThrow(/figures.measures.0: .*what it costs/)
  })
})

describe('steps of machines', () => {
  it('leave out sizes that others are cheaper than, and those that emit more', () => {
    const points = [point(31_000, 1, 50), point(28_000, 1_500_000, 60), ...front.points]
    expect(machineOptions({ ...front, points }, 1e-3)).toEqual(machineOptions(front, 1e-3))
  })

  it('law: cost a tonne never falls along them, and they add up to the last point', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 29_990 }), fc.integer({ min: 0, max: 3_000_000 })), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(points, (drawn) => {
        const options = machineOptions({ ...front, points: drawn.map(([t, cost]) => point(t, cost, 1)) }, 1e-3)
        const slopes = options.map(({ costPerYear, saved }) => costPerYear / saved)
        slopes.forEach((slope, k) => {
          if (k > 0) expect(slope).toBeGreaterThanOrEqual(slopes[k - 1]! * (1 - 1e-12) - 1e-9)
        })
        const least = Math.min(...drawn.map(([t]) => t))
        expect(options.reduce((sum, { saved }) => sum + saved, 0)).toBeCloseTo(30_000 - least, 3)
      }),
      { numRuns: 50 },
    )
  })
})

it('law: what is needed meets the limit just so, and no cheaper order of whole steps does', () => {
  const amounts = fc.tuple(fc.integer({ min: 1, max: 8000 }), fc.integer({ min: -50, max: 500 }))
  const option = amounts.map(
    ([saved, costPerTonne]): PathOption => ({
      ...{ kind: 'other', id: 'o', title: 'o', sizes: [], energyChange: 0, capex: 0, ofPower: false },
      ...{ saved, costPerYear: saved * costPerTonne },
    }),
  )
  fc.assert(
    fc.property(fc.array(option, { minLength: 1, maxLength: 6 }), (options) => {
      const start = { emissions: 55_000, energy: 250_000, limit: 0.2, powerEmissions: 0, bands }
      const { needed, left } = walkPath(options, start)
      const all = options.reduce((sum, { saved }) => sum + saved, 0)
      if (!needed) {
        expect(left).toBeCloseTo(5000 - all, 6)
        return
      }
      expect(needed.saved).toBeCloseTo(5000, 6)
      for (let choice = 1; choice < 1 << options.length; choice += 1) {
        const taken = options.filter((_, k) => (choice >> k) & 1)
        if (taken.reduce((sum, { saved }) => sum + saved, 0) < 5000) continue
        const earning = taken.filter(({ costPerYear }) => costPerYear < 0)
        // Steps beyond what is needed that earn money are no part of the path.
        if (earning.length > 0) continue
        expect(needed.costPerYear).toBeLessThanOrEqual(
          taken.reduce((sum, { costPerYear }) => sum + costPerYear, 0) + 1e-6,
        )
      }
    }),
    { numRuns: 60 },
  )
})

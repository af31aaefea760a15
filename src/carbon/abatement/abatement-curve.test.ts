import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SizeInput, SizeOutput } from '../../energy/index.ts'
import { applyMergePatch, type EngineContext, MangroveError, type Site, seededRandom } from '../../kernel/index.ts'
import { dataOf, testPark, today } from '../verdict/verdict.fixture.ts'
import { abatementCurve } from './abatement-curve.ts'
import { buildCurve } from './build-curve.ts'
import { type CompareStates, compareBySizing, type StatePoint } from './compare-states.ts'
import { composePatches } from './compose-patches.ts'
import type { AbatementOutput } from './index.ts'
import type { Measure } from './measure.ts'
import type { AbatementInput } from './schema.ts'

const site: Site = { ...testPark, sections: { tariff: { carbonPricePerKg: 0.05 } } }
const context = {
  ...{ data: dataOf({}, site), clock: today, random: seededRandom(1), signal: new AbortController().signal },
  progress: () => {},
} as unknown as EngineContext
const asked: AbatementInput = {
  ...{ site: 'test-park', year: 2026, electricity: 'average', order: 'once', method: 'quick' },
  measures: [],
}
const stated = (id: string, more: object = {}) => ({
  ...{ id, sizes: [], changes: { [id]: true }, capex: 0, opexPerYear: 0, lifetimeYears: 10 },
  ...more,
})

/** A site that emits 1,000 t and costs 100,000; each measure takes away what is told of it, and shares of what others left. */
const worldOf =
  (
    effects: Readonly<Record<string, { kg?: number; share?: number; cost: number; unserved?: number }>>,
  ): CompareStates =>
  async (before, after) => {
    const pointOf = (measures: readonly Measure[]): StatePoint => {
      let [emissionsKg, operationPerYear, unservedKwh] = [1_000_000, 100_000, 0]
      for (const { id } of measures) {
        const { kg = 0, share = 0, cost, unserved = 0 } = effects[id]!
        emissionsKg = (emissionsKg - kg) * (1 - share)
        operationPerYear += cost
        unservedKwh += unserved
      }
      return { emissionsKg, operationPerYear, investmentPerYear: 0, capex: 0, unservedKwh }
    }
    return { before: pointOf(before), after: pointOf(after), synthetic: false }
  }
const curveOf = (effects: Parameters<typeof worldOf>[0], more: object = {}) =>
  abatementCurve({ ...asked, measures: Object.keys(effects).map((id) => stated(id)), ...more }, context, () =>
    worldOf(effects),
  )
const barsOf = ({ bars }: AbatementOutput) =>
  bars.map(({ id, avoidedTonnesPerYear, costPerTonne }) => [id, avoidedTonnesPerYear, costPerTonne])

describe('the abatement cost curve', () => {
  it('stands from the cheapest tonne to the dearest, bar beside bar', async () => {
    const output = await curveOf({
      ...{ dear: { kg: 100_000, cost: 20_000 }, cheap: { kg: 200_000, cost: 4_000 } },
    })
    expect(barsOf(output)).toEqual([
      ['cheap', 200, 20],
      ['dear', 100, 200],
    ])
    expect(
      output.bars.map(({ fromTonnes, toTonnes, emissionsAfterTonnes, belowCarbonPrice }) => [
        fromTonnes,
        toTonnes,
        emissionsAfterTonnes,
        belowCarbonPrice,
      ]),
    ).toEqual([
      // The site pays 50 a tonne.
      [0, 200, 800, true],
      [200, 300, 700, false],
    ])
    expect(output.total).toMatchObject({ avoidedTonnesPerYear: 300, costPerYear: 24_000, costPerTonne: 80 })
  })

  it('ranks what earns by how much it earns, not by the cost of a tonne (Taylor 2012)', async () => {
    // −100 a tonne of 100 t earns less than −40 a tonne of 500 t.
    const output = await curveOf({ few: { kg: 100_000, cost: -10_000 }, many: { kg: 500_000, cost: -20_000 } })
    expect(barsOf(output).map(([id]) => id)).toEqual(['many', 'few'])
  })

  it('counts once what two measures would both avoid, and tells what each does alone', async () => {
    const output = await curveOf({ half: { share: 0.5, cost: 1000 }, third: { share: 0.3, cost: 3000 } })
    expect(barsOf(output)).toEqual([
      ['half', 500, 2],
      ['third', 150, 20],
    ])
    expect(output.bars[1]!.alone).toEqual({ avoidedTonnesPerYear: 300, costPerYear: 3000, costPerTonne: 10 })
    expect(output.total.aloneTonnesPerYear).toBe(800)
    expect(output.reasons.map(({ code }) => code)).toContain('abatement.overlap')
  })

  it('ranks anew after each step where it is asked to', async () => {
    // Alone b is the second cheapest; after a halves everything, c, which takes a fixed amount, is cheaper than b.
    const effects = { a: { share: 0.9, cost: 100 }, b: { share: 0.5, cost: 500 }, c: { kg: 90_000, cost: 140 } }
    const world: CompareStates = async (before, after) => {
      const pair = await worldOf(effects)(before, after)
      return pair
    }
    const run = async (order: 'once' | 'each-step') =>
      barsOf(
        await abatementCurve(
          { ...asked, order, measures: ['a', 'b', 'c'].map((id) => stated(id)) },
          context,
          () => world,
        ),
      ).map(([id]) => id)
    expect(await run('once')).toEqual(['a', 'b', 'c'])
    expect(await run('each-step')).toEqual(['a', 'c', 'b'])
  })

  it('tries again on top of the others what does not help alone', async () => {
    const world: CompareStates = async (before, after) => {
      const pair = await worldOf({ roof: { kg: 300_000, cost: -1000 }, battery: { kg: -10_000, cost: 500 } })(
        before,
        after,
      )
      const both = before.length === 1 && after.length === 2
      return both ? { ...pair, after: { ...pair.after, emissionsKg: pair.before.emissionsKg - 40_000 } } : pair
    }
    const output = await abatementCurve(
      { ...asked, measures: [stated('battery'), stated('roof')] },
      context,
      () => world,
    )
    expect(barsOf(output)).toEqual([
      ['roof', 300, -1000 / 300],
      ['battery', 40, 12.5],
    ])
    expect(output.bars[1]!.alone).toMatchObject({ avoidedTonnesPerYear: -10, costPerTonne: null })
  })

  it('tells what cannot be done, and what avoids nothing', async () => {
    const effects = { good: { kg: 1000, cost: 1 }, dark: { kg: 500, cost: 0, unserved: 5000 }, none: { cost: 1 } }
    const world: CompareStates = async (before, after) => {
      if (after.at(-1)?.id === 'broken') {
        throw new MangroveError([
          { code: 'energy.no-plan', status: 500, title: 'x', detail: 'The solver ended with “infeasible”' },
        ])
      }
      return worldOf({ ...effects, broken: { cost: 0 } })(before, after)
    }
    const measures = [...Object.keys(effects), 'broken'].map((id) => stated(id))
    const output = await abatementCurve({ ...asked, measures }, context, () => world)
    expect(barsOf(output).map(([id]) => id)).toEqual(['good'])
    expect(output.left.map(({ id, why }) => [id, why]).toSorted()).toEqual([
      ['broken', 'infeasible'],
      ['dark', 'infeasible'],
      ['none', 'no-help'],
    ])
    expect(output.left.find(({ id }) => id === 'dark')!.text).toContain('5000 kWh a year more would not be served')
  })

  it('spreads what a measure costs over its years: 10,000 at 6 % over 10 years are 1,358.68 a year', async () => {
    const measures = [stated('m', { capex: 10_000, opexPerYear: 100 })]
    const output = await abatementCurve({ ...asked, measures }, context, () => worldOf({ m: { kg: 1000, cost: 0 } }))
    expect(output.bars[0]!.investmentPerYear).toBeCloseTo(1458.68, 2)
    expect(output.bars[0]!.capex).toBe(10_000)
  })

  it.each<[string, object, RegExp]>([
    [
      'an average factor where margins are counted',
      { electricity: 'marginal', gridFactor: 'grid-cn/CN-JS.2023' },
      /is average, and marginal is counted with/,
    ],
    [
      'a margin where averages are',
      { gridFactor: { kgPerKwh: 0.8, kind: 'combined-margin', source: 'x' } },
      /carbon.kind-mismatch/,
    ],
    ['a measure that changes nothing', { measures: [stated('m', { changes: undefined })] }, /changes nothing/],
    ['two measures of one id', { measures: [stated('m'), stated('m')] }, /have this id/],
    [
      'a machine that is not there',
      { measures: [stated('m', { sizes: [{ asset: 'x', size: 'ratedKw', to: 1 }] })] },
      /no such asset/,
    ],
    ['nothing to do at all', { measures: [] }, /Nothing is known that the site could do/],
  ])('refuses %s', async (_, more, message) => {
    const input = { ...asked, measures: [stated('m')], ...more }
    const pv = { id: 'pv', kind: 'pv', title: 'Sun', capacityKwp: 40, production: 20 }
    const told = { ...context, data: dataOf({}, { ...site, assets: [pv] as unknown as Site['assets'] }) }
    await expect(abatementCurve(input, told, () => worldOf({ m: { kg: 1, cost: 1 } }))).rejects.toThrow(message)
  })
})

it('law: bars add up to the difference of the ends, whatever the order', async () => {
  const effect = fc.record({
    kg: fc.integer({ min: -20_000, max: 90_000 }),
    share: fc.constantFrom(0, 0.1, 0.4),
    cost: fc.integer({ min: -5000, max: 9000 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(effect, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('once' as const, 'each-step' as const),
      async (drawn, order) => {
        const effects = Object.fromEntries(drawn.map((one, k) => [`m${k}`, one]))
        const measures = Object.keys(effects).map((id): Measure => ({ ...stated(id), title: id, sizes: {} }))
        const { steps, left, startKg } = await buildCurve(measures, worldOf(effects), { order, discountRate: 0.06 })
        const last = steps.at(-1)
        const avoided = steps.reduce((sum, step) => sum + step.avoidedTonnesPerYear, 0)
        expect(startKg - (last?.pair.after.emissionsKg ?? startKg)).toBeCloseTo(avoided * 1000, 4)
        const cost = steps.reduce((sum, step) => sum + step.costPerYear, 0)
        expect((last?.pair.after.operationPerYear ?? 100_000) - 100_000).toBeCloseTo(cost, 6)
        expect(steps.length + left.length).toBe(measures.length)
        for (const step of steps) expect(step.avoidedTonnesPerYear).toBeGreaterThan(0)
      },
    ),
    { numRuns: 40 },
  )
})

it('law: a composed patch does what its parts do one after the other', () => {
  const value = fc.letrec((tie) => ({
    patch: fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.integer({ min: 0, max: 3 }), tie('patch')),
      { maxKeys: 3 },
    ),
  })).patch
  /** Taken out and then put back in part: what stood there before is beyond what one patch can say. */
  const putsBack = (first: unknown, second: unknown): boolean =>
    typeof first === 'object' && first !== null && typeof second === 'object' && second !== null
      ? Object.entries(second).some(([name, two]) => {
          const one = (first as Record<string, unknown>)[name]
          const isObject = typeof two === 'object' && two !== null
          return (name in first && isObject && (one === null || typeof one !== 'object')) || putsBack(one, two)
        })
      : false
  fc.assert(
    fc.property(value, value, value, (document, first, second) => {
      fc.pre(!putsBack(first, second))
      const apart = applyMergePatch(applyMergePatch(document, first), second)
      expect(applyMergePatch(document, composePatches(first, second))).toEqual(apart)
    }),
    { numRuns: 100 },
  )
})

describe('states as sizings', () => {
  const sizes = new Map([['pv.capacityKwp', { asset: 'pv', size: 'capacityKwp', existing: 40, capexPerUnit: 3000 }]])
  const question = { site, source: 'test-park', year: 2026, changes: { a: 1 }, sizes, method: 'quick' as const }
  const sun: Measure = { ...stated('sun'), title: 'Sun', sizes: { 'pv.capacityKwp': 80 }, changes: undefined }
  const less: Measure = { ...stated('less'), title: 'Less', sizes: {}, changes: { b: null } }
  /** Operation costs 1,000 and the carbon price of its emissions; a kW of sun spares 10 kg and costs 5 a year. */
  const sizing = () => {
    const inputs: { changes: { investment: { options: { existing: number; min: number; max: number }[] } } }[] = []
    const run = async (input: SizeInput): Promise<SizeOutput> => {
      inputs.push(input as never)
      const { existing, min } = inputs.at(-1)!.changes.investment.options[0]!
      const kgOf = (kw: number): number => 5000 - 10 * kw
      return {
        ...{ today: { cost: 1000 + 0.05 * kgOf(existing), emissionsKgCo2e: kgOf(existing), unservedKwh: 0 } },
        annual: {
          operation: 1000 + 0.05 * kgOf(min),
          investment: 5 * (min - existing),
          emissionsKgCo2e: kgOf(min),
          unservedKwh: 0,
        },
        ...{ economics: { capex: 3000 * (min - existing) }, synthetic: false },
      } as unknown as SizeOutput
    }
    return {
      inputs,
      compare: compareBySizing({ ...question, years: 20, discountRate: 0.06, gridFactorKgPerKwh: 0.6 }, context, run),
    }
  }

  it('tell two states in one run where sizes alone differ, without the carbon price in the cost', async () => {
    const { inputs, compare } = sizing()
    const pair = await compare([], [sun])
    expect(inputs).toHaveLength(1)
    expect(inputs[0]).toMatchObject({
      ...{ site: 'test-park', at: '2026-01-01T00:00', preview: true },
      changes: {
        a: 1,
        tariff: { carbonIntensity: 0.6 },
        investment: { options: [{ existing: 40, min: 80, max: 80 }] },
      },
    })
    expect(pair.before).toMatchObject({ emissionsKg: 4600, operationPerYear: 1000, investmentPerYear: 0 })
    expect(pair.after).toMatchObject({
      emissionsKg: 4200,
      operationPerYear: 1000,
      investmentPerYear: 200,
      capex: 120_000,
    })
  })

  it('take a run each where the site itself differs, and none twice', async () => {
    const { inputs, compare } = sizing()
    await compare([sun], [sun, less])
    await compare([sun], [sun, less])
    expect(inputs.map(({ changes }) => [changes.investment.options[0], 'b' in changes])).toEqual([
      [expect.objectContaining({ existing: 80, min: 80 }), true],
      [expect.objectContaining({ existing: 80, min: 80 }), false],
    ])
  })
})

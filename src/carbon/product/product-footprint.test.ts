import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DataPort, fixedClock, MangroveError, runEngine, type SolverPort } from '../../kernel/index.ts'
import { ileapChain } from '../freight/chain.fixture.ts'
import { Decimal, plus } from '../quantity/index.ts'
import { checkFootprint } from './check-footprint.ts'
import { pactFootprint } from './footprint.fixture.ts'
import { productFootprintEngine } from './product-footprint.ts'
import type { ProductInput, ProductOutput } from './schema.ts'

const ports = { data: {} as DataPort, solver: {} as SolverPort, clock: fixedClock(Date.UTC(2025, 2, 1)) }
type Activity = ProductInput['activities'][number]

const base = {
  company: { name: 'Works', ids: ['urn:company:example:works'] },
  product: { name: 'Part', description: 'A part', ids: ['urn:gtin:5695872369587'] },
  declaredUnit: { unit: 'kilogram', amount: '1', massKg: '1', fossilCarbonKg: '0', biogenicCarbonKg: '0' },
  period: { from: '2024-01-01', to: '2025-01-01' },
  geography: { country: 'CN' },
  outputs: [{ id: 'part', amount: '1000' }],
} as const
const steel: Activity = {
  ...{ kind: 'stated', id: 'steel', amount: '1.1', unit: 't', source: 'mill', data: 'secondary' },
  per: { fossilGhgEmissions: '1900' },
}
const run = async (activities: readonly Activity[], over: object = {}): Promise<ProductOutput> =>
  (await runEngine<ProductOutput>(productFootprintEngine, { ...base, activities, ...over }, ports)).output
const problemOf = async (activities: readonly Activity[], over: object = {}) => {
  const error = await run(activities, over).catch((thrown: unknown) => thrown)
  if (!(error instanceof MangroveError)) throw new Error('It was not refused')
  return error.problems[0]!
}
const pcfOf = ({ footprint }: ProductOutput) => footprint.pcf as Record<string, unknown>

describe('a product footprint', () => {
  it('is a year of activities over what was made, and reads without a finding', async () => {
    const power: Activity = {
      ...{ kind: 'energy', id: 'power', data: 'primary' },
      use: { carrier: 'electricity', amount: '500', unit: 'kWh', wttKgCo2ePerUnit: '0.6' },
    }
    const leak: Activity = {
      kind: 'emission',
      id: 'leak',
      gas: 'SF6',
      massKg: '0.001',
      origin: 'fossil',
      data: 'primary',
    }
    const output = await run([steel, power, leak])
    // (2,090 + 300 + 25.2) kg over 1,000 kg.
    expect(output.perDeclaredUnit).toMatchObject({
      ...{ excludingUptakeKgCo2e: '2.4152', includingUptakeKgCo2e: '2.4152' },
      terms: { fossilGhgEmissions: '2.4152' },
    })
    expect(output.activities.map(({ id, sharePercent }) => [id, sharePercent])).toEqual([
      ['steel', '86.54'],
      ['power', '12.42'],
      ['leak', '1.04'],
    ])
    // 325.2 of 2,415.2 kg.
    expect(output.quality.primaryDataSharePercent).toBe('13.46')
    expect(checkFootprint(output.footprint)).toMatchObject({ kind: 'pact-3', findings: [] })
    expect(output.footprint).toMatchObject({
      specVersion: '3.0.3',
      created: '2025-03-01T00:00:00.000Z',
      status: 'Active',
    })
    expect(pcfOf(output)).toMatchObject({
      ...{ declaredUnitOfMeasurement: 'kilogram', pcfExcludingBiogenicUptake: '2.4152', primaryDataShare: '13.46' },
      ...{
        geographyCountry: 'CN',
        ipccCharacterizationFactors: ['AR6'],
        crossSectoralStandards: ['ISO14067', 'PACT-3.0'],
      },
      secondaryEmissionFactorSources: expect.arrayContaining([{ name: 'mill', version: 'as stated' }]),
    })
  })

  it('has the uncertainty of its activities, each erring alone, and freight by its chain', async () => {
    const categories = ileapChain.categories.map((one) => ({ ...one, relative: 0.1 }))
    const chain = { ...ileapChain, categories }
    const freight = { kind: 'transport', id: 'in', direction: 'inbound', chain, times: '100' } as unknown as Activity
    const { perDeclaredUnit } = await run([
      { ...steel, relative: 0.05 },
      freight,
      { ...steel, id: 'other', amount: '0.1' },
    ])
    // 2.09 ± 5 %, and (0.36801, 0.474759) ± 10 % of two categories; 0.19 is not known.
    expect(perDeclaredUnit.halfWidthKg).toBeCloseTo(Math.hypot(0.05 * 2.09, 0.1 * Math.hypot(0.36801, 0.474759)), 9)
    expect(perDeclaredUnit.uncertainShare).toBeCloseTo(1 - 0.19 / 3.122769, 9)
  })

  it('keeps fossil, biogenic, land use and uptake apart: example-1 of PACT by the rule', async () => {
    const beet: Activity = {
      ...{ kind: 'stated', id: 'beet', amount: '1000', unit: 'kg', source: 'Cool Farm Tool', data: 'primary' },
      per: {
        ...{
          fossilGhgEmissions: '0.35',
          landManagementBiogenicCO2Emissions: '0.004',
          biogenicNonCO2Emissions: '0.002',
        },
        ...{ landManagementFossilGhgEmissions: '0.03', biogenicCO2Uptake: '-1.61' },
      },
    }
    const output = await run([beet], { declaredUnit: { ...base.declaredUnit, biogenicCarbonKg: '0.44' } })
    expect(output.perDeclaredUnit).toMatchObject({ excludingUptakeKgCo2e: '0.356', includingUptakeKgCo2e: '-1.254' })
    expect(pcfOf(output)).toMatchObject({ landManagementFossilGhgEmissions: '0.03', biogenicCO2Uptake: '-1.61' })
    expect(checkFootprint(output.footprint).findings).toEqual([])
    const { warnings } = await run([beet], { declaredUnit: { ...base.declaredUnit, biogenicCarbonKg: '0.3' } })
    expect(warnings.join('\n')).toMatch(/The carbon in the product stands for another uptake/)
  })

  it('takes an input by the footprint of its supplier, whose findings are told', async () => {
    const dqi = { technologicalDQR: '2', geographicalDQR: '3', temporalDQR: '1' }
    const supplied: Activity = {
      ...{ kind: 'supplier', id: 'doors', amount: '0.5', unit: 't' },
      footprint: pactFootprint({
        declaredUnitAmount: '10',
        productMassPerDeclaredUnit: '10',
        pcfExcludingBiogenicUptake: '2.6',
        dqi,
      }),
    }
    const { perDeclaredUnit, findings, quality, footprint } = await run([supplied])
    // 500 kg · 2 kg CO2e / 10 kg over 1,000 kg.
    expect(perDeclaredUnit.terms).toEqual({ fossilGhgEmissions: '0.1' })
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'sum-rule activities.0.footprint.pcf.pcfExcludingBiogenicUptake',
      'sums-differ activities.0.footprint.pcf.pcfIncludingBiogenicUptake',
    ])
    expect(quality).toEqual({ primaryDataSharePercent: '12.90', ratedPercent: '100.00' })
    expect((footprint.pcf as Record<string, unknown>).dqi).toEqual(dqi)
  })

  it('counts freight by transport chains, its aircraft too, and tells what goes out apart', async () => {
    const chain = { ...ileapChain, categories: ileapChain.categories.map((one) => ({ ...one, mode: 'air' as const })) }
    const inbound = { kind: 'transport', id: 'in', direction: 'inbound', chain, times: '10' } as unknown as Activity
    const outbound = { kind: 'transport', id: 'out', direction: 'outbound', chain: ileapChain } as unknown as Activity
    const output = await run([steel, inbound, outbound])
    expect(pcfOf(output)).toMatchObject({
      ...{
        fossilGhgEmissions: '2.1742769',
        aircraftGhgEmissions: '0.0842769',
        outboundLogisticsGhgEmissions: '0.00842769',
      },
      crossSectoralStandards: ['ISO14067', 'PACT-3.0', 'ISO14083'],
    })
    expect(output.period).toMatchObject({ excludingUptakeKgCo2e: '2174.2769', outboundKgCo2e: '8.42769' })
  })

  it('has packaging within it or not at all', async () => {
    const box: Activity = { ...steel, id: 'box', amount: '0.01', packaging: true }
    expect(pcfOf(await run([steel, box], { packagingIncluded: true }))).toMatchObject({
      ...{ fossilGhgEmissions: '2.109', packagingEmissionsIncluded: true, packagingGhgEmissions: '0.019' },
    })
    expect((await problemOf([steel, box])).detail).toMatch(/says that it has none/)
  })

  it('has an id of its content: the same is the same, and any change is another', async () => {
    const id = async (activities: readonly Activity[], over: object = {}) => (await run(activities, over)).footprint.id
    expect(await id([steel])).toBe(await id([steel]))
    const others = [await id([{ ...steel, amount: '1.2' }]), await id([steel], { geography: { country: 'DE' } })]
    expect(new Set([await id([steel]), ...others]).size).toBe(3)
  })
})

describe('co-products', () => {
  const outputs = [
    { id: 'oil', amount: '300', massKg: '300', value: '2400', physical: '11100' },
    { id: 'meal', amount: '700', massKg: '700', value: '350', physical: '12600' },
  ]

  it('share by mass, by worth or by what is physical, and what is for one of them is its alone', async () => {
    const own: Activity = { ...steel, id: 'refining', amount: '0.03', for: 'oil' }
    const by = async (key: string) =>
      (await run([steel, own], { outputs, allocation: { by: key } })).perDeclaredUnit.excludingUptakeKgCo2e
    // 2,090 · share / 300 kg + 57 / 300.
    expect(await by('mass')).toBe('2.28')
    expect(await by('economic')).toBe('6.27')
    expect(await by('physical')).toBe('3.452869198')
  })

  it('need a key, and one that is known of each; worth that is far apart is told', async () => {
    expect((await problemOf([steel], { outputs })).detail).toMatch(/what shared activities are split by/)
    const [oil, meal] = outputs
    const unknown = [oil, { id: meal!.id, amount: meal!.amount }]
    expect((await problemOf([steel], { outputs: unknown, allocation: { by: 'mass' } })).detail).toMatch(
      /meal has no massKg/,
    )
    const { warnings } = await run([steel], { outputs, allocation: { by: 'mass' } })
    expect(warnings.join('\n')).toMatch(/PACT asks for economic allocation/)
  })

  it('leave nothing over: all shares of all terms are the activities of the period', async () => {
    const kg = fc.tuple(fc.nat(99_999), fc.nat(5)).map(([n, places]) => new Decimal(n).div(10 ** places).toFixed())
    const per = fc.record({
      fossilGhgEmissions: kg,
      biogenicNonCO2Emissions: kg,
      biogenicCO2Uptake: kg.map((one) => `-${one}`),
    })
    const masses = fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 2, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(per, { minLength: 1, maxLength: 3 }), masses, async (all, made) => {
        const activities = all.map((one, k): Activity => ({ ...steel, id: `a${k}`, amount: '1', per: one }))
        const output = await run(activities, {
          outputs: made.map((mass, k) => ({ id: `p${k}`, amount: String(mass), massKg: String(mass) })),
          allocation: { by: 'mass' },
        })
        const sum = output.period.allocated.reduce(
          (total, one) => plus(total, new Decimal(one.excludingUptakeKgCo2e)),
          new Decimal(0),
        )
        expect(sum.toFixed()).toBe(output.period.excludingUptakeKgCo2e)
        const { findings } = checkFootprint(output.footprint)
        expect(findings.filter(({ code }) => code === 'sum-rule' || code === 'sums-differ')).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})

describe('what does not fit', () => {
  const supplied = (footprint: Record<string, unknown>, unit = 'kg'): Activity => ({
    ...{ kind: 'supplier', id: 's', amount: '1', unit, footprint },
  })
  it.each<[string, readonly Activity[], object, string, RegExp]>([
    [
      'fuel without its upstream',
      [{ kind: 'energy', id: 'gas', use: { carrier: 'diesel', amount: '1', unit: 't', use: 'road' } }],
      {},
      'carbon.no-factor',
      /begins at the cradle/,
    ],
    [
      'a direct factor',
      [{ kind: 'factor', id: 'e', amount: '1', unit: 'kWh', factor: 'grid-cn/CN.2023' }],
      {},
      'carbon.basis-mismatch',
      /from the cradle on/,
    ],
    [
      'a factor of a set that is not said',
      [{ kind: 'factor', id: 'e', amount: '1', unit: 'kWh', factor: 'grid-ember/LK.2022' }],
      {},
      'carbon.basis-mismatch',
      /unstated/,
    ],
    ['a footprint in other units', [supplied(pactFootprint(), 'kWh')], {}, 'carbon.unit-mismatch', /energy.*mass/],
    [
      'a footprint of another set',
      [supplied(pactFootprint({ ipccCharacterizationFactors: ['AR5'] }))],
      {},
      'carbon.basis-mismatch',
      /AR5, this one by AR6/,
    ],
    [
      'a footprint of nothing',
      [supplied(pactFootprint({ declaredUnitAmount: '0' }))],
      {},
      'carbon.bad-product',
      /no declared amount/,
    ],
    ['no footprint', [supplied({ pcf: { declaredUnit: 'kilogram' } })], {}, 'carbon.bad-product', /PACT 3/],
    [
      'a chain without upstream',
      [
        {
          kind: 'transport',
          id: 't',
          direction: 'inbound',
          chain: { ...ileapChain, boundary: 'TTW' },
        } as unknown as Activity,
      ],
      {},
      'carbon.basis-mismatch',
      /TTW by AR6/,
    ],
    ['nothing made', [steel], { outputs: [{ id: 'part', amount: '0' }] }, 'carbon.bad-product', /Nothing was made/],
    ['an output that is not there', [{ ...steel, for: 'other' }], {}, 'carbon.bad-product', /not there/],
    ['an id twice', [steel, steel], {}, 'carbon.bad-product', /twice/],
    [
      'a period that ends before it begins',
      [steel],
      { period: { from: '2025-01-01', to: '2024-01-01' } },
      'carbon.bad-product',
      /before it begins/,
    ],
    [
      'a kilogram that weighs two',
      [steel],
      { declaredUnit: { ...base.declaredUnit, massKg: '2' } },
      'carbon.bad-product',
      /so many kilograms/,
    ],
    ['a set that is none', [steel], { gwpSet: 'unstated' }, 'carbon.basis-mismatch', /AR and a number/],
  ])('%s: refused', async (_, activities, over, code, words) => {
    const problem = await problemOf(activities, over)
    expect(problem.code).toBe(code)
    expect(`${problem.detail} ${JSON.stringify(problem.found)}`).toMatch(words)
  })
})

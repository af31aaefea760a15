import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DataPort, fixedClock, runEngine, type SolverPort } from '../../kernel/index.ts'
import { type ChainOutput, transportChainEngine } from '../freight/index.ts'
import { Decimal, plus } from '../quantity/index.ts'
import { type CheckFootprintOutput, checkFootprint, checkFootprintEngine } from './check-footprint.ts'
import { pactFootprint } from './footprint.fixture.ts'
import { sumTerms } from './pact/fields.ts'

const ports = { data: {} as DataPort, solver: {} as SolverPort, clock: fixedClock(0) }
const breaches = (payload: Record<string, unknown>) =>
  checkFootprint(payload)
    .findings.filter(({ severity }) => severity === 'breach')
    .map(({ code, path }) => `${code} ${path}`)
const codes = (payload: Record<string, unknown>) => checkFootprint(payload).findings.map(({ code }) => code)

describe('a footprint of PACT 3', () => {
  it('without a fault has no finding', () => {
    expect(checkFootprint(pactFootprint())).toMatchObject({ kind: 'pact-3', isClean: true, findings: [] })
  })

  // wbcsd/data-exchange-protocol, spec/v3/examples; the numbers alone.
  it('example-1: 0.356 and −1.254 by the rule, 0.384 and −1.23 printed, and says what was done', () => {
    const { sums, findings } = checkFootprint(
      pactFootprint({
        ...{
          fossilGhgEmissions: '0.35',
          landManagementBiogenicCO2Emissions: '0.004',
          biogenicNonCO2Emissions: '0.002',
        },
        ...{ landManagementFossilGhgEmissions: '0.03', biogenicCO2Uptake: '-1.61', biogenicCarbonContent: '0.44' },
        ...{ pcfExcludingBiogenicUptake: '0.384', pcfIncludingBiogenicUptake: '-1.23' },
      }),
    )
    expect(sums).toEqual({
      ...{ excludingByRule: '0.356', excludingPrinted: '0.384' },
      ...{ includingByRule: '-1.254', includingFromPrinted: '-1.226', includingPrinted: '-1.23' },
    })
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'sum-rule pcf.pcfExcludingBiogenicUptake',
      'sum-rule pcf.pcfIncludingBiogenicUptake',
    ])
    for (const { detail } of findings) {
      expect(detail).toMatch(/without biogenicNonCO2Emissions and with landManagementFossilGhgEmissions/)
    }
  })

  it('example-3: 77 is 77.0; three granularities of geography and an id that is none are told', () => {
    const payload = pactFootprint(
      {
        ...{ declaredUnitOfMeasurement: 'piece', productMassPerDeclaredUnit: '25', fossilGhgEmissions: '77' },
        ...{ pcfExcludingBiogenicUptake: '77.0', pcfIncludingBiogenicUptake: '77.0' },
        ...{
          geographyRegionOrSubregion: 'Northern Europe',
          geographyCountry: 'DE',
          geographyCountrySubdivision: 'DE-BW',
        },
      },
      { id: 'e7u1639i-bg76-4c6e-608p-542u7i9iujh98' },
    )
    expect(checkFootprint(payload).sums).toMatchObject({ excludingByRule: '77', includingByRule: '77' })
    expect(breaches(payload)).toEqual(['id id', 'geography pcf'])
  })

  it('get-footprint-response: 1.7 and 0.2 by the rule, names of a draft read and told', () => {
    const payload = pactFootprint(
      {
        ...{ declaredUnitOfMeasurement: 'liter', productMassPerDeclaredUnit: '0.879', fossilGhgEmissions: '1.5' },
        ...{ landManagementBiogenicCO2Emissions: '0.6', landManagementBiogenicCO2Removals: '-0.4' },
        ...{ biogenicCO2Withdrawal: '-1.5', biogenicCarbonContent: '0.41', aircraftGhgEmissions: '0.2' },
        ...{ pcfExcludingBiogenicCO2Withdrawal: '1.85', pcfIncludingBiogenicCO2Withdrawal: '1.63' },
        ...{ pcfExcludingBiogenicUptake: undefined, pcfIncludingBiogenicUptake: undefined },
      },
      { version: 1 },
    )
    expect(checkFootprint(payload).sums).toEqual({
      ...{ excludingByRule: '1.7', excludingPrinted: '1.85' },
      ...{ includingByRule: '0.2', includingFromPrinted: '0.35', includingPrinted: '1.63' },
    })
    expect(breaches(payload)).toEqual([
      'removed-field version',
      'removed-field pcf.biogenicCO2Withdrawal',
      'removed-field pcf.pcfExcludingBiogenicCO2Withdrawal',
      'removed-field pcf.pcfIncludingBiogenicCO2Withdrawal',
      'sum-rule pcf.pcfExcludingBiogenicUptake',
      'sum-rule pcf.pcfIncludingBiogenicUptake',
      'sums-differ pcf.pcfIncludingBiogenicUptake',
    ])
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a number for a decimal', { primaryDataShare: 12.9 }, 'number-for-decimal pcf.primaryDataShare'],
    ['a comma', { fossilGhgEmissions: '2,0' }, 'decimal-comma pcf.fossilGhgEmissions'],
    ['an exponent', { fossilGhgEmissions: '2e0' }, 'decimal-form pcf.fossilGhgEmissions'],
    ['words', { fossilCarbonContent: 'none' }, 'no-decimal pcf.fossilCarbonContent'],
    ['a missing field', { ipccCharacterizationFactors: undefined }, 'missing-field pcf.ipccCharacterizationFactors'],
    [
      'uptake above zero',
      { biogenicCO2Uptake: '1.50', pcfIncludingBiogenicUptake: '3.50', biogenicCarbonContent: undefined },
      'sign pcf.biogenicCO2Uptake',
    ],
    ['a unit of trade', { declaredUnitOfMeasurement: 'ton' }, 'unknown-unit pcf.declaredUnitOfMeasurement'],
    ['a kilogram of another mass', { productMassPerDeclaredUnit: '2' }, 'mass pcf.productMassPerDeclaredUnit'],
    ['electricity with a mass', { declaredUnitOfMeasurement: 'kilowatt hour' }, 'mass pcf.productMassPerDeclaredUnit'],
    [
      'a period that ends before it begins',
      { referencePeriodEnd: '2023-01-01T00:00:00Z' },
      'period pcf.referencePeriodEnd',
    ],
    ['a day for a moment', { referencePeriodEnd: '2025-01-01' }, 'date-time pcf.referencePeriodEnd'],
    [
      'a part above its whole',
      { landManagementFossilGhgEmissions: '3' },
      'part-above-whole pcf.landManagementFossilGhgEmissions',
    ],
    ['packaging left out and told', { packagingGhgEmissions: '0.1' }, 'left-out-and-told pcf.packagingGhgEmissions'],
    [
      'a rating of 0',
      { dqi: { technologicalDQR: '0', geographicalDQR: '1', temporalDQR: '1' } },
      'rating pcf.dqi.technologicalDQR',
    ],
    ['more than all', { primaryDataShare: '101' }, 'percent pcf.primaryDataShare'],
    [
      'an operator without a name',
      { productOrSectorSpecificRules: [{ operator: 'Other', ruleNames: ['x'] }] },
      'missing-field pcf.productOrSectorSpecificRules.0.otherOperatorName',
    ],
  ])('with %s: one breach', (_, pcf, expected) => {
    expect(breaches(pactFootprint(pcf))).toEqual([expected])
  })

  it('with carbon that stands for another uptake is doubted', () => {
    const uptake = { biogenicCO2Uptake: '-1', pcfIncludingBiogenicUptake: '1', biogenicCarbonContent: '0.44' }
    expect(codes(pactFootprint(uptake))).toEqual(['uptake-and-carbon'])
  })

  it('passes by the sum rule exactly where its sums are right', () => {
    const amount = fc.tuple(fc.nat(9999), fc.nat(4)).map(([n, places]) => new Decimal(n).div(10 ** places))
    const signs: Record<string, number> = { landManagementBiogenicCO2Removals: -1, ccsTechnologicalCO2Capture: -1 }
    const slip = fc.integer({ min: -3, max: 3 })
    fc.assert(
      fc.property(fc.array(amount, { minLength: 8, maxLength: 8 }), slip, slip, (values, a, b) => {
        const terms = sumTerms.map((name, index) => [name, values[index]!.times(signs[name] ?? 1)] as const)
        const excluding = terms.reduce((sum, [, value]) => plus(sum, value), new Decimal(0))
        const uptake = values[7]!.negated()
        const payload = pactFootprint({
          ...Object.fromEntries(terms.map(([name, value]) => [name, value.toFixed()])),
          biogenicCO2Uptake: uptake.toFixed(),
          pcfExcludingBiogenicUptake: excluding.plus(new Decimal('0.01').times(a)).toFixed(6),
          pcfIncludingBiogenicUptake: plus(excluding, uptake).plus(new Decimal('0.01').times(b)).toFixed(6),
        })
        const found = new Set(codes(payload))
        expect(found.has('sum-rule')).toBe(a !== 0 || b !== 0)
        expect(found.has('sums-differ')).toBe(a !== b)
      }),
      { numRuns: 40 },
    )
  })
})

/** The shipment of iLEAP 1.0.0 with the slips that its documents print. */
const shipment = (transportActivity: string) => ({
  ...{ mass: '87', shipmentId: '1237890' },
  tces: [
    {
      ...{
        tceId: 'abcdef',
        tocId: 'truck-40t-euro5-de',
        shipmentId: '1237890',
        mass: '87',
        distance: { actual: '423' },
      },
      ...{ transportActivity, co2eWTW: '3.6801', co2eTTW: '3.2801' },
    },
    {
      ...{ tceId: 'ghijkl', tocId: 'operator-z-truck-89sdff', shipmentId: '1237890', mass: '87' },
      ...{ distance: { actual: '321' }, transportActivity: '27.927', co2eWTW: '4.74759', co2eTTW: '4.272831' },
    },
  ],
})

describe('a shipment of iLEAP', () => {
  it('is recomputed from its elements', () => {
    expect(checkFootprint(shipment('36.801'))).toEqual({
      ...{ path: '', kind: 'ileap-shipment', specVersion: null, isClean: true, findings: [] },
      shipment: { activityTkm: '64.728', wtwKgCo2e: '8.42769', ttwKgCo2e: '7.552931' },
    })
  })

  it('whose activity is the number of its emissions is told: 3.6801 for 36.801', () => {
    const { findings } = checkFootprint(shipment('3.6801'))
    expect(findings.map(({ code }) => code)).toEqual(['activity', 'activity-is-emissions'])
    expect(findings[0]).toMatchObject({
      path: 'tces.0.transportActivity',
      found: '3.6801',
      expected: '36.801',
    })
    expect(checkFootprint(shipment('36801')).findings[0]?.detail).toMatch(/kg·km/)
  })

  it('in a footprint of version 2 is held against it: the decimal comma, the sum, packaging', () => {
    const payload = {
      ...{
        id: 'fb1faac2-7712-458a-a1db-bace3a44abb4',
        specVersion: '2.0.0',
        version: 0,
        created: '2022-05-22T21:47:32Z',
      },
      ...{
        status: 'Active',
        companyName: 'Z',
        companyIds: ['urn:epc:id:sgln:123456.00000.8'],
        productDescription: 'x',
      },
      ...{ productIds: ['urn:x:1237890'], productCategoryCpc: '83117', productNameCompany: 'Shipment' },
      pcf: {
        ...{ declaredUnit: 'ton kilometer', unitaryProductAmount: '64.728', pCfExcludingBiogenic: '8,42769' },
        ...{ fossilGhgEmissions: '8,42769', fossilCarbonContent: '0', biogenicCarbonContent: '0' },
        ...{ crossSectoralStandardsUsed: ['GHG Protocol Product standard'], boundaryProcessesDescription: 'x' },
        ...{ referencePeriodStart: '2021-01-01T00:00:00Z', referencePeriodEnd: '2022-01-01T00:00:00Z' },
        ...{ exemptedEmissionsPercent: 0, packagingEmissionsIncluded: true, primaryDataShare: 56.85 },
      },
      extensions: [
        {
          specVersion: '2.0.0',
          dataSchema: 'https://api.ileap.sine.dev/shipment-footprint.json',
          data: shipment('36.801'),
        },
      ],
    }
    const { kind, findings } = checkFootprint(payload)
    expect(kind).toBe('pact-2')
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'version-2 specVersion',
      'decimal-comma pcf.pCfExcludingBiogenic',
      'decimal-comma pcf.fossilGhgEmissions',
      'packaging pcf.packagingEmissionsIncluded',
    ])
    const { data, ...beside } = payload.extensions[0]!
    expect(codes({ ...payload, extensions: [{ ...beside, ...data }] })).toContain('data-beside')
    expect(codes({ ...payload, pcf: { ...payload.pcf, pCfExcludingBiogenic: '8.4' } })).toContain('shipment-sum')
  })

  it('has categories whose shares come to one and whose well-to-wheel is not below tank-to-wheel', () => {
    const carrier = {
      energyCarrier: 'Diesel',
      relativeShare: '0.30',
      emissionFactorWTW: '2.67',
      emissionFactorTTW: '2.80',
    }
    const toc = {
      ...{ tocId: 'x', mode: 'Road', co2eIntensityWTW: '0.1', co2eIntensityTTW: '0.09', transportActivityUnit: 'tkm' },
      energyCarriers: [carrier],
    }
    // The specification’s own example of carriers has WTW 2.67 below TTW 2.80.
    expect(breaches(toc)).toEqual(['wtw-below-ttw energyCarriers.0.emissionFactorWTW', 'shares energyCarriers'])
    const right = { ...carrier, relativeShare: '1', emissionFactorWTW: '3.4' }
    expect(breaches({ ...toc, energyCarriers: [right] })).toEqual([])
    expect(breaches({ ...toc, energyCarriers: [right], isVerified: true, mode: 'Truck' })).toEqual([
      'removed-field isVerified',
      'unknown-word mode',
    ])
  })
})

describe('what goes out', () => {
  it('comes back without a breach: shipments, transport and hub categories', async () => {
    const amount = fc
      .tuple(fc.integer({ min: 1, max: 9999 }), fc.nat(3))
      .map(([n, k]) => new Decimal(n).div(10 ** k).toFixed())
    const legs = fc.array(fc.record({ km: amount, ttw: amount, wtt: amount, isHub: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    })
    const energyCarriers = [{ carrier: 'Diesel', share: '1', ttwKgCo2ePerUnit: '3.17', wtwKgCo2ePerUnit: '4.13' }]
    await fc.assert(
      fc.asyncProperty(legs, amount, async (all, massKg) => {
        const categories = all.map(({ ttw, wtt, isHub }, k) => ({
          ...{ id: `c${k}`, data: 'primary', energyCarriers },
          ...(isHub
            ? { kind: 'hub', hubType: 'Warehouse', per: 't' }
            : { kind: 'transport', mode: 'inland-water', per: 't·km', distance: 'shortest-feasible' }),
          intensity: { from: 'stated', ttwKgCo2e: ttw, wttKgCo2e: wtt, source: 'x' },
        }))
        const elements = all.map(({ km, isHub }, k) => ({
          ...{ id: `e${k}`, category: `c${k}` },
          ...(isHub ? {} : { distance: { kind: 'shortest-feasible', km } }),
        }))
        const input = { shipment: { id: 'S', massKg, teu: '1' }, elements, categories, exchange: true }
        const { exchange, totals } = (await runEngine<ChainOutput>(transportChainEngine, input, ports)).output
        expect(exchange?.extensions).toHaveLength(1 + all.length)
        const checked = exchange!.extensions.map(({ data }) => checkFootprint(data as Record<string, unknown>))
        expect(checked.flatMap(({ findings }) => findings)).toEqual([])
        expect(checked[0]?.shipment).toMatchObject({ activityTkm: totals.activityTkm, wtwKgCo2e: totals.wtwKgCo2e })
      }),
      { numRuns: 12 },
    )
  })
})

describe('the engine', () => {
  const run = async (footprint: unknown) =>
    (await runEngine<CheckFootprintOutput>(checkFootprintEngine, { footprint }, ports)).output.footprints

  it('reads one, an answer with one, an answer with many, and what is none', async () => {
    const one = pactFootprint()
    expect((await run(one)).map(({ path }) => path)).toEqual([''])
    expect((await run({ data: one })).map(({ path }) => path)).toEqual(['data'])
    expect((await run({ data: [one, one] })).map(({ path, isClean }) => [path, isClean])).toEqual([
      ['data.0', true],
      ['data.1', true],
    ])
    expect(await run({ some: 'thing' })).toMatchObject([{ kind: 'unknown', isClean: false }])
  })

  it('tells where it stops telling, and refuses more than it can check', async () => {
    const tces = Array.from({ length: 600 }, () => ({ tceId: 'same' }))
    const read = await run({ data: Array.from({ length: 12 }, () => ({ mass: '1', shipmentId: 'S', tces })) })
    expect(read.map(({ isClean }) => isClean)).not.toContain(true)
    expect(read[0]?.findings.at(-1)).toMatchObject({ code: 'too-many', severity: 'breach' })
    expect(read[11]?.findings).toEqual([expect.objectContaining({ code: 'too-many' })])
    await expect(run({ data: Array.from({ length: 1001 }, () => ({})) })).rejects.toThrow(/too many footprints/)
  })

  it('never fails, whatever it is given', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constant(null),
      fc.constant('-1.5'),
      fc.constant('9'.repeat(50_000)),
      fc.constant(1e300),
      fc.array(fc.string(), { maxLength: 2 }),
    )
    const names = ['pcf', 'tces', 'tocId', 'id', 'extensions', 'created', 'specVersion']
    const inner = fc.dictionary(
      fc.constantFrom('dqi', 'fossilGhgEmissions', 'declaredUnitAmount', 'geographyCountry'),
      junk,
    )
    const payload = fc.dictionary(fc.constantFrom(...names), fc.oneof(junk, inner, fc.array(inner, { maxLength: 2 })))
    fc.assert(
      fc.property(payload, (fields) => {
        expect(checkFootprint({ ...fields }).findings.length).toBeGreaterThan(0)
      }),
      { numRuns: 80 },
    )
  })

  const sample = join(import.meta.dirname, '../../../../shared/data/carbon/ileap_sample_product_footprint.json')
  it.skipIf(!existsSync(sample))(
    'reads the sample of the iLEAP extension (left out where ../shared is absent)',
    async () => {
      const [read] = await run(JSON.parse(readFileSync(sample, 'utf8')))
      expect(read).toMatchObject({ kind: 'pact-2', specVersion: '2.0.0', isClean: false })
      const found = read?.findings.map(({ code, path }) => `${code} ${path}`)
      expect(found).toEqual(
        expect.arrayContaining([
          'missing-field status',
          'missing-field pcf.pCfExcludingBiogenic',
          'removed-field pcf.reportingPeriodStart',
          'removed-field pcf.biogenicEmissions',
          'removed-field pcf.emissionFactorSources',
        ]),
      )
    },
  )
})

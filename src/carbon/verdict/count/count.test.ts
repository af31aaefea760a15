import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../kernel/index.ts'
import type { Figures } from '../figures/index.ts'
import { codesOf, totals, verdictOf } from '../verdict.fixture.ts'

/** A park whose every figure is an activity with its factor. */
const park = {
  year: 2023,
  organisation: 'Test park, whole',
  region: 'CN-JS',
  energy: {
    carriers: [
      { id: 'grid', carrier: 'electricity', amount: 100, unit: 'GWh' },
      { id: 'own-sun', carrier: 'electricity', amount: 1600, unit: 'GWh' },
      { id: 'gas', carrier: 'natural-gas', amount: 293_076, unit: 'GJ' },
      { id: 'diesel', carrier: 'diesel', amount: 1000, unit: 't' },
    ],
  },
  emissions: {
    fuel: [
      { id: 'gas-burnt', subject: 'natural-gas', amount: 293_076, unit: 'GJ', energyBy: 'LHV' },
      { id: 'diesel-burnt', subject: 'diesel', amount: 1000, unit: 't', factor: 'fuels/co2.diesel' },
    ],
    transformation: { none: 'nothing is turned into another' },
    process: [{ id: 'lime', amount: '1234.5', unit: 'tCO2' }],
    electricity: [
      {
        ...{ id: 'grid-in', amount: 100, unit: 'GWh' },
        green: [{ claim: 'GEC-1', kind: 'certificate', amount: 20_000, unit: 'MWh' }],
      },
    ],
    heat: [{ id: 'steam', amount: 10_000, unit: 'GJ' }],
  },
} satisfies Figures

type Part = keyof typeof park.emissions
const withRows = (part: Part, rows: readonly object[], more: object = {}) => ({
  ...park,
  ...more,
  emissions: { ...park.emissions, [part]: rows },
})
const withCarriers = (carriers: readonly object[]) => ({ ...park, energy: { carriers } })

async function problemOf(figures: unknown) {
  const error = await verdictOf(figures, { scheme: 'old.json' }, { 'old.json': oldScheme }).then(
    () => undefined,
    (found: unknown) => found,
  )
  if (!(error instanceof MangroveError)) throw error ?? new Error('nothing was refused')
  const [{ code, found, place } = {}] = error.problems
  return { code, found, path: place?.path, text: error.message }
}

/** The national scheme as if it had judged 2023, the last year with provincial factors. */
const oldScheme = JSON.stringify({
  ...(await import('../schemes/cn-ndrc-2025-910.json', { with: { type: 'json' } })).default,
  ...{ id: 'cn-as-of-2023', years: { from: 2023 } },
})
const counted = async (figures: unknown = park) => verdictOf(figures, { scheme: 'old.json' }, { 'old.json': oldScheme })
const rowOf = (output: Awaited<ReturnType<typeof counted>>, id: string) => output.emissions.find((row) => row.id === id)

describe('emissions by part', () => {
  it('are activity times factor, exact, with the pedigree of each', async () => {
    const output = await counted()
    // 293,076 GJ · 56,100 kg/TJ; 1,000 t · 43.0 TJ/Gg · 74,100 kg/TJ; 100 GWh · 0.5827 kg/kWh; 10,000 GJ · 0.11 t/GJ.
    expect(output.emissions.map(({ id, notCounted }) => [id, notCounted])).toEqual([
      ['gas-burnt', '16441.5636'],
      ['diesel-burnt', '3186.3'],
      ['lime', '1234.5'],
      ['grid-in', '58270'],
      ['steam', '1100'],
    ])
    expect(rowOf(output, 'diesel-burnt')!.factors.map(({ factor }) => factor)).toEqual([
      'fuels/ncv.diesel',
      'fuels/co2.diesel',
    ])
    expect(rowOf(output, 'grid-in')!.factors[0]).toMatchObject({
      factor: 'grid-cn/CN-JS.2023',
      variant: 'average',
      boundary: 'direct',
    })
    expect(output.verify.map(({ what }) => what)).toContain('grid-cn/CN-JS.2023')
  })

  it('stand side by side with green power counted and not, and energy in both coals', async () => {
    const output = await counted()
    const told = output.readings.map(({ greenPower, coal, emissions, energy }) => [greenPower, coal, emissions, energy])
    // 1,700 GWh · 0.1229 or 0.3016 kgce/kWh, 10,000 tce of gas, 1,000 t · 1.4571 of diesel.
    const [low, high] = ['220387.1', '524177.1']
    expect(told).toEqual([
      ['counted', 'calorific', '68578.3636', low],
      ['counted', 'equivalent', '68578.3636', high],
      ['not-counted', 'calorific', '80232.3636', low],
      ['not-counted', 'equivalent', '80232.3636', high],
    ])
    // 0.311, 0.131, 0.364, 0.153 against 0.2: the reading decides.
    expect(output.readings.map(({ passes }) => passes)).toEqual([false, true, false, true])
    expect([output.verdict, codesOf(output).includes('verdict.reading-decides')]).toEqual(['not-decided', true])
    expect(codesOf(output)).toContain('verdict.rest-at-average')
  })

  it('take the factor without traded green power for the rest where it is named', async () => {
    const [row] = park.emissions.electricity
    const output = await counted(
      withRows('electricity', [{ ...row, restFactor: 'grid-cn/CN.2023.without-traded-non-fossil' }]),
    )
    // 80 GWh · 0.6096 kg/kWh.
    expect(rowOf(output, 'grid-in')).toMatchObject({ counted: '48768', notCounted: '58270' })
    expect(codesOf(output)).not.toContain('verdict.rest-at-average')
  })

  it('say what stood in for a factor that is not there yet', async () => {
    const output = await verdictOf({ ...park, year: 2025 })
    expect(output.reasons.filter(({ code }) => code === 'verdict.factor-stands-in').map(({ text }) => text)).toEqual([
      'grid-cn/CN-JS.2023 holds until 2024-01-01, and stands in for 2025-07-01.',
      'coal-equivalent/electricity.equivalent.2023 holds until 2024-01-01, and stands in for 2025-07-01.',
    ])
  })

  it('take a coefficient of one’s own for the one way of counting power that it is of', async () => {
    const coefficient = { value: '0.1228', unit: 'kgce/kWh', source: 'made up' }
    const [row, ...rest] = park.energy.carriers
    const output = await counted(withCarriers([{ ...row, coefficient }, ...rest]))
    expect(output.energy[0]).toMatchObject({ calorific: '12280', equivalent: '30160' })
  })

  it('tell fuel of international transport apart, and do not take it off', async () => {
    const ships = { id: 'ships', subject: 'diesel', amount: 100, unit: 't', factor: 'fuels/co2.diesel', bunker: true }
    const output = await counted(withRows('fuel', [...park.emissions.fuel, ships]))
    expect(output.bunkers).toBe('318.63')
    expect(output.readings[0]!.emissions).toBe('68896.9936')
  })
})

describe('what is refused, with its place', () => {
  const electricity = (more: object) => withRows('electricity', [{ ...park.emissions.electricity[0], ...more }])

  it.each([
    [
      'the fossil-only factor of 2022',
      electricity({ factor: 'grid-cn/CN.2022.fossil-only' }),
      'carbon.basis-mismatch',
      'fossil-only',
    ],
    [
      'an indicator per 10,000 yuan',
      { ...park, energy: { totals: { calorific: { amount: 2, unit: 'CNY' } } } },
      'carbon.unit-mismatch',
      'CNY',
    ],
    [
      'emissions per 10,000 yuan',
      totals(250_000, 1).emissions.total && {
        ...totals(250_000, 1),
        emissions: { total: { amount: 1, unit: 'tCO2/CNY', greenPower: 'none' } },
      },
      'carbon.unit-mismatch',
      undefined,
    ],
    ['a lifecycle factor', electricity({ factor: 'grid-ember/CHN.2024' }), undefined, undefined],
    ['CO2e for CO2', withRows('process', [{ id: 'p', amount: 1, unit: 'tCO2e' }]), 'carbon.basis-mismatch', 'tCO2e'],
    [
      'tonnes of nobody knows what',
      withRows('process', [{ id: 'p', amount: 1, unit: 't' }]),
      'carbon.basis-mismatch',
      't',
    ],
    ['a factor of heat for power', electricity({ factor: 'fuels/co2.heat' }), 'carbon.basis-mismatch', 'heat'],
    [
      'gas of unsaid heating value',
      withRows('fuel', [{ id: 'g', subject: 'natural-gas', amount: 1, unit: 'GJ' }]),
      'carbon.basis-mismatch',
      'nothing',
    ],
    [
      'gas by its upper heating value',
      withRows('fuel', [{ id: 'g', subject: 'natural-gas', amount: 1, unit: 'GJ', energyBy: 'HHV' }]),
      'carbon.basis-mismatch',
      'HHV',
    ],
    [
      'power in coal that says not how',
      withCarriers([{ id: 'e', carrier: 'electricity', amount: 1, unit: 'tce' }]),
      'carbon.bad-figures',
      'tce',
    ],
    [
      'the calorific coefficient for equivalent coal',
      withCarriers([
        {
          id: 'e',
          carrier: 'electricity',
          amount: 1,
          unit: 'kWh',
          equivalentCoefficient: 'coal-equivalent/electricity.calorific',
        },
      ]),
      'carbon.basis-mismatch',
      'calorific',
    ],
    [
      'a second coefficient of heat',
      withCarriers([
        { id: 'h', carrier: 'heat', amount: 1, unit: 'GJ', equivalentCoefficient: 'coal-equivalent/heat' },
      ]),
      'carbon.bad-figures',
      'heat',
    ],
    [
      'more green power than was bought',
      electricity({ green: [{ claim: 'a', kind: 'green-power', amount: 101, unit: 'GWh' }] }),
      'carbon.bad-figures',
      undefined,
    ],
    [
      'one claim twice',
      electricity({ green: [1, 2].map((amount) => ({ claim: 'GEC-1', kind: 'certificate', amount, unit: 'MWh' })) }),
      'carbon.claimed-twice',
      'GEC-1',
    ],
    [
      'green heat',
      withRows('heat', [
        { id: 'h', amount: 1, unit: 'GJ', green: [{ claim: 'a', kind: 'green-power', amount: 1, unit: 'GJ' }] },
      ]),
      'carbon.bad-figures',
      undefined,
    ],
    [
      'an unknown carrier',
      withCarriers([{ id: 'e', carrier: 'peat', amount: 1, unit: 't' }]),
      'carbon.no-factor',
      undefined,
    ],
    ['a decimal comma', withRows('process', [{ id: 'p', amount: '1,5', unit: 'tCO2' }]), 'carbon.bad-decimal', '1,5'],
    [
      'a mass of power without a word of green power',
      withRows('electricity', [{ id: 'e', amount: 1, unit: 'tCO2' }]),
      'carbon.bad-figures',
      'nothing',
    ],
    [
      'energy told twice',
      { ...park, energy: { ...park.energy, ...totals(1, 1).energy } },
      'carbon.bad-figures',
      undefined,
    ],
    [
      'two rows of one id',
      withRows(
        'process',
        [1, 2].map((amount) => ({ id: 'p', amount, unit: 'tCO2' })),
      ),
      'carbon.bad-figures',
      'p',
    ],
    [
      'an indicator that nobody asked for',
      { ...park, guiding: { trees: { value: 3, unit: '%' } } },
      'carbon.bad-figures',
      'trees',
    ],
    [
      'a share above all',
      { ...park, guiding: { 'clean-energy': { value: 910, unit: '%' } } },
      'carbon.bad-figures',
      '910 %',
    ],
    [
      'a field that nothing reads',
      { ...park, emissions: { ...park.emissions, scope3: [] } },
      'kernel.bad-input',
      undefined,
    ],
  ])('%s', async (_, figures, code, found) => {
    const problem = await problemOf(figures)
    if (code === undefined) expect(problem.code).toMatch(/^carbon\./)
    else expect(problem.code, problem.text).toBe(code)
    if (found !== undefined) expect(problem.found).toBe(found)
    expect(problem.path, problem.text).toMatch(/^figures|^energy|^emissions|^guiding/)
  })
})

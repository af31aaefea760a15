import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../quantity/index.ts'
import { codesOf, totals, verdictOf } from './verdict.fixture.ts'

const calorific = { coal: 'calorific' }
const onlyReading = async (energy: number | string, emissions: number | string) => {
  const output = await verdictOf(totals(energy, emissions), calorific)
  const reading = output.readings.find(({ coal, greenPower }) => coal === 'calorific' && greenPower === 'counted')!
  return { output, reading }
}

describe('reference cases of a park (reference: NDRC 2025 No. 910, exact)', () => {
  it('250,000 tce and 55,000 t: 0.22 fails 0.2, 5,000 t too much', async () => {
    const { output, reading } = await onlyReading(250_000, 55_000)
    expect(output.verdict).toBe('fails')
    expect(reading).toMatchObject({ indicator: '0.22', limit: '0.2', band: '[200000, 1000000[', passes: false })
    expect(reading.gap).toEqual({ emissions: '5000', energy: '25000' })
  })

  it('1,200,000 tce and 350,000 t: 0.2917 passes 0.3', async () => {
    const { output, reading } = await onlyReading(1_200_000, 350_000)
    expect(output.verdict).toBe('passes')
    expect(reading).toMatchObject({ indicator: '0.291666666667', limit: '0.3', passes: true })
    expect(reading.gap).toEqual({ emissions: '-10000', energy: '-33333.3333333' })
  })

  it.each([
    [1_000_000, 300_000, '0.3', 'passes'],
    ['999999.999999', '200000', '0.2', 'fails'],
    [200_000, 40_000, '0.2', 'passes'],
    [200_000, '40000.000000001', '0.2', 'fails'],
  ])('%s tce belong to the band where %s t meet %s: %s', async (energy, emissions, limit, verdict) => {
    const { output, reading } = await onlyReading(energy, emissions)
    expect([reading.limit, output.verdict]).toEqual([limit, verdict])
  })

  it('below 200,000 tce lies outside of the scheme, and is not decided', async () => {
    const { output, reading } = await onlyReading('199999.9', 10)
    expect([output.verdict, reading.limit, reading.passes, reading.gap]).toEqual(['not-decided', null, null, null])
    expect(reading.indicator).toBe('0.000050000025')
    expect(codesOf(output)).toContain('verdict.outside')
  })

  it('tells that a park near the end of a band would pass with a little more energy use', async () => {
    const { output, reading } = await onlyReading(990_000, 250_000)
    expect(reading.gap).toEqual({ emissions: '52000', energy: '10000' })
    expect(codesOf(output)).toContain('verdict.band-edge')
  })
})

it('law: gap and indicator say the same, and the gap closed is the limit met', async () => {
  const park = fc.tuple(fc.integer({ min: 200_000, max: 3_000_000 }), fc.integer({ min: 1, max: 900_000 }))
  await fc.assert(
    fc.asyncProperty(park, async ([energy, emissions]) => {
      const { reading } = await onlyReading(energy, emissions)
      const gap = new Decimal(reading.gap!.emissions)
      expect(reading.passes).toBe(gap.lte(0))
      const { reading: closed } = await onlyReading(energy, gap.negated().plus(emissions).toFixed())
      expect([closed.passes, closed.gap!.emissions]).toEqual([true, '0'])
      if (reading.passes) return
      const { reading: grown } = await onlyReading(String(energy + Number(reading.gap!.energy) * (1 + 1e-9)), emissions)
      expect(grown.passes).toBe(true)
    }),
    { numRuns: 40 },
  )
})

describe('what is not known', () => {
  it('is missing by name, and nothing is decided', async () => {
    const bare = { year: 2025, organisation: 'x', energy: {}, emissions: { process: { none: 'no process' } } }
    const output = await verdictOf(bare)
    expect(output.verdict).toBe('not-decided')
    expect(output.missing).toEqual([
      ...['fuel', 'transformation', 'electricity', 'heat'].map((part) => `the emissions of ${part}`),
      ...['the energy use, calorific', 'the energy use, equivalent'],
    ])
    expect(
      output.readings.every(
        ({ emissions, indicator, passes }) => emissions === null && indicator === null && passes === null,
      ),
    ).toBe(true)
  })

  it('of one reading leaves open what was not said to be meant', async () => {
    const figures = totals(250_000, 20_000)
    expect((await verdictOf(figures)).verdict).toBe('not-decided')
    expect((await verdictOf(figures)).missing).toEqual(['the energy use, equivalent'])
    expect((await verdictOf(figures, calorific)).verdict).toBe('passes')
  })

  it('is what a year will be that is not over, and one that the scheme does not judge', async () => {
    const later = await verdictOf({ ...totals(250_000, 20_000), year: 2026 }, calorific)
    expect([later.verdict, codesOf(later).includes('verdict.year-not-over')]).toEqual(['not-decided', true])
    const before = await verdictOf({ ...totals(250_000, 20_000), year: 2024 }, calorific)
    expect([before.verdict, codesOf(before).includes('verdict.not-in-force')]).toEqual(['not-decided', true])
  })

  it('is told of the guiding indicators, which veto nothing', async () => {
    const guiding = {
      'clean-energy': { part: { amount: 228, unit: 'GWh' }, whole: { amount: 250_000, unit: 'MWh' } },
      'product-energy': { value: 3, unit: 'level' },
      'solid-waste': { value: '0.8', unit: '1' },
      'water-reuse': { leftOut: 'no water is used' },
    }
    const output = await verdictOf({ ...totals(250_000, 20_000), guiding }, calorific)
    expect(output.verdict).toBe('passes')
    expect(output.guiding.map(({ id, value, result }) => [id, value, result])).toEqual([
      ['clean-energy', '91.2', 'meets'],
      ['product-energy', '3', 'misses'],
      ['solid-waste', '80', 'meets'],
      ['waste-heat', null, 'not-known'],
      ['water-reuse', null, 'left-out'],
    ])
  })

  it('is whether rounding may be used: it may not', async () => {
    const { output } = await onlyReading(250_000, 52_000)
    expect([output.verdict, codesOf(output).includes('verdict.rounding-decides')]).toEqual(['fails', false])
    const { output: near } = await onlyReading(250_000, 50_100)
    expect([near.verdict, codesOf(near).includes('verdict.rounding-decides')]).toEqual(['fails', true])
  })
})

describe('figures of a file', () => {
  const file = (more: string) => `year: 2025
organisation: Park company
energy: { totals: { calorific: { amount: 250000, unit: tce } } }
emissions:
  total: { amount: 55000, unit: ${more}, greenPower: none }
`
  const read = (text: string, more: object = {}) =>
    verdictOf(undefined, { figuresFile: 'park.yaml', ...calorific, ...more }, { 'park.yaml': text })

  it('are read, and what is wrong with them is told with file and line', async () => {
    expect((await read(file('tCO2'))).verdict).toBe('fails')
    await expect(read(file('tCO2e'))).rejects.toThrow(/^park.yaml:5 emissions.total.unit: .*\[carbon.basis-mismatch\]/)
    await expect(read(file('tCO2').replace('tce', 'CNY'))).rejects.toThrow(/^park.yaml:3 .*\[carbon.unit-mismatch\]/)
    await expect(read(file('[]'))).rejects.toThrow(/^park.yaml:5 .*\[carbon.bad-figures\]/)
  })

  it('have to be of the year that is asked for, and come once', async () => {
    await expect(read(file('tCO2'), { year: 2024 })).rejects.toThrow(/park.yaml:1 year: .*another year/)
    await expect(read(file('tCO2'), { figures: totals(1, 1) })).rejects.toThrow(/given twice/)
    await expect(verdictOf(undefined)).rejects.toThrow(/No figures/)
  })
})

it('says that the rules were known second-hand', async () => {
  const { output } = await onlyReading(250_000, 55_000)
  expect(output.verify.map(({ what }) => what)).toEqual([
    'the scheme cn-ndrc-2025-910',
    'how green power counts',
    'how electricity counts in the energy use',
  ])
})

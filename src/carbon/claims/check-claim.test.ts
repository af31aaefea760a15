import fc from 'fast-check'
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { checkClaimEngine } from './check-claim.ts'
import { describeClaim } from './describe-claim.ts'
import { electricityFamilies } from './families.ts'
import { type ClaimInput, type ClaimOutput, ClaimOutputSchema } from './schema.ts'

const check = (input: ClaimInput): Promise<ClaimOutput> => checkClaimEngine.run(input, {} as never)
const jiangsu = { region: 'CN-JS', year: 2025 }
const standingsOf = ({ quotients }: ClaimOutput) =>
  Object.fromEntries(quotients.map(({ id, standing }) => [id, standing]))

describe('a claim', () => {
  it('that fits the factor of its place and year is consistent', async () => {
    // 6.2 GWh by 0.5827 kg/kWh: MEE and NBS, announcement 2025 No. 47, Jiangsu.
    const found = await check({
      ...jiangsu,
      text: 'The 5.8 MW solar roof gives 6.20 GWh a year and avoids 3,613 t of CO2 a year.',
    })
    expect(found.verdict).toBe('consistent')
    expect(standingsOf(found)).toEqual({ yield: 'usual', 'emissions-per-energy': 'explained' })
    expect(found.quotients[1]?.matches[0]?.factors[0]).toMatchObject({ id: 'grid-cn/CN-JS.2023', value: '0.5827' })
    expect(found.faults).toEqual([])
    expect(describeClaim(found)).toMatch(/^Verdict: consistent:/)
  })

  it('that the conversion of the press explains says so, by name', async () => {
    const found = await check({
      ...jiangsu,
      text: '光伏装机容量5.8兆瓦，年发电量620万千瓦时，每年可节约标准煤2480吨，减少二氧化碳排放6180吨。',
    })
    expect(found.verdict).toBe('consistent if')
    expect(found.conditions.join()).toContain('without an official source')
    expect(found.quotients.find(({ id }) => id === 'emissions-per-energy')?.matches[0]?.value).toBe(0.997)
  })

  it('of which the CO2 is of the grid and the coal of coal plants is told that its bases are unlike', async () => {
    const found = await check({
      region: 'CN',
      year: 2025,
      text: '年发电量620万千瓦时，节约标准煤1870吨，年减排二氧化碳3290吨',
    })
    expect(found.verdict).toBe('consistent if')
    expect(found.faults.map(({ code }) => code)).toContain('mixed-bases')
  })

  it.each([
    ['more sun than there is', 'A 5 MW solar park gives 60 GWh per year', 'unit'],
    ['more hours than a year has', 'A 2 MW wind turbine gives 20 GWh per year', undefined],
    ['more than the worst fuel emits', 'It saves 1,000 kWh and 5,000 kg of CO2 a year', undefined],
    ['more power than falls on the roof', 'A solar roof of 1,000 m2 with 2 MW', 'unit'],
  ])('of %s is impossible', async (_, text, code) => {
    const found = await check({ text, region: 'CN', year: 2025 })
    expect(found.verdict).toBe('impossible')
    if (code) expect(found.faults.map((fault) => fault.code)).toContain(code)
  })

  it.each([
    ['kilograms for tonnes', 'It gives 6.2 million kWh a year and saves 3,290 kg of CO2 a year', 'unit'],
    [
      'a running total beside another number of years',
      'Over 3 years it gave 12 GWh in total; it gives 2 GWh a year',
      'period',
    ],
    [
      'one figure for several measures',
      'PV, storage and charging piles avoid 12,000 tons of carbon emissions every year',
      'not-itemised',
    ],
    ['no time', 'It saves 5,200 t of CO2', 'no-period'],
  ])('with %s is told so, and is not called consistent', async (_, text, code) => {
    const found = await check({ text, region: 'CN', year: 2025 })
    expect(found.faults.map((fault) => fault.code)).toContain(code)
    expect(found.verdict).not.toBe('consistent')
  })

  it('without a place is never consistent without a condition', async () => {
    const found = await check({ text: 'The roof gives 6.20 GWh a year and avoids 3,290 t of CO2 a year' })
    expect(found.verdict).toBe('consistent if')
    expect(found.faults.map(({ code }) => code)).toContain('no-place')
  })

  it('that only upstream emissions explain has a fault of boundary', async () => {
    // China by Ember, lifecycle, 2024: 557.5 g CO2e/kWh (carbon.md, 2: lifecycle and direct are mixed up).
    const found = await check({
      region: 'CN',
      year: 2026,
      text: 'It gives 100.0 GWh a year and saves 55,750 t CO2e a year',
    })
    const match = found.quotients[0]?.matches.find(({ assumptions }) => assumptions.includes('with-upstream'))
    expect(match?.value).toBeCloseTo(0.5575, 6)
    expect(found.faults.map(({ code }) => code)).toContain('boundary')
  })

  it('of a modal shift has a family of distances, not one number', async () => {
    const text = 'Moving 100,000 tonnes of cargo a year from road to rail cuts CO2 emissions by 4,500 tonnes a year.'
    const free = await check({ text, region: 'CN', year: 2025 })
    expect(free.verdict).toBe('consistent if')
    expect(free.shift.length).toBeGreaterThan(5)
    // d = e / (s · (EF from − EF to)), articulated lorries and rail of DEFRA 2025: 45 / (0.078 − 0.02779) = 896 km.
    const lorries = free.shift.find(({ family }) => family.factors[0]?.id === 'transport/GB.hgv-artic')
    expect((lorries!.distanceKm.low + lorries!.distanceKm.high) / 2).toBeCloseTo(896.2, -1)
    const far = await check({ text: `${text} The way is 2,000 km.`, region: 'CN', year: 2025 })
    expect(far.shift.every(({ share }) => share !== undefined && share.high < 1)).toBe(true)
    const near = await check({ text: `${text} The way is 50 km.`, region: 'CN', year: 2025 })
    expect(near.verdict).toBe('not explained')
  })

  it('may be given as numbers', async () => {
    const found = await check({
      ...jiangsu,
      stated: [
        { role: 'energy', value: '6.20', scale: 1e6, period: 'year' },
        { role: 'emissions', value: '3613', scale: 1000, period: 'year', gas: 'CO2' },
      ],
    })
    expect(found.verdict).toBe('consistent')
  })

  it.each([
    ['no number', { text: 'We are very green.' }],
    ['numbers of nothing', { text: 'We have 12 tonnes of gate' }],
    ['a zero', { text: 'It saves 0 t of CO2 a year' }],
    ['nothing at all', {}],
  ])('with %s is refused', async (_, input) => {
    await expect(check(input)).rejects.toMatchObject({ code: 'carbon.bad-claim' })
  })

  it('that was made with a factor is never called unexplained or impossible, and off by a thousand never consistent (law)', async () => {
    const families = electricityFamilies({ region: 'CN-JS', year: 2025 }, 'CO2')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...families),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        async ({ value }, gwh) => {
          const energy = Number((gwh * 1e6).toPrecision(4))
          const print = (kg: number): string => Number(kg.toPrecision(4)).toFixed(0)
          const stated = (kg: number): NonNullable<ClaimInput['stated']> => [
            { role: 'energy', value: energy.toFixed(0), period: 'year' },
            { role: 'emissions', value: print(kg), period: 'year', gas: 'CO2' },
          ]
          const honest = await check({ ...jiangsu, stated: stated(energy * value) })
          expect(['consistent', 'consistent if']).toContain(honest.verdict)
          expect(Check(ClaimOutputSchema, honest)).toBe(true)
          const slipped = await check({ ...jiangsu, stated: stated(energy * value * 1000) })
          expect(['not explained', 'impossible']).toContain(slipped.verdict)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is checked within 200 ms', { retry: 3 }, async () => {
    const text = 'The 5.8 MW solar roof gives 6.20 GWh a year and avoids 3,613 t of CO2 a year. '.repeat(20)
    await check({ text, ...jiangsu })
    const began = performance.now()
    await check({ text, ...jiangsu })
    expect(performance.now() - began).toBeLessThan(200)
  })
})

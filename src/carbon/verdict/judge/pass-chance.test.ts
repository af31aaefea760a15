import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { Decimal } from '../../quantity/index.ts'
import type { Term } from '../count/index.ts'
import { shippedSchemes } from '../schemes/index.ts'
import { codesOf, totals, verdictOf } from '../verdict.fixture.ts'
import { normalShare } from './normal-share.ts'
import { passChance } from './pass-chance.ts'

const { bands } = shippedSchemes()[0]!
const term = (value: number, ...sources: readonly (readonly [key: string, relative: number])[]): Term => ({
  id: String(value),
  value: new Decimal(value),
  sources: sources.map(([key, relative]) => ({ key, relative, of: key })),
})
const chanceOf = (emissions: readonly Term[], energy: readonly Term[], seed = 7) =>
  passChance(emissions, energy, bands, seededRandom(seed), 20_000)

it.each([
  [0, 0.5],
  [1.959963984540054, 0.975],
  [-3.090232306167813, 0.001],
  [5, 0.9999997133484281],
])('share below %d of the normal distribution is %d', (z, expected) => {
  expect(normalShare(z)).toBeCloseTo(expected, 12)
})

describe('the chance to pass', () => {
  it('is one half on the limit, and follows the normal distribution beside it', () => {
    expect(chanceOf([term(50_000, ['e', 0.1])], [term(250_000)]).analytic).toBeCloseTo(0.5, 12)
    // 5 % above the limit with ±10 % of 52,500 t: z = −2,500 / (5,250 / 1.96).
    const { analytic } = chanceOf([term(52_500, ['e', 0.1])], [term(250_000)])
    expect(analytic).toBeCloseTo(normalShare(-2500 / (5250 / 1.959963984540054)), 12)
  })

  it.each([
    ['emissions alone', [term(48_000, ['e', 0.1])], [term(250_000)]],
    ['both, apart', [term(48_000, ['e', 0.1])], [term(250_000, ['d', 0.08])]],
    ['both of one meter', [term(30_000, ['m', 0.1]), term(19_000, ['g', 0.05])], [term(250_000, ['m', 0.1])]],
    [
      'one factor in two rows',
      [term(20_000, ['a', 0.03], ['f', 0.15]), term(31_000, ['b', 0.03], ['f', 0.15])],
      [term(250_000)],
    ],
    ['the begin of the scheme', [term(38_000, ['e', 0.1])], [term(201_000, ['d', 0.05])]],
    ['two bands', [term(230_000, ['e', 0.1])], [term(1_000_000, ['d', 0.06])]],
    ['a large error', [term(50_000, ['e', 0.5])], [term(250_000, ['d', 0.2])]],
  ])('agrees with the draws within 1.5 %: %s', (_, emissions, energy) => {
    const chance = chanceOf(emissions, energy)
    expect(Math.abs(chance.analytic - chance.drawn)).toBeLessThan(0.015)
    expect(chanceOf(emissions, energy)).toEqual(chance)
  })

  it('is surer where the same meter stands above and below the line', () => {
    const apart = chanceOf([term(48_000, ['e', 0.1])], [term(250_000, ['d', 0.1])])
    const same = chanceOf([term(48_000, ['m', 0.1])], [term(250_000, ['m', 0.1])])
    expect(apart.analytic).toBeLessThan(0.75)
    expect(Math.min(same.analytic, same.drawn)).toBeGreaterThan(0.999)
  })

  it('is worse where two rows take one factor', () => {
    const rows = (one: string, other: string) => [term(24_000, [one, 0.1]), term(24_000, [other, 0.1])]
    const apart = chanceOf(rows('f', 'g'), [term(250_000)])
    const same = chanceOf(rows('f', 'f'), [term(250_000)])
    expect(apart.analytic).toBeGreaterThan(same.analytic + 0.05)
  })

  it('tells how often the park lies outside of the scheme', () => {
    const { outside, analytic } = chanceOf([term(1)], [term(200_000, ['d', 0.05])])
    expect(outside).toBeCloseTo(0.5, 1)
    expect(analytic).toBeCloseTo(0.5, 3)
  })
})

describe('in a verdict', () => {
  const known = { relative: 0.03 }
  const figures = totals(250_000, 49_500)
  const uncertain = {
    ...figures,
    energy: { totals: { calorific: { ...figures.energy.totals!.calorific!, ...known } } },
    emissions: { total: { ...figures.emissions.total!, ...known } },
  }

  it('stands where all errors are known, and says that it is close', async () => {
    const output = await verdictOf(uncertain, { coal: 'calorific' })
    const { chance } = output.readings[0]!
    expect([output.verdict, codesOf(output).includes('verdict.close')]).toEqual(['passes', true])
    expect(chance!.analytic).toBeGreaterThan(0.6)
    expect(chance!.analytic).toBeLessThan(0.7)
    expect(chance!.interval.low).toBeLessThan(0.198)
    expect(chance!.interval.high).toBeGreaterThan(0.198)
  })

  it('is not told where an error is not known, unless one is assumed, which is said', async () => {
    const bare = await verdictOf(figures, { coal: 'calorific' })
    expect([bare.readings[0]!.chance, codesOf(bare).includes('verdict.uncertainty-missing')]).toEqual([null, true])
    const assumed = await verdictOf({ ...figures, assumeRelative: 0.03 }, { coal: 'calorific' })
    expect(assumed.readings[0]!.chance).not.toBe(null)
    expect(codesOf(assumed)).toContain('verdict.uncertainty-assumed')
  })
})

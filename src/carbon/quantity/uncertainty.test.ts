import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { normalQuantile, productUncertainty, qualityScore, simulate, sumUncertainty, totalQuality } from './index.ts'

describe('uncertainty', () => {
  it('of a product is the root of the sum of squares: 5 % and 3 % give 5.83 % (IPCC 2006 Eq. 3.1)', () => {
    expect(productUncertainty([0.05, 0.03])).toBeCloseTo(Math.sqrt(0.0034), 12)
  })

  it('of a sum weighs by size: 100 ± 10 % and 200 ± 5 % give 300 ± 14.14 (IPCC 2006 Eq. 3.2)', () => {
    const { value, halfWidth, relative } = sumUncertainty([
      { value: 100, relative: 0.1 },
      { value: 200, relative: 0.05 },
    ])
    expect([value, halfWidth, relative]).toEqual([300, Math.sqrt(200), Math.sqrt(200) / 300])
  })

  it('adds up where terms err together, and takes away where one is subtracted', () => {
    const terms = (sign: number) => [
      { value: 100, relative: 0.1, group: 'grid' },
      { value: sign * 200, relative: 0.1, group: 'grid' },
    ]
    expect(sumUncertainty(terms(1)).halfWidth).toBeCloseTo(30, 12)
    expect(sumUncertainty(terms(-1)).halfWidth).toBeCloseTo(10, 12)
    expect(sumUncertainty([]).relative).toBe(null)
  })

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (relative) => {
    expect(() => sumUncertainty([{ value: 1, relative }])).toThrow(/carbon.bad-uncertainty/)
  })
})

describe('drawing a total', () => {
  const park = [
    { value: 100, factors: [{ kind: 'normal', relative: 0.1 } as const, { kind: 'normal', relative: 0.05 } as const] },
    { value: 200, factors: [{ kind: 'normal', relative: 0.05, group: 'grid' } as const] },
    { value: 50, factors: [{ kind: 'normal', relative: 0.05, group: 'grid' } as const] },
  ]

  it('agrees with the analytic interval within 2 % and is the same for the same seed', () => {
    const drawn = simulate(park, seededRandom(7), { draws: 40_000, limit: 360 })
    const half = sumUncertainty([
      { value: 100, relative: productUncertainty([0.1, 0.05]) },
      { value: 200, relative: 0.05, group: 'grid' },
      { value: 50, relative: 0.05, group: 'grid' },
    ]).halfWidth
    expect(1.96 * drawn.standardDeviation).toBeGreaterThan(0.98 * half)
    expect(1.96 * drawn.standardDeviation).toBeLessThan(1.02 * half)
    expect(drawn.probabilityWithin).toBeGreaterThan(0.85)
    expect(simulate(park, seededRandom(7), { draws: 500 })).toEqual(simulate(park, seededRandom(7), { draws: 500 }))
  })

  it('keeps the mean of a lognormal factor and its sign', () => {
    const drawn = simulate([{ value: 10, factors: [{ kind: 'lognormal', relative: 1 }] }], seededRandom(3), {
      draws: 40_000,
    })
    expect(drawn.mean).toBeGreaterThan(9.9)
    expect(drawn.mean).toBeLessThan(10.1)
    expect(drawn.quantiles[0]).toBeGreaterThan(0)
  })

  it('keeps within the ends of triangular and uniform ones', () => {
    const drawn = simulate(
      [
        {
          value: 1,
          factors: [
            { kind: 'triangular', low: 0.8, high: 1.3 },
            { kind: 'uniform', low: 1, high: 1 },
          ],
        },
      ],
      seededRandom(5),
    )
    expect(drawn.quantiles[0]).toBeGreaterThan(0.8)
    expect(drawn.quantiles[2]).toBeLessThan(1.3)
    expect(drawn.mean).toBeCloseTo((0.8 + 1 + 1.3) / 3, 2)
    const wrong = [{ value: 1, factors: [{ kind: 'triangular', low: 1.1, high: 1.3 } as const] }]
    expect(() => simulate(wrong, seededRandom(1))).toThrow(/carbon.bad-uncertainty/)
  })

  it.each([
    [0.975, 1.959963984540054],
    [0.5, 0],
    [0.001, -3.090232306167813],
  ])('quantile %d of the normal distribution is %d', (share, expected) => {
    expect(normalQuantile(share)).toBeCloseTo(expected, 7)
  })
})

describe('the quality of data', () => {
  it('is weighted by emissions, and tells what was not scored', () => {
    const good = qualityScore({ technology: 1, time: 1, geography: 2, completeness: 1, reliability: 1 })
    expect(good).toBeCloseTo(1.2, 12)
    expect(totalQuality([{ value: 75, score: 1.2 }, { value: -25, score: 4 }, { value: 100 }])).toEqual({
      score: expect.closeTo(1.9, 12),
      scoredShare: 0.5,
    })
    expect(totalQuality([{ value: 3 }]).score).toBe(null)
    expect(() => qualityScore({ technology: 0, time: 1, geography: 2, completeness: 1, reliability: 1 })).toThrow(
      /technology/,
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { normalOf } from '../made-load.fixture.ts'
import { combine, type Judged, learnCombination } from './combine.ts'

/** Days of 24 steps; member `m` errs by normal noise of `sizes[m]`. */
function pastOf(sizes: readonly number[], seed: number): readonly Judged[] {
  const random = seededRandom(seed)
  return Array.from({ length: 20 }, () => {
    const actual = Float64Array.from({ length: 24 }, () => 100 + 20 * random.next())
    return {
      actual,
      forecast: { points: sizes.map((size) => actual.map((value) => value + size * normalOf(random))), spreads: [] },
    }
  })
}

describe('combination of members', () => {
  it('has weights that are not negative and together 1', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 5 }),
        fc.nat(1000),
        async (sizes, seed) => {
          const { weights } = await learnCombination(pastOf(sizes, seed), [0.5])
          expect(weights).toHaveLength(sizes.length)
          for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0)
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('trusts the member that errs least, most', async () => {
    const { weights } = await learnCombination(pastOf([1, 10, 10], 3), [0.5])
    expect(weights[0]).toBeGreaterThan(0.9)
  })

  it('errs less than the better of two whose errors are of their own', async () => {
    const past = pastOf([5, 5], 8)
    const combination = await learnCombination(past, [0.5])
    const error = (of: (judged: Judged) => Float64Array): number =>
      past.reduce((sum, own) => sum + of(own).reduce((all, value, k) => all + Math.abs(value - own.actual[k]!), 0), 0)
    const alone = Math.min(...[0, 1].map((m) => error(({ forecast }) => forecast.points[m]!)))
    expect(error(({ forecast }) => combine(forecast, combination).median)).toBeLessThan(0.85 * alone)
  })

  it('does not care for the unit', async () => {
    const past = pastOf([2, 5, 9], 4)
    const scaled = past.map(({ actual, forecast }) => ({
      actual: actual.map((value) => 1000 * value),
      forecast: { points: forecast.points.map((own) => own.map((value) => 1000 * value)), spreads: [] },
    }))
    const [own, other] = [await learnCombination(past, [0.5]), await learnCombination(scaled, [0.5])]
    own.weights.forEach((weight, m) => {
      expect(other.weights[m]).toBeCloseTo(weight, 6)
    })
  })

  it('weighs all alike when nothing is known', async () => {
    const actual = new Float64Array(3).fill(Number.NaN)
    const points = [actual.map(() => 1), actual.map(() => 2)]
    const { weights } = await learnCombination([{ actual, forecast: { points, spreads: [] } }], [0.5])
    expect(weights).toEqual([0.5, 0.5])
  })
})
